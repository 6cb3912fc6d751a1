#include "digest/search_text.h"

#include <unordered_set>

#include "base/bytes.h"

namespace mishap {
namespace {

class Lines {
 public:
  void Add(std::string_view part) {
    if (part.empty() || text_.size() >= kSearchTextBytesMax || !seen_.insert(part).second) return;
    if (!text_.empty()) text_ += '\n';
    text_ += Utf8Prefix(part, kSearchTextBytesMax);  // the rest would be cut anyway
  }
  std::string Take() { return ToLowerAscii(Utf8Prefix(text_, kSearchTextBytesMax)); }

 private:
  std::unordered_set<std::string_view> seen_;  // into the event, which outlives this
  std::string text_;
};

const Stacktrace* MainStacktrace(const Event& event, std::size_t main_exception) {
  if (main_exception < event.exceptions.size()) {
    const auto& stacktrace = event.exceptions[main_exception].stacktrace;
    if (stacktrace) return &*stacktrace;
  }
  if (event.stacktrace) return &*event.stacktrace;
  if (event.exceptions.empty()) {
    for (const Thread& thread : event.threads) {
      if (thread.stacktrace && (thread.crashed.value_or(false) || event.threads.size() == 1)) {
        return &*thread.stacktrace;
      }
    }
  }
  return nullptr;
}

}  // namespace

std::string MakeSearchText(const Event& event, std::string_view title, std::size_t main_exception) {
  Lines lines;
  lines.Add(title);
  if (main_exception < event.exceptions.size()) {
    lines.Add(event.exceptions[main_exception].type);
    lines.Add(event.exceptions[main_exception].value);
  }
  if (event.logentry) {
    lines.Add(event.logentry->formatted);
    lines.Add(event.logentry->message);
  }
  if (const Stacktrace* stacktrace = MainStacktrace(event, main_exception)) {
    for (auto frame = stacktrace->frames.rbegin(); frame != stacktrace->frames.rend(); ++frame) {
      lines.Add(frame->function);
      lines.Add(frame->filename.empty() ? frame->module : frame->filename);
    }
  }
  return lines.Take();
}

}  // namespace mishap
