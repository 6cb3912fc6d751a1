// Structured log lines: one JSON object a line on standard error. Nothing per item above debug; no
// secrets (fields named like credentials are masked here, once, for everybody).
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

namespace mishap {

enum class LogLevel { kDebug, kInfo, kWarning, kError };

struct LogField {
  std::string_view name;
  std::variant<std::int64_t, double, bool, std::string> value;

  LogField(std::string_view n, const char* v) : name(n), value(std::string(v)) {}
  LogField(std::string_view n, std::string_view v) : name(n), value(std::string(v)) {}
  LogField(std::string_view n, std::string v) : name(n), value(std::move(v)) {}
  LogField(std::string_view n, bool v) : name(n), value(v) {}
  LogField(std::string_view n, double v) : name(n), value(v) {}
  LogField(std::string_view n, std::int64_t v) : name(n), value(v) {}
  LogField(std::string_view n, std::uint64_t v) : name(n), value(static_cast<std::int64_t>(v)) {}
  LogField(std::string_view n, int v) : name(n), value(std::int64_t{v}) {}
};

// event: a stable snake_case name, e.g. "spool_recovered". The name is the location.
void Log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields = {});
void SetLogLevel(LogLevel lowest);  // lines below it are dropped; default kInfo

}  // namespace mishap
