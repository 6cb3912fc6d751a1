#include "digest/search_facts.h"

#include <algorithm>
#include <unordered_set>

#include "base/bytes.h"
#include "event/raw_json.h"

namespace mishap {
namespace {

constexpr std::size_t kValueBytesMax = 1000;

class Facts {
 public:
  void Add(std::string_view key, std::string_view value) {
    value = TrimAscii(Utf8Prefix(value, kValueBytesMax));
    if (value.empty() || is_full_) return;
    std::string line(key);
    line += '=';
    line += value;
    std::replace_if(
        line.begin(), line.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
    line += '\n';
    if (text_.size() + line.size() + 1 > kSearchFactsBytesMax) {
      is_full_ = true;
      return;
    }
    if (!lines_.insert(line).second) return;
    if (text_.empty()) text_ += '\n';
    text_ += line;
  }
  void AddNumber(std::string_view key, std::optional<std::uint32_t> number) {
    if (number) Add(key, std::to_string(*number));
  }
  void AddBool(std::string_view key, std::optional<bool> value) {
    if (value) Add(key, *value ? "true" : "false");
  }
  std::string Take() { return std::move(text_); }

 private:
  std::unordered_set<std::string> lines_;
  std::string text_;
  bool is_full_ = false;
};

// stack_level counts from the crash: 0 is the youngest frame.
void AddStack(const Stacktrace& stacktrace, Facts& facts) {
  std::uint32_t level = 0;
  for (auto frame = stacktrace.frames.rbegin(); frame != stacktrace.frames.rend(); ++frame) {
    facts.Add("stack.function", frame->function);
    facts.Add("stack.filename", frame->filename);
    facts.Add("stack.module", frame->module);
    facts.Add("stack.abs_path", frame->abs_path);
    facts.Add("stack.package", frame->package);
    facts.AddNumber("stack.lineno", frame->lineno);
    facts.AddNumber("stack.colno", frame->colno);
    facts.AddBool("stack.in_app", frame->in_app);
    facts.AddNumber("stack.stack_level", level++);
  }
}

// Whether the thread that crashed is the main one, as far as the event says.
std::optional<bool> IsMainThread(const Event& event) {
  for (const auto& thread : event.threads) {
    if (thread.crashed.value_or(false)) return thread.main;
  }
  return std::nullopt;
}

}  // namespace

std::string MakeSearchFacts(const Event& event, const EventTitle& title) {
  Facts facts;
  if (event.logentry) {
    facts.Add("message", event.logentry->formatted);
    facts.Add("message", event.logentry->message);
  }
  for (auto it = event.exceptions.rbegin(); it != event.exceptions.rend(); ++it) {
    facts.Add("error.type", it->type);
    facts.Add("error.value", it->value);
    facts.Add("message", it->value);
  }
  facts.Add("location", title.metadata_filename);
  facts.AddBool("error.main_thread", IsMainThread(event));
  for (auto it = event.exceptions.rbegin(); it != event.exceptions.rend(); ++it) {
    if (it->stacktrace) AddStack(*it->stacktrace, facts);
  }
  if (event.stacktrace) AddStack(*event.stacktrace, facts);
  for (const auto& thread : event.threads) {
    bool is_told = thread.crashed.value_or(false) || event.exceptions.empty();
    if (is_told && thread.stacktrace) AddStack(*thread.stacktrace, facts);
  }
  return facts.Take();
}

}  // namespace mishap
