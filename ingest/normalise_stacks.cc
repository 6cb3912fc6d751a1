// Exceptions, threads and their frames: what grouping reads. Names keep kNameBytesMax bytes;
// context and variables stay where people look.
#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "event/raw_json.h"
#include "ingest/normalise_limits.h"
#include "ingest/normalise_parts.h"
#include "ingest/normalise_text.h"

namespace mishap {
namespace {

// "https://host/a.js?x" -> "/a.js"; empty when there is no path beyond "/".
std::string_view UrlPath(std::string_view url) {
  std::size_t start = url.find("://");
  if (start == std::string_view::npos) {
    start = url.find(':') + 1;
  } else {
    start = url.find('/', start + 3);
  }
  if (start == std::string_view::npos) return {};
  std::string_view path = url.substr(start);
  path = path.substr(0, path.find_first_of("?#"));
  return path == "/" ? std::string_view() : path;
}

void PlaceFile(Frame& frame) {
  if (frame.abs_path.empty()) frame.abs_path.swap(frame.filename);
  if (!frame.filename.empty()) return;
  frame.filename = frame.abs_path;
  for (std::string_view scheme : {"file:", "http:", "https:", "applewebdata:"}) {
    if (!frame.abs_path.starts_with(scheme)) continue;
    std::string_view path = UrlPath(frame.abs_path);
    if (!path.empty()) frame.filename = std::string(path);
    return;
  }
}

void TrimLines(std::vector<std::string>& lines) {
  if (lines.size() > kContextLinesMax) lines.resize(kContextLinesMax);
  for (std::string& line : lines) TrimText(line, kSourceLineLimit);
}

// The one address the reader leaves among unknown fields: 255 and "255" -> "0xff".
void PrintFunctionId(Frame& frame) {
  for (auto& [name, value] : frame.other) {
    if (name != "function_id") continue;
    const std::string text = JsonScalarText(value.text);
    std::uint64_t number = 0;
    auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool is_decimal = parsed.ec == std::errc() && parsed.ptr == text.data() + text.size();
    if (is_decimal) value.text = fmt::format("\"{:#x}\"", number);
  }
}

// The length of its variables if they were too many.
std::optional<std::size_t> NormalizeFrame(Frame& frame) {
  if (frame.function == "?") frame.function.clear();
  PlaceFile(frame);
  for (std::string* name : {&frame.function, &frame.raw_function, &frame.module, &frame.package,
                            &frame.filename, &frame.abs_path, &frame.symbol}) {
    CutName(*name);
  }
  TrimText(frame.context_line, kSourceLineLimit);
  TrimLines(frame.pre_context);
  TrimLines(frame.post_context);
  CutBytes(frame.platform, kPlatformBytesMax);
  TrimText(frame.trust, kEnumLimit);
  PrintFunctionId(frame);
  TrimBag(frame.data, kMediumBag);
  return TrimBag(frame.vars, kMediumBag);
}

void StripContext(Frame& frame) {
  frame.vars.text.clear();
  frame.pre_context.clear();
  frame.post_context.clear();
}

// Of long stacks only kFramesWithContextMax frames keep variables and lines: in-app ones first,
// then those at both ends.
void SlimStack(std::vector<Frame>& frames) {
  if (frames.size() <= kFramesWithContextMax) return;
  std::vector<Frame*> app;
  std::vector<Frame*> system;
  for (Frame& frame : frames) {
    (frame.in_app.value_or(false) ? app : system).push_back(&frame);
  }
  auto strip_middle = [](std::vector<Frame*>& list, std::size_t kept) {
    if (list.size() <= kept) return;
    std::size_t head = kept / 2;
    std::size_t tail = kept - head;
    for (std::size_t i = head; i < list.size() - tail; ++i) StripContext(*list[i]);
  };
  std::size_t app_kept = std::min(app.size(), kFramesWithContextMax);
  strip_middle(app, app_kept);
  strip_middle(system, kFramesWithContextMax - app_kept);
}

void NormalizeStack(std::optional<Stacktrace>& stack, const MetaPath& owner, MetaNotes& notes) {
  if (!stack) return;
  if (stack->frames.empty()) {
    stack.reset();
    return;
  }
  std::vector<Frame>& frames = stack->frames;
  if (frames.size() > kFramesMax) {
    MetaPath path = owner;
    path.insert(path.end(), {"stacktrace", "frames"});
    notes.Shortened(std::move(path), frames.size());
    frames.erase(frames.begin(), frames.end() - static_cast<std::ptrdiff_t>(kFramesMax));
  }
  SlimStack(frames);
  for (std::size_t i = 0; i < frames.size(); ++i) {
    auto length = NormalizeFrame(frames[i]);
    if (!length) continue;
    MetaPath path = owner;
    path.insert(path.end(), {"stacktrace", "frames", std::to_string(i), "vars"});
    notes.Shortened(std::move(path), *length);
  }
}

bool IsWordCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// A nameless exception whose text says its name: "TypeError: x is undefined".
void SplitType(Exception& exception) {
  if (!exception.type.empty()) return;
  std::size_t end = 0;
  while (end < exception.value.size() && IsWordCharacter(exception.value[end])) ++end;
  if (end == 0 || exception.value.compare(end, 2, ": ") != 0) return;
  exception.type = exception.value.substr(0, end);
  exception.value.erase(0, end + 2);
  StripBlanks(exception.value);
}

// Cause first, the one raised last: of very many, those at both ends.
void KeepBothEnds(std::vector<Exception>& exceptions, MetaNotes& notes) {
  if (exceptions.size() <= kExceptionsMax) return;
  notes.Shortened({"exception", "values"}, exceptions.size());
  auto half = static_cast<std::ptrdiff_t>(kExceptionsMax / 2);
  exceptions.erase(exceptions.begin() + half, exceptions.end() - half);
}

}  // namespace

void NormalizeStacks(Event& event, MetaNotes& notes) {
  KeepBothEnds(event.exceptions, notes);
  if (event.stacktrace && event.stacktrace->frames.empty()) event.stacktrace.reset();
  if (event.stacktrace && event.exceptions.size() == 1) {
    event.exceptions[0].stacktrace = std::move(event.stacktrace);
    event.stacktrace.reset();
  }
  std::size_t index = 0;
  for (Exception& exception : event.exceptions) {
    MetaPath path{"exception", "values", std::to_string(index++)};
    if (!exception.mechanism || !exception.mechanism->synthetic.value_or(false)) {
      SplitType(exception);
    }
    CutName(exception.type);
    CutName(exception.module);
    if (auto length = TrimText(exception.value, kMessageLimit)) {
      MetaPath value = path;
      value.push_back("value");
      notes.Shortened(std::move(value), *length);
    }
    if (exception.mechanism) NormalizeMechanism(*exception.mechanism, path, notes);
    NormalizeStack(exception.stacktrace, path, notes);
  }
  index = 0;
  for (Thread& thread : event.threads) {
    CutName(thread.name);
    TrimText(thread.state, kEnumLimit);
    NormalizeStack(thread.stacktrace, {"threads", "values", std::to_string(index++)}, notes);
  }
  NormalizeStack(event.stacktrace, {}, notes);
}

}  // namespace mishap
