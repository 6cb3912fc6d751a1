// Titles as people know them from Sentry: "Type: first line of the text", and where it happened.
#include "event/title.h"

#include <algorithm>
#include <string_view>

#include "base/bytes.h"
#include "base/json_writer.h"

namespace mishap {
namespace {

constexpr std::size_t kMetadataValueMax = 1024;
constexpr std::size_t kMetadataTypeMax = 128;
constexpr std::size_t kMessageTitleMax = 100;
constexpr std::size_t kTitleValueMax = 256;
constexpr std::size_t kCulpritMax = 200;

bool StartsSequence(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
}

// At most `chars_max` characters, the last three dots if something was cut.
std::string Shortened(std::string_view text, std::size_t chars_max) {
  if (text.size() <= chars_max) return std::string(text);
  std::size_t chars = 0;
  std::size_t cut = text.size();
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!StartsSequence(text[i])) continue;
    if (chars == chars_max - 3) cut = i;
    if (++chars > chars_max) return std::string(text.substr(0, cut)) + "...";
  }
  return std::string(text);
}

std::string_view FirstLine(std::string_view text) {
  text = TrimAscii(text);
  return TrimAscii(text.substr(0, text.find_first_of("\r\n")));
}

bool HasFrames(const std::optional<Stacktrace>& stack) {
  return stack && !stack->frames.empty();
}

bool IsSynthetic(const Exception& exception) {
  return exception.mechanism && exception.mechanism->synthetic.value_or(false);
}

std::string_view KnownFunction(const Frame& frame) {
  std::string_view name = frame.function;
  if (name == "<redacted>" || name == "<unknown>" || name == "?") return {};
  return name;
}

// The stack an event is about when its main exception has none.
const Stacktrace* LooseStack(const Event& event) {
  if (HasFrames(event.stacktrace)) return &*event.stacktrace;
  if (event.threads.size() == 1 && HasFrames(event.threads[0].stacktrace)) {
    return &*event.threads[0].stacktrace;
  }
  return nullptr;
}

// Where the program's own code was. The crates that report a panic say of themselves that they are
// in-app.
bool IsOwnCode(const Frame& frame) {
  if (!frame.in_app.value_or(false)) return false;
  for (std::string_view crate :
       {"sentry_panic::", "sentry_core::", "sentry_backtrace::", "__rustc::"}) {
    if (frame.function.find(crate) != std::string::npos) return false;
  }
  return true;
}

// The youngest in-app frame; without any, the youngest.
const Frame* CrashFrame(const Stacktrace& stack) {
  for (auto it = stack.frames.rbegin(); it != stack.frames.rend(); ++it) {
    if (IsOwnCode(*it)) return &*it;
  }
  return &stack.frames.back();
}

std::string FrameCulprit(const Frame& frame, std::string_view event_platform) {
  std::string_view platform = frame.platform.empty() ? event_platform : frame.platform;
  std::string function = frame.function.empty() ? "?" : frame.function;
  if (platform == "objc" || platform == "cocoa" || platform == "native") return function;
  const std::string& place = frame.module.empty() ? frame.filename : frame.module;
  if (place.empty()) return {};
  if (platform == "javascript" || platform == "node") return function + "(" + place + ")";
  return place + " in " + function;
}

std::string StackCulprit(const Stacktrace& stack, std::string_view platform) {
  const Frame* frame = nullptr;
  for (auto it = stack.frames.rbegin(); it != stack.frames.rend(); ++it) {
    if (!IsOwnCode(*it)) continue;
    std::string culprit = FrameCulprit(*it, platform);
    if (!culprit.empty()) return culprit;
  }
  frame = &stack.frames.back();
  return FrameCulprit(*frame, platform);
}

