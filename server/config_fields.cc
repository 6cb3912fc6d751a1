// The fields of Config, each with its parser and its bounds; see config_fields.h.
#include "server/config_fields.h"

#include <arpa/inet.h>

#include <array>
#include <charconv>
#include <limits>

#include "base/bytes.h"
#include "base/json_writer.h"
#include "fmt/format.h"

namespace mishap {
namespace {

using Check = Status (*)(std::string_view);

std::string Quoted(std::string_view text) {
  std::string out;
  AppendJsonString(out, text);  // a JSON string is a TOML basic string
  return out;
}

Status CheckListen(std::string_view text) {
  auto parsed = ParseHostPort(text);
  return parsed ? Status() : Fail(parsed.error());
}

Status CheckAdminListen(std::string_view text) {
  return text == "auto" ? Status() : CheckListen(text);
}

Status CheckGrpcListen(std::string_view text) {
  return text == "auto" || text == "off" ? Status() : CheckListen(text);
}

Status CheckPublicUrl(std::string_view text) {
  if (text.empty() || ((text.starts_with("http://") || text.starts_with("https://")) &&
                       text.find_first_of(" ?#") == std::string_view::npos)) {
    return {};
  }
  return Fail(Reason::kInvalidArgument,
              fmt::format("'{}' is not a URL that clients can reach; example: "
                          "https://errors.example.com",
                          text));
}

Status CheckDatabaseUrl(std::string_view text) {
  if (text.empty() || text.starts_with("postgres://") || text.starts_with("postgresql://") ||
      text.find('=') != std::string_view::npos) {
    return {};
  }
  return Fail(Reason::kInvalidArgument,
              "not a PostgreSQL URL; example: postgresql://mishap@db.example.com/mishap");
}

Status CheckDirectory(std::string_view text) {
  return text.empty() ? Status(Fail(Reason::kInvalidArgument, "must not be empty")) : Status();
}

Status CheckCidr(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::string address(text.substr(0, slash));
  std::array<unsigned char, 16> bytes{};
  const bool v4 = inet_pton(AF_INET, address.c_str(), bytes.data()) == 1;
  const bool v6 = !v4 && inet_pton(AF_INET6, address.c_str(), bytes.data()) == 1;
  int bits = 0;
  if (slash != std::string_view::npos) {
    const std::string_view length = text.substr(slash + 1);
    const auto [end, error] = std::from_chars(length.data(), length.data() + length.size(), bits);
    if (error != std::errc() || end != length.data() + length.size()) bits = -1;
  }
  if ((v4 && bits >= 0 && bits <= 32) || (v6 && bits >= 0 && bits <= 128)) return {};
  return Fail(Reason::kInvalidArgument,
              fmt::format("'{}' is not an address range; example: 10.0.0.0/8", text));
}

// A whole number, optionally with KiB, MiB or GiB.
Result<std::int64_t> ParseNumber(std::string_view text, std::int64_t least, std::int64_t most) {
  std::int64_t value = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, value);
  const std::string_view unit =
      TrimAscii(std::string_view(end, static_cast<std::size_t>(last - end)));
  int shift = 0;
  if (unit == "KiB") shift = 10;
  if (unit == "MiB") shift = 20;
  if (unit == "GiB") shift = 30;
  if (error != std::errc() || (!unit.empty() && shift == 0)) {
    return Fail(Reason::kInvalidArgument,
                fmt::format("'{}' is not a whole number (sizes may end in KiB, MiB or GiB)", text));
  }
  if (value < 0 || value > (std::numeric_limits<std::int64_t>::max() >> shift)) value = -1;
  if (value >= 0) value <<= shift;
  if (value < least || value > most) {
    return Fail(Reason::kInvalidArgument, fmt::format("{} is outside {} to {}", text, least, most));
  }
  return value;
}

template <class Section>
ConfigField Text(std::string_view key, Section Config::*section, std::string Section::*member,
                 Check check, std::string_view help) {
  ConfigField field{key, help, false, {}, {}};
  field.set = [=](Config& config, std::string_view text) -> Status {
    if (auto ok = check(text); !ok) return ok;
    (config.*section).*member = std::string(text);
    return {};
  };
  field.show = [=](const Config& config) { return Quoted((config.*section).*member); };
  return field;
}

template <class Section, class Number>
ConfigField Numeric(std::string_view key, Section Config::*section, Number Section::*member,
                    std::int64_t least, std::int64_t most, std::string_view help) {
  ConfigField field{key, help, false, {}, {}};
  field.set = [=](Config& config, std::string_view text) -> Status {
    auto value = ParseNumber(text, least, most);
    if (!value) return Fail(value.error());
    (config.*section).*member = static_cast<Number>(*value);
    return {};
  };
  field.show = [=](const Config& config) { return fmt::format("{}", (config.*section).*member); };
  return field;
}

ConfigField LevelField() {
  constexpr std::array<std::string_view, 4> kNames = {"debug", "info", "warning", "error"};
  ConfigField field{"log.level", "debug, info, warning or error", false, {}, {}};
  field.set = [=](Config& config, std::string_view text) -> Status {
    for (std::size_t i = 0; i < kNames.size(); ++i) {
      if (text != kNames[i]) continue;
      config.log.level = static_cast<LogLevel>(i);
      return {};
    }
    return Fail(Reason::kInvalidArgument,
                fmt::format("'{}' is none of debug, info, warning, error", text));
  };
  field.show = [=](const Config& config) {
    return Quoted(kNames[static_cast<std::size_t>(config.log.level)]);
  };
  return field;
}

ConfigField ProxiesField() {
  ConfigField field{"server.trusted_proxies",
                    "address ranges whose X-Forwarded-For is believed, e.g. [\"10.0.0.0/8\"]",
                    false,
                    {},
                    {}};
  field.set = [](Config& config, std::string_view text) -> Status {
    std::vector<std::string> ranges;
    while (!text.empty()) {
      const std::size_t comma = text.find(',');
      const std::string_view range = TrimAscii(text.substr(0, comma));
      if (auto ok = CheckCidr(range); !ok) return ok;
      ranges.emplace_back(range);
      text = comma == std::string_view::npos ? "" : text.substr(comma + 1);
    }
    config.server.trusted_proxies = std::move(ranges);
    return {};
  };
  field.show = [](const Config& config) {
    std::string list;
    for (const std::string& range : config.server.trusted_proxies) {
      list += (list.empty() ? "" : ", ") + Quoted(range);
    }
    return "[" + list + "]";
  };
  return field;
}

constexpr std::int64_t kByteMost = 1ll << 50;

std::vector<ConfigField> ServerFields() {
  using S = ServerConfig;
  return {
      Text("server.listen", &Config::server, &S::listen, CheckListen,
           "HOST:PORT for clients and API; port 0 = any free one"),
      Text("server.public_url", &Config::server, &S::public_url, CheckPublicUrl,
           "how clients reach this server; in every DSN and link (default: the bound address)"),
      Text("server.data_dir", &Config::server, &S::data_dir, CheckDirectory,
           "spool, snapshots and the private PostgreSQL live here"),
      Text("server.admin_listen", &Config::server, &S::admin_listen, CheckAdminListen,
           "HOST:PORT of /metrics and /healthz; auto = 127.0.0.1:9321 (keep it on loopback)"),
      Numeric("server.io_threads", &Config::server, &S::io_threads, 1, 64,
              "threads that serve sockets"),
      Numeric("server.drain_seconds", &Config::server, &S::drain_seconds, 0, 600,
              "how long a shutdown waits for requests in flight"),
      ProxiesField(),
  };
}

std::vector<ConfigField> GrpcFields() {
  using G = GrpcConfig;
  return {
      Text("grpc.listen", &Config::grpc, &G::listen, CheckGrpcListen,
           "HOST:PORT for gRPC; auto = 127.0.0.1:9002, off = none (no TLS: keep it on loopback, a "
           "proxy in front)"),
      Numeric("grpc.connections_max", &Config::grpc, &G::connections_max, 1, 1'000'000,
              "open gRPC connections; above: refused"),
      Numeric("grpc.message_bytes_max", &Config::grpc, &G::message_bytes_max, 1 << 10, 200 << 20,
              "one gRPC message; above: RESOURCE_EXHAUSTED"),
      Numeric("grpc.in_flight_bytes_max", &Config::grpc, &G::in_flight_bytes_max, 1 << 20,
              kByteMost, "gRPC messages of all connections; above: UNAVAILABLE"),
  };
}

std::vector<ConfigField> DatabaseFields() {
  ConfigField url = Text("database.url", &Config::database, &DatabaseConfig::url, CheckDatabaseUrl,
                         "PostgreSQL 15 or newer; empty = a private one in the data directory");
  url.secret = true;
  return {std::move(url), Numeric("retention.days", &Config::retention, &RetentionConfig::days, 1,
                                  3650, "days that events are kept")};
}

std::vector<ConfigField> SpoolFields() {
  using S = SpoolOptions;
  return {
      Numeric("spool.segment_bytes", &Config::spool, &S::segment_bytes, 1 << 20, 4ll << 30,
              "size of one file of the log"),
      Numeric("spool.spool_bytes_max", &Config::spool, &S::spool_bytes_max, 1 << 20, kByteMost,
              "what may wait for the database; above: 503"),
      Numeric("spool.pending_bytes_max", &Config::spool, &S::pending_bytes_max, 1 << 20, kByteMost,
              "what may wait for the disk; above: 503"),
      Numeric("spool.free_bytes_min", &Config::spool, &S::free_bytes_min, 0, kByteMost,
              "free disk space that is left alone; below: 503"),
  };
}

std::vector<ConfigField> WorkFields() {
  using L = LimitsConfig;
  return {
      Numeric("digest.workers", &Config::digest, &DigestConfig::workers, 1, 64,
              "threads that decode and group"),
      Numeric("digest.new_issues_burst", &Config::digest, &DigestConfig::new_issues_burst, 1,
              1'000'000'000, "issues a project may open at once; above: one issue for all"),
      Numeric("digest.new_issues_per_minute", &Config::digest, &DigestConfig::new_issues_per_minute,
              0, 1'000'000'000, "and then per minute"),
      Numeric("limits.connections_max", &Config::limits, &L::connections_max, 1, 1'000'000,
              "open client connections; above: refused"),
      Numeric("limits.in_flight_bytes_max", &Config::limits, &L::in_flight_bytes_max, 1 << 20,
              kByteMost, "request bodies of all connections; above: 503"),
      Numeric("limits.ingest_workers", &Config::limits, &L::ingest_workers, 0, 64,
              "threads that decode at the door; 0 = number of cores"),
      Numeric("limits.ingest_queue_max", &Config::limits, &L::ingest_queue_max, 1, 1'000'000,
              "requests that may wait for one of them; above: 503"),
      LevelField(),
  };
}

}  // namespace

const std::vector<ConfigField>& ConfigFields() {
  static const std::vector<ConfigField> kFields = [] {
    std::vector<ConfigField> all;
    for (auto part :
         {ServerFields(), GrpcFields(), DatabaseFields(), SpoolFields(), WorkFields()}) {
      all.insert(all.end(), part.begin(), part.end());
    }
    return all;
  }();
  return kFields;
}

}  // namespace mishap
