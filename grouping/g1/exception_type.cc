#include "grouping/g1/exception_type.h"

#include <array>
#include <utility>

#include "base/bytes.h"
#include "grouping/g1/chars.h"
#include "grouping/g1/frame.h"
#include "grouping/g1/json_peek.h"

namespace mishap::g1 {
namespace {

// "access" for a segmentation fault however the operating system spells it: one crash stays
// together on two systems.
std::string_view CrashClass(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 22> kSigns{{
      {"EXC_BAD_ACCESS", "access"},
      {"ACCESS_VIOLATION", "access"},
      {"SIGSEGV", "access"},
      {"SIGBUS", "access"},
      {"KERN_INVALID_ADDRESS", "access"},
      {"KERN_PROTECTION", "access"},
      {"STACK_OVERFLOW", "overflow"},
      {"HEAP_CORRUPTION", "heap"},
      {"SIGABRT", "abort"},
      {"EXC_CRASH", "abort"},
      {"FATAL_APP_EXIT", "abort"},
      {"0x40000015", "abort"},
      {"SIGILL", "illegal"},
      {"EXC_BAD_INSTRUCTION", "illegal"},
      {"ILLEGAL_INSTRUCTION", "illegal"},
      {"SIGTRAP", "trap"},
      {"EXC_BREAKPOINT", "trap"},
      {"BREAKPOINT", "trap"},
      {"SIGFPE", "arith"},
      {"EXC_ARITHMETIC", "arith"},
      {"DIVIDE_BY_ZERO", "arith"},
      {"0xc0000374", "heap"},
  }};
  for (const auto& [sign, crash_class] : kSigns) {
    if (Contains(text, sign)) return crash_class;
  }
  return {};
}

std::string WithoutBuildNumbers(std::string_view type) {
  // Of Dart compiled to JavaScript: the rest of the name is the build's.
  static constexpr std::string_view kMinified = "minified:";
  if (type.substr(0, kMinified.size()) == kMinified) return std::string(kMinified);
  std::string out;
  for (std::size_t i = 0; i < type.size();) {
    if (type[i] == '0' && i + 2 < type.size() && type[i + 1] == 'x' && IsHex(type[i + 2])) {
      out += "<hex>";
      i += 2 + RunLength(type, i + 2, IsHex);
      continue;
    }
    out.push_back(type[i]);
    i += type[i] == '$' ? 1 + RunLength(type, i + 1, IsDigit) : 1;
  }
  return out;
}

}  // namespace

TypePart ReadType(const Exception& exception) {
  TypePart part;
  const std::string_view type = Trim(Utf8Prefix(exception.type, kNameBytesMax));
  part.synthetic = exception.mechanism && exception.mechanism->synthetic.value_or(false);
  if (part.synthetic) {
    std::string_view crash = CrashClass(type);
    if (crash.empty()) crash = CrashClass(Utf8Prefix(exception.value, kNameBytesMax));
    part.type = std::string(crash);
  } else {
    part.type = WithoutBuildNumbers(IsUtf8(type) ? std::string(type) : RepairUtf8(type));
  }
  if (exception.mechanism && !exception.mechanism->meta.empty()) {
    const std::string_view error = JsonMember(exception.mechanism->meta.text, "ns_error");
    part.error_domain = JsonScalar(JsonMember(error, "domain"));
    part.error_code = JsonScalar(JsonMember(error, "code"));
  }
  return part;
}

bool IsStackOverflow(const Exception& exception) {
  const std::string_view type = exception.type;
  const std::string_view value = Utf8Prefix(exception.value, kNameBytesMax);
  if (type == "RecursionError" || type == "SystemStackError" || Contains(type, "StackOverflow") ||
      Contains(type, "STACK_OVERFLOW")) {
    return true;
  }
  for (std::string_view sign : {"maximum recursion depth", "Maximum call stack size",
                                "too much recursion", "stack level too deep"}) {
    if (Contains(value, sign)) return true;
  }
  return false;
}

bool IsDecoration(const Exception& exception) {
  return exception.type.compare(0, 20, "React ErrorBoundary ") == 0;
}

bool IsForwarded(std::string_view type) {
  const auto dot = type.rfind('.');
  if (dot != std::string_view::npos) type.remove_prefix(dot + 1);
  return type == "JavascriptException" || type == "JavaProxyThrowable";
}

bool IsPlainGoError(std::string_view type) {
  for (std::string_view plain : {"*errors.errorString", "*fmt.wrapError", "*fmt.wrapErrors",
                                 "*errors.joinError", "*errors.withMessage"}) {
    if (type == plain) return true;
  }
  return false;
}

bool IsPureWrapper(const Exception& exception) {
  const std::string_view type = exception.type;
  for (std::string_view tail :
       {"ExecutionException", "CompletionException", "InvocationTargetException",
        "UndeclaredThrowableException", "TargetInvocationException",
        "OnErrorNotImplementedException", "UndeliverableException", "CompositeException"}) {
    if (type.size() >= tail.size() && type.substr(type.size() - tail.size()) == tail) return true;
  }
  return false;
}

}  // namespace mishap::g1
