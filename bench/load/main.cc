// mishap_load: sends synthetic events to a Mishap server and prints what happened as one JSON
// object. usage: mishap_load --dsn DSN [--count N] [--rate R] [--connections C] [--per-request]
// [--seed S] [--first I]
//                    [--issues N] [--users N] [--resend-seconds S] [--ledger FILE]
#include <fmt/format.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <string>

#include "base/json_writer.h"
#include "bench/load/client.h"
#include "event/dsn.h"

namespace {

std::atomic<bool> stop{false};

using mishap::load::LoadOptions;

bool SetNumber(LoadOptions& options, std::string_view flag, const std::string& value) {
  std::uint64_t number = std::strtoull(value.c_str(), nullptr, 10);
  if (flag == "--count") {
    options.count = number;
  } else if (flag == "--rate") {
    options.rate = std::strtod(value.c_str(), nullptr);
  } else if (flag == "--connections") {
    options.connections = static_cast<std::uint32_t>(number);
  } else if (flag == "--seed") {
    options.shape.seed = number;
  } else if (flag == "--first") {
    options.first_index = number;
  } else if (flag == "--issues") {
    options.shape.issues = static_cast<std::uint32_t>(number);
  } else if (flag == "--users") {
    options.shape.users = static_cast<std::uint32_t>(number);
  } else if (flag == "--resend-seconds") {
    options.resend_seconds = std::strtod(value.c_str(), nullptr);
  } else {
    return false;
  }
  return true;
}

bool SetTarget(LoadOptions& options, const std::string& text) {
  auto dsn = mishap::ParseDsn(text);
  if (!dsn) {
    fmt::print(stderr, "mishap_load: --dsn {}: {}\n", text, dsn.error().detail);
    return false;
  }
  std::size_t colon = dsn->host.find(':');
  options.host = dsn->host.substr(0, colon);
  options.port = 80;
  if (colon != std::string::npos) {
    options.port = static_cast<std::uint16_t>(std::atoi(dsn->host.c_str() + colon + 1));
  }
  options.project = dsn->project.value;
  options.public_key = dsn->public_key;
  return true;
}

void PrintReport(const mishap::load::LoadReport& report) {
  std::string out;
  mishap::JsonWriter json(out);
  json.BeginObject();
  json.Field("sent", static_cast<std::int64_t>(report.sent));
  json.Field("acknowledged", static_cast<std::int64_t>(report.acknowledged));
  json.Field("unknown", static_cast<std::int64_t>(report.unknown));
  json.Key("refused").BeginObject();
  for (const auto& [status, count] : report.refused) {
    json.Field(std::to_string(status), static_cast<std::int64_t>(count));
  }
  json.EndObject();
  json.Key("seconds").Double(report.seconds);
  json.Key("ack_p50_ms").Double(report.Percentile(.5));
  json.Key("ack_p99_ms").Double(report.Percentile(.99));
  json.EndObject();
  fmt::print("{}\n", out);
}

}  // namespace

int main(int argc, char** argv) {
  LoadOptions options;
  std::string ledger_path;
  for (int i = 1; i < argc; ++i) {
    std::string flag = argv[i];
    if (flag == "--per-request") {
      options.keep_alive = false;
      continue;
    }
    std::string value = i + 1 < argc ? argv[++i] : "";
    bool ok = true;
    if (flag == "--dsn") {
      ok = SetTarget(options, value);
    } else if (flag == "--ledger") {
      ledger_path = value;
    } else {
      ok = SetNumber(options, flag, value);
    }
    if (!ok) {
      fmt::print(stderr, "mishap_load: cannot use {} {}\n", flag, value);
      return 2;
    }
  }
  if (options.public_key.empty()) {
    fmt::print(stderr, "mishap_load: --dsn is required\n");
    return 2;
  }
  std::signal(SIGTERM, [](int) { stop = true; });
  mishap::load::Ledger ledger(ledger_path);
  PrintReport(mishap::load::RunLoad(options, ledger, stop));
  return 0;
}
