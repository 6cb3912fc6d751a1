// Messages: a template and its parameters become the text people read ("user %s" and "user {}").
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "event/raw_json.h"
#include "ingest/normalise_limits.h"
#include "ingest/normalise_parts.h"
#include "ingest/normalise_text.h"

namespace mishap {
namespace {

// A formatted text may be cut; it never needs more than this to be seen as cut.
constexpr std::size_t kFormattedBytesMax = 64 << 10;

std::string ParameterText(std::string_view json) {
  if (json == "null") return "None";
  if (json == "true") return "True";
  if (json == "false") return "False";
  if (!json.empty() && (json[0] == '{' || json[0] == '[')) return std::string(json);
  return JsonScalarText(json);
}

class Parameters {
 public:
  explicit Parameters(const RawJson& params)
      : values_(JsonChildren(params.text)), is_map_(params.text.starts_with('{')) {}

  bool empty() const { return values_.empty(); }
  bool is_map() const { return is_map_; }
  const std::string_view* At(std::size_t index) const {
    return index < values_.size() ? &values_[index].second : nullptr;
  }
  const std::string_view* Named(std::string_view name) const {
    for (const auto& [key, value] : values_) {
      if (key == name) return &value;
    }
    return nullptr;
  }

 private:
  std::vector<std::pair<std::string, std::string_view>> values_;
  bool is_map_;
};

// "%.2f" and "%x" of a number; anything else as plain text. Widths and signs are left out.
std::string PercentText(std::string_view flags, char type, std::string_view json) {
  std::string text = ParameterText(json);
  double number = 0;
  auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) return text;
  char buffer[400];
  char* end = buffer;
  if (type == 'f' || type == 'e' || type == 'g') {
    int precision = 6;
    std::size_t dot = flags.find('.');
    if (dot != std::string_view::npos) {
      std::string_view digits = flags.substr(dot + 1, 2);
      precision = 0;
      std::from_chars(digits.data(), digits.data() + digits.size(), precision);
    }
    auto form = type == 'f'   ? std::chars_format::fixed
                : type == 'e' ? std::chars_format::scientific
                              : std::chars_format::general;
    auto written = std::to_chars(buffer, buffer + sizeof buffer, number, form, precision);
    if (written.ec == std::errc()) end = written.ptr;
  } else if ((type == 'x' || type == 'o') && number >= 0 && number < 9e15) {
    auto whole = static_cast<std::uint64_t>(number);
    end = std::to_chars(buffer, buffer + sizeof buffer, whole, type == 'x' ? 16 : 8).ptr;
  }
  return end == buffer ? text : std::string(buffer, end);
}

// Python's %-formatting. nullopt: the template and the parameters do not fit together.
std::optional<std::string> FormatPercent(std::string_view text, const Parameters& params) {
  std::string out;
  std::size_t next = 0;
  for (std::size_t i = 0; i < text.size() && out.size() < kFormattedBytesMax; ++i) {
    if (text[i] != '%') {
      out.push_back(text[i]);
      continue;
    }
    if (++i >= text.size()) return std::nullopt;
    if (text[i] == '%') {
      out.push_back('%');
      continue;
    }
    const std::string_view* value = nullptr;
    if (text[i] == '(') {
      std::size_t close = text.find(')', i);
      if (close == std::string_view::npos) return std::nullopt;
      value = params.Named(text.substr(i + 1, close - i - 1));
      i = close + 1;
    } else {
      value = params.At(next++);
    }
    std::size_t start = i;
    while (i < text.size() && std::string_view("#0- +123456789.").find(text[i]) != text.npos) ++i;
    if (i >= text.size() || value == nullptr) return std::nullopt;
    if (std::string_view("sdifgGeEruxXocajOv").find(text[i]) == text.npos) return std::nullopt;
    out += PercentText(text.substr(start, i - start), text[i], *value);
  }
  return out;
}

// "{}", "{0}", "{name}", "{name:spec}"; doubled braces stand for themselves.
std::optional<std::string> FormatCurly(std::string_view text, const Parameters& params) {
  std::string out;
  std::size_t next = 0;
  for (std::size_t i = 0; i < text.size() && out.size() < kFormattedBytesMax; ++i) {
    char c = text[i];
    if (c != '{' && c != '}') {
      out.push_back(c);
      continue;
    }
    if (i + 1 < text.size() && text[i + 1] == c) {
      out.push_back(c);
      ++i;
      continue;
    }
    std::size_t close = text.find('}', i);
    if (c == '}' || close == std::string_view::npos) return std::nullopt;
    std::string_view name = text.substr(i + 1, close - i - 1);
    name = name.substr(0, name.find_first_of(":!"));
    std::size_t index = 0;
    auto parsed = std::from_chars(name.data(), name.data() + name.size(), index);
    const std::string_view* value = nullptr;
    if (name.empty()) {
      value = params.At(next++);
    } else if (params.is_map() || parsed.ptr != name.data() + name.size()) {
      value = params.Named(name);
    } else {
      value = params.At(index);
    }
    if (value == nullptr) return std::nullopt;
    out += ParameterText(*value);
    i = close;
  }
  return out;
}

void Format(LogEntry& entry) {
  Parameters params(entry.params);
  if (params.empty() || entry.message.empty() || !entry.formatted.empty()) return;
  std::optional<std::string> text;
  if (entry.message.find('%') != std::string::npos) {
    text = FormatPercent(entry.message, params);
  } else if (entry.message.find('{') != std::string::npos) {
    text = FormatCurly(entry.message, params);
  }
  if (text) entry.formatted = std::move(*text);
}

}  // namespace

void NormalizeMessage(Event& event, MetaNotes& notes) {
  if (!event.logentry) return;
  LogEntry& entry = *event.logentry;
  const bool has_container =
      entry.params.text.starts_with('[') || entry.params.text.starts_with('{');
  if (!has_container || entry.params.text.size() == 2) entry.params.text.clear();
  if (auto length = TrimBag(entry.params, kLargeBag)) {
    notes.Shortened({"logentry", "params"}, *length);
  }
  Format(entry);
  if (auto length = TrimText(entry.message, kMessageLimit)) {
    notes.Shortened({"logentry", "message"}, *length);
  }
  if (auto length = TrimText(entry.formatted, kMessageLimit)) {
    notes.Shortened({"logentry", "formatted"}, *length);
  }
  if (entry.formatted.empty()) entry.formatted = entry.message;
  if (entry.formatted == entry.message) entry.message.clear();
  if (entry.formatted.empty()) event.logentry.reset();
}

}  // namespace mishap
