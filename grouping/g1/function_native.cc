// Names of C, C++, Objective-C, Swift and Rust functions: what compilers, linkers and demanglers
// add is removed, so that two builds of one function have one name. Works on demangled names; a
// name with unbalanced brackets stays as it is.
#include <array>
#include <optional>
#include <utility>

#include "grouping/g1/chars.h"
#include "grouping/g1/function_name.h"

namespace mishap::g1 {
namespace {

void ReplaceAll(std::string& s, std::string_view from, std::string_view to) {
  for (auto at = s.find(from); at != std::string::npos; at = s.find(from, at + to.size())) {
    s.replace(at, from.size(), to);
  }
}

std::string ObjectiveC(std::string_view name) {
  if (name.substr(0, 2) == "__") {
    const std::size_t digits = RunLength(name, 2, IsDigit);
    name.remove_prefix(2 + digits);
  }
  static constexpr std::string_view kBlock = "_block_invoke";
  if (const auto at = name.rfind(kBlock); at != std::string_view::npos) {
    std::size_t end = at + kBlock.size();
    if (end < name.size() && (name[end] == '.' || name[end] == '_')) ++end;
    if (RunLength(name, end, IsDigit) == name.size() - end)
      name = name.substr(0, at + kBlock.size());
  }
  return std::string(name);
}

bool IsObjectiveC(std::string_view name) {
  if (name.substr(0, 2) == "__") {
    const std::size_t digits = RunLength(name, 2, IsDigit);
    if (digits == 0) return false;
    name.remove_prefix(2 + digits);
  }
  return (name.substr(0, 1) == "[" && name.substr(0, 8) != "[thunk]:") ||
         name.substr(0, 2) == "-[" || name.substr(0, 2) == "+[";
}

// " [clone .isra.3]", ".cold.1", ".constprop.0", ".llvm.1234"
void CutCompilerTails(std::string& s) {
  for (auto at = s.find("[clone "); at != std::string::npos; at = s.find("[clone ")) {
    const auto close = s.find(']', at);
    if (close == std::string::npos) break;
    s.erase(at, close + 1 - at);
    while (at > 0 && at == s.size() && s.back() == ' ') s.pop_back(), --at;
  }
  static constexpr std::array<std::string_view, 6> kTails{".cold", ".isra",      ".part",
                                                          ".llvm", ".constprop", ".lto_priv"};
  for (bool again = true; again;) {
    again = false;
    std::size_t end = s.size();
    while (end > 0 && IsDigit(s[end - 1])) --end;
    if (end < s.size() && end > 0 && s[end - 1] == '.') --end;
    const std::string_view head = std::string_view(s).substr(0, end);
    for (std::string_view tail : kTails) {
      if (head.size() > tail.size() && head.substr(head.size() - tail.size()) == tail) {
        s.resize(head.size() - tail.size());
        again = true;
        break;
      }
    }
  }
}

// Length of a compiler's name for a lambda at `at`, 0 if there is none.
std::size_t LambdaLength(std::string_view s, std::size_t at) {
  const std::string_view rest = s.substr(at);
  if (rest.substr(0, 8) == "{lambda(") {
    const auto close = rest.find('}');
    return close == std::string_view::npos ? 0 : close + 1;
  }
  if (rest.substr(0, 2) == "$_") {
    const std::size_t digits = RunLength(rest, 2, IsDigit);
    return digits == 0 ? 0 : 2 + digits;
  }
  if (rest.substr(0, 7) == "'lambda") {
    const std::size_t end = 7 + RunLength(rest, 7, IsDigit);
    return end < rest.size() && rest[end] == '\'' ? end + 1 : 0;
  }
  const std::size_t open = rest.substr(0, 1) == "<" ? 1 : 0;
  if (rest.substr(open, 6) != "lambda") return 0;
  std::size_t end = open + 6;
  if (end < rest.size() && rest[end] == '_') {
    const std::size_t hex = RunLength(rest, end + 1, IsHex);
    if (hex != 32 && (open == 0 || hex == 0)) return 0;
    end += 1 + hex;
  } else if (open == 0) {
    return 0;
  }
  if (open == 0) return end;
  return end < rest.size() && rest[end] == '>' ? end + 1 : 0;
}

void NameLambdas(std::string& s) {
  std::string out;
  for (std::size_t i = 0; i < s.size();) {
    const char c = s[i];
    const bool candidate = c == '{' || c == '$' || c == '\'' || c == '<' ||
                           (c == 'l' && (i == 0 || !IsWord(s[i - 1])));
    const std::size_t length = candidate ? LambdaLength(s, i) : 0;
    if (length > 0) {
      out += "lambda";
      i += length;
    } else {
      out.push_back(c);
      ++i;
    }
  }
  s = std::move(out);
}

// `head` + `digits` hex digits + `tail` becomes `to`.
void ReplaceHexNamed(std::string& s, std::string_view head, std::size_t digits,
                     std::string_view tail, std::string_view to) {
  for (auto at = s.find(head); at != std::string::npos; at = s.find(head, at + 1)) {
    const std::size_t end = at + head.size();
    if (RunLength(s, end, IsHex) != digits) continue;
    if (std::string_view(s).substr(end + digits, tail.size()) != tail) continue;
    s.replace(at, head.size() + digits + tail.size(), to);
  }
}

void CutLinkerMarks(std::string& s) {
  ReplaceAll(s, "(anonymous namespace)", "`anon'");
  ReplaceAll(s, "`anonymous namespace'", "`anon'");
  ReplaceHexNamed(s, "?A0x", 8, "::", "`anon'::");
  ReplaceHexNamed(s, "_INTERNAL", 8, "::", "");
  if (s.size() > 19) {  // Rust: ::h0123456789abcdef
    const std::size_t at = s.size() - 19;
    if (s.compare(at, 3, "::h") == 0 && RunLength(s, at + 3, IsHex) == 16) s.resize(at);
  }
  if (const auto at = s.find("@GLIBC_"); at != std::string::npos && at > 0) {
    s.resize(s[at - 1] == '@' ? at - 1 : at);
  }
  std::size_t end = s.size();
  while (end > 0 && IsDigit(s[end - 1])) --end;
  if (end < s.size() && end > 1 && s[end - 1] == '@') s.resize(end - 1);
}

// Operators hold brackets and blanks of their own: control characters stand for them while brackets
// are counted.
constexpr std::array<std::pair<std::string_view, std::string_view>, 11> kOperators{{
    {"operator()", "operator\x01"},
    {"operator<=>", "operator\x02"},
    {"operator<<=", "operator\x03"},
    {"operator>>=", "operator\x04"},
    {"operator<<", "operator\x05"},
    {"operator>>", "operator\x06"},
    {"operator<=", "operator\x0e"},
    {"operator>=", "operator\x0f"},
    {"operator->", "operator\x10"},
    {"operator<", "operator\x11"},
    {"operator>", "operator\x12"},
}};

void ProtectOperators(std::string& s) {
  if (s.find("operator") == std::string::npos) return;
  for (const auto& [plain, safe] : kOperators) ReplaceAll(s, plain, safe);
  ReplaceAll(s, "operator ", "operator\x13");
}

void RestoreOperators(std::string& s) {
  if (s.find("operator") == std::string::npos) return;
  for (const auto& [plain, safe] : kOperators) ReplaceAll(s, safe, plain);
  ReplaceAll(s, "operator\x13", "operator ");
}

void CutTrailingQualifiers(std::string& s) {
  static constexpr std::array<std::string_view, 7> kWords{" const", " volatile", "&", " throws",
                                                          " async", " noexcept", " "};
  for (bool again = true; again;) {
    again = false;
    for (std::string_view word : kWords) {
      if (s.size() > word.size() && std::string_view(s).substr(s.size() - word.size()) == word) {
        s.resize(s.size() - word.size());
        again = true;
      }
    }
  }
}

// Deletes balanced `open`...`close` groups, leaving `instead` for each. False: unbalanced.
bool ReplaceGroups(std::string& s, char open, char close, std::string_view instead) {
  std::string out;
  int depth = 0;
  for (char c : s) {
    if (c == open && depth++ == 0) out += instead;
    if (depth == 0) out.push_back(c);
    if (c == close && --depth < 0) return false;
  }
  s = std::move(out);
  return depth == 0;
}

// "<A as B>::f" -> "A::f", or "B::f" when A is one capital letter. False: unbalanced.
bool UnwrapLeadingGroup(std::string& s) {
  if (s.empty() || s.front() != '<') return true;
  int depth = 0;
  std::size_t as = std::string::npos;
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (s[i] == '<') ++depth;
    if (depth == 1 && as == std::string::npos && s.compare(i, 4, " as ") == 0) as = i;
    if (s[i] != '>' || --depth > 0) continue;
    std::string inner = as == std::string::npos ? s.substr(1, i - 1) : s.substr(1, as - 1);
    if (as != std::string::npos && inner.size() == 1 && IsUpper(inner[0])) {
      inner = s.substr(as + 4, i - as - 4);
    }
    s = inner.append(s, i + 1);
    return true;
  }
  return false;
}

// The last blank-separated token; Swift's "closure #1 in X" keeps saying that it is a closure.
std::string LastToken(const std::string& s) {
  const auto blank = s.rfind(' ');
  if (blank == std::string::npos) return s;
  const std::string token = s.substr(blank + 1);
  const std::string head = " " + s.substr(0, blank + 1);
  return head.find(" closure ") == std::string::npos ? token : "closure in " + token;
}

bool IsAddress(std::string_view name) {
  return name.size() > 2 && name.substr(0, 2) == "0x" &&
         RunLength(name, 2, IsHex) == name.size() - 2;
}

// "main + 52", "run+0x1a": how far into the function.
std::string_view WithoutOffset(std::string_view name) {
  const auto plus = name.rfind('+');
  if (plus == std::string_view::npos || plus == 0) return name;
  std::string_view offset = Trim(name.substr(plus + 1));
  const bool hex = offset.substr(0, 2) == "0x";
  if (hex) offset.remove_prefix(2);
  const std::size_t digits = hex ? RunLength(offset, 0, IsHex) : RunLength(offset, 0, IsDigit);
  if (digits == 0 || digits != offset.size()) return name;
  return Trim(name.substr(0, plus));
}

// "[thunk]:Cart::add`adjustor{8}'" of Microsoft's compiler, "puts@plt" of a linker, "[abi:cxx11]"
// of libstdc++.
void CutThunkMarks(std::string& s) {
  for (auto at = s.find("[abi:"); at != std::string::npos; at = s.find("[abi:", at)) {
    const auto close = s.find(']', at);
    if (close == std::string::npos) break;
    s.erase(at, close + 1 - at);
  }
  static constexpr std::string_view kThunk = "[thunk]:";
  if (s.compare(0, kThunk.size(), kThunk) == 0) s.erase(0, kThunk.size());
  if (const auto at = s.find("`adjustor{"); at != std::string::npos && at > 0) {
    const auto close = s.find("}'", at);
    if (close != std::string::npos) s.erase(at, close + 2 - at);
  }
  if (s.size() > 4 && s.compare(s.size() - 4, 4, "@plt") == 0) s.resize(s.size() - 4);
}

// Rust's newer mangling: "shopd[8f3c]::run::{closure#0}". The crate's disambiguator differs between
// builds, the number between edits.
void CutCrateMarks(std::string& s) {
  for (auto at = s.find("::{closure#"); at != std::string::npos; at = s.find("::{closure#", at)) {
    const auto close = s.find('}', at);
    if (close == std::string::npos) break;
    s.erase(at, close + 1 - at);
  }
  for (auto open = s.find('['); open != std::string::npos; open = s.find('[', open + 1)) {
    const std::size_t hex = RunLength(s, open + 1, IsHex);
    if (hex < 4 || s.compare(open + 1 + hex, 3, "]::") != 0) continue;
    s.erase(open, hex + 2);
  }
}

}  // namespace

std::string NativeFunction(std::string_view name) {
  if (IsAddress(name)) return {};
  name = WithoutOffset(name);
  if (IsObjectiveC(name)) return ObjectiveC(name);
  std::string s(name);
  CutThunkMarks(s);
  CutSwiftMarks(s);
  CutCrateMarks(s);
  CutCompilerTails(s);
  NameLambdas(s);
  CutLinkerMarks(s);
  ProtectOperators(s);
  if (const auto arrow = s.find(" -> "); arrow != std::string::npos) s.resize(arrow);
  CutTrailingQualifiers(s);
  ReplaceAll(s, "::{{closure}}", "");
  ReplaceAll(s, "{{vtable.shim}}", "");
  if (!ReplaceGroups(s, '(', ')', "")) return std::string(name);
  CutTrailingQualifiers(s);
  if (!UnwrapLeadingGroup(s)) return std::string(name);
  if (!ReplaceGroups(s, '<', '>', "<T>")) return std::string(name);
  s = LastToken(s);
  RestoreOperators(s);
  return s.empty() ? std::string(name) : s;
}

}  // namespace mishap::g1
