// Config: everything an operator can set, as plain structs with the defaults in the type. Filled
// from a TOML file, then MISHAP_SECTION__KEY variables, then flags; all errors are collected and
// printed at once. Not here: what only code sets.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.h"
#include "base/result.h"
#include "spool/spool.h"

namespace mishap {

struct ServerConfig {
  std::string listen = "127.0.0.1:9000";  // HOST:PORT; port 0 = any free one
  std::string public_url;                 // empty: http:// and the bound address
  std::string data_dir = "/var/lib/mishap";
  // HOST:PORT of /metrics and /healthz. "auto": 127.0.0.1:9321, or any free port when `listen` asks
  // for one.
  std::string admin_listen = "auto";
  std::int64_t io_threads = 1;
  std::int64_t drain_seconds = 10;           // how long a shutdown waits for requests in flight
  std::vector<std::string> trusted_proxies;  // CIDRs whose X-Forwarded-For is believed
};

struct GrpcConfig {
  // HOST:PORT; "auto": 127.0.0.1:9002, or any free port when that is taken; "off": no gRPC.
  std::string listen = "auto";
  std::int64_t connections_max = 12'000;
  std::int64_t message_bytes_max = 16ll << 20;     // one message, as sent
  std::int64_t in_flight_bytes_max = 128ll << 20;  // messages of all connections
};

struct DatabaseConfig {
  std::string url;  // empty: a private PostgreSQL in the data directory. Secret
};

struct RetentionConfig {
  std::int64_t days = 90;
};

struct DigestConfig {
  std::int64_t workers = 1;  // threads that decode and group
  // The burst guard, per project: further new errors share one issue that can be taken apart.
  std::int64_t new_issues_burst = 1'000;
  std::int64_t new_issues_per_minute = 200;
};

struct LimitsConfig {
  std::int64_t connections_max = 12'000;
  std::int64_t in_flight_bytes_max = 256ll << 20;  // request bodies of all connections
  std::int64_t ingest_workers = 0;        // threads that decode at the door; 0 = number of cores
  std::int64_t ingest_queue_max = 2'000;  // requests waiting for one of them
};

struct LogConfig {
  LogLevel level = LogLevel::kInfo;
};

struct Config {
  ServerConfig server;
  GrpcConfig grpc;
  DatabaseConfig database;
  RetentionConfig retention;
  SpoolOptions spool;
  DigestConfig digest;
  LimitsConfig limits;
  LogConfig log;
};

// One value somebody set, before it is understood.
struct Setting {
  std::string key;     // "server.listen"
  std::string text;    // lists: items joined by ','
  std::string source;  // "mishap.toml:12", "MISHAP_SERVER__LISTEN", "--listen"
};

// Reads a TOML file into settings. Errors: not_found, invalid_argument with line and column.
Result<std::vector<Setting>> ReadTomlSettings(const std::string& path);
// MISHAP_SECTION__KEY=value, and MISHAP_SECTION__KEY_FILE=path for secrets that live in files.
// Other MISHAP_ variables without "__" are not settings. Unreadable files are appended to `errors`.
std::vector<Setting> SettingsFromEnvironment(const std::map<std::string, std::string>& environment,
                                             std::vector<std::string>& errors);

// Applies in order (later wins) and checks the whole. Every error is one line that names the
// source, what is wrong and the nearest right key; empty: the config is good.
std::vector<std::string> ApplySettings(const std::vector<Setting>& settings, Config& config);

// The effective config as TOML; secrets are shown as "********".
std::string PrintConfig(const Config& config);

// Every key with its default and meaning, for `mishap config keys` and docs.
struct ConfigKey {
  std::string_view key;
  std::string_view help;
};
std::vector<ConfigKey> ConfigKeys();

// "127.0.0.1:9000" or "[::1]:9000" -> host and port. Errors: invalid_argument.
struct HostPort {
  std::string host;
  std::uint16_t port = 0;

  bool operator==(const HostPort&) const = default;
};
Result<HostPort> ParseHostPort(std::string_view text);

}  // namespace mishap