std::string Culprit(const Event& event, std::size_t main_exception) {
  if (!event.culprit.empty()) return event.culprit;
  if (!event.transaction.empty()) return event.transaction;
  if (!event.exceptions.empty()) {
    if (IsSynthetic(event.exceptions[main_exception])) return {};
    const Stacktrace* stack = nullptr;
    if (HasFrames(event.exceptions[main_exception].stacktrace)) {
      stack = &*event.exceptions[main_exception].stacktrace;
    }
    for (auto it = event.exceptions.rbegin(); stack == nullptr && it != event.exceptions.rend();
         ++it) {
      if (HasFrames(it->stacktrace)) stack = &*it->stacktrace;
    }
    if (stack == nullptr) stack = LooseStack(event);
    if (stack != nullptr) return StackCulprit(*stack, event.platform);
  } else if (const Stacktrace* stack = LooseStack(event)) {
    return StackCulprit(*stack, event.platform);
  }
  return event.request ? event.request->url : std::string();
}

void NameException(const Event& event, const Exception& exception, EventTitle& title) {
  title.metadata_value = std::string(Shortened(exception.value, kMetadataValueMax));
  const Stacktrace* stack =
      HasFrames(exception.stacktrace) ? &*exception.stacktrace : LooseStack(event);
  if (stack != nullptr) {
    const Frame* frame = CrashFrame(*stack);
    title.metadata_filename = frame->filename.empty() ? frame->abs_path : frame->filename;
    title.metadata_function = KnownFunction(*frame);
  }
  if (!IsSynthetic(exception)) {
    title.metadata_type = exception.type.empty()
                              ? "Error"
                              : std::string(Utf8Prefix(exception.type, kMetadataTypeMax));
  }
  std::string_view line = FirstLine(exception.value);
  if (title.metadata_type.empty()) {
    // A type that was hidden as synthetic leaves the function to name the crash; where there never
    // was one (a message captured with a stack, as node does), the text is what the developer
    // wrote.
    if (!exception.type.empty()) title.title = title.metadata_function;
    if (title.title.empty()) title.title = Shortened(line, kTitleValueMax);
    if (title.title.empty()) title.title = title.metadata_function;
    if (title.title.empty()) title.title = "<unknown>";
  } else if (line.empty()) {
    title.title = title.metadata_type;
  } else {
    title.title = title.metadata_type + ": " + Shortened(line, kTitleValueMax);
  }
}

// The text of an event without exceptions.
std::string_view MessageText(const Event& event) {
  if (!event.logentry) return {};
  return event.logentry->formatted.empty() ? event.logentry->message : event.logentry->formatted;
}

}  // namespace

EventTitle MakeTitle(const Event& event, std::size_t main_exception) {
  EventTitle title;
  if (!event.exceptions.empty()) {
    main_exception = std::min(main_exception, event.exceptions.size() - 1);
    NameException(event, event.exceptions[main_exception], title);
  } else {
    std::string_view line = FirstLine(MessageText(event));
    title.metadata_title = line.empty() ? "<unlabeled event>" : Shortened(line, kMessageTitleMax);
    title.title = title.metadata_title;
  }
  title.culprit = Utf8Prefix(Culprit(event, main_exception), kCulpritMax);
  return title;
}

void Retitle(EventTitle& title, std::string_view text) {
  title.title = Shortened(FirstLine(text), kMessageTitleMax);
  title.metadata_title = title.title;
}

std::string MetadataJson(const EventTitle& title) {
  std::string out;
  JsonWriter json(out);
  json.BeginObject();
  const auto field = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) json.Field(name, value);
  };
  field("type", title.metadata_type);
  field("value", title.metadata_value);
  field("filename", title.metadata_filename);
  field("function", title.metadata_function);
  field("title", title.metadata_title);
  json.EndObject();
  return out;
}

bool IsUnhandled(const Event& event) {
  return std::any_of(event.exceptions.begin(), event.exceptions.end(), [](const Exception& e) {
    return e.mechanism && e.mechanism->handled.has_value() && !*e.mechanism->handled;
  });
}

}  // namespace mishap
