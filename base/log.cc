#include "base/log.h"

#include <unistd.h>

#include <atomic>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/json_writer.h"

namespace mishap {
namespace {

std::atomic<LogLevel> lowest_level{LogLevel::kInfo};

std::string_view LevelName(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarning:
      return "warning";
    case LogLevel::kError:
      return "error";
  }
  return "error";
}

bool IsSecretName(std::string_view name) {
  std::string lower = ToLowerAscii(name);
  for (std::string_view word : {"authorization", "cookie", "password", "token", "secret"}) {
    if (lower.find(word) != std::string::npos) return true;
  }
  return false;
}

struct WriteValue {
  JsonWriter& json;
  void operator()(std::int64_t v) const { json.Int(v); }
  void operator()(double v) const { json.Double(v); }
  void operator()(bool v) const { json.Bool(v); }
  void operator()(const std::string& v) const { json.String(v); }
};

}  // namespace

void SetLogLevel(LogLevel lowest) {
  lowest_level = lowest;
}

void Log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
  if (level < lowest_level.load(std::memory_order_relaxed)) return;
  std::string line;
  JsonWriter json(line);
  json.BeginObject();
  json.Field("ts", SystemClock().Now()).Field("level", LevelName(level)).Field("event", event);
  for (const LogField& field : fields) {
    json.Key(field.name);
    if (IsSecretName(field.name)) {
      json.String("[masked]");
    } else {
      std::visit(WriteValue{json}, field.value);
    }
  }
  json.EndObject();
  line.push_back('\n');
  // One write a line, so that lines of several threads never mix. A full or closed stderr must not
  // stop the server.
  [[maybe_unused]] ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace mishap
