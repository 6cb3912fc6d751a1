// Function names of go, ruby, php, elixir, perl and dart: small rules each.
#include "grouping/g1/chars.h"
#include "grouping/g1/function_name.h"

namespace mishap::g1 {
namespace {

bool StartsWith(std::string_view s, std::string_view prefix) {
  return s.substr(0, prefix.size()) == prefix;
}

// "Run.func2.1" -> "Run.func": everything behind the first ".funcN" was made by the compiler.
std::string_view CutGoClosure(std::string_view name) {
  for (auto at = name.find(".func"); at != std::string_view::npos;
       at = name.find(".func", at + 1)) {
    const std::size_t digits = RunLength(name, at + 5, IsDigit);
    const std::size_t end = at + 5 + digits;
    if (digits > 0 && (end == name.size() || name[end] == '.')) return name.substr(0, at + 5);
  }
  return name;
}

// Around a function of ours: "Close-fm" a method as a value, "run.gowrap1" and "run.deferwrap2" a
// go or defer statement, "each-range1" the body of a loop over a function.
std::string_view CutGoWrapper(std::string_view name) {
  if (name.size() > 3 && name.substr(name.size() - 3) == "-fm") name.remove_suffix(3);
  std::size_t end = name.size();
  while (end > 0 && IsDigit(name[end - 1])) --end;
  if (end == name.size()) return name;
  for (std::string_view mark : {".gowrap", ".deferwrap", "-range"}) {
    if (end > mark.size() && name.substr(end - mark.size(), mark.size()) == mark) {
      return name.substr(0, end - mark.size());
    }
  }
  return name;
}

// "content_66f0a1b2c3d4e5_12345678": templates compiled to functions have hashes and counters in
// their names.
std::string_view WithoutTemplateHash(std::string_view name) {
  while (true) {
    const auto mark = name.rfind('_');
    if (mark == std::string_view::npos || mark == 0) return name;
    const std::string_view tail = name.substr(mark + 1);
    const std::size_t digits = RunLength(tail, 0, IsDigit);
    const bool number = digits >= 8 && digits == tail.size();
    const bool hash =
        tail.size() >= 13 && digits < tail.size() && RunLength(tail, 0, IsHex) == tail.size();
    if (!number && !hash) return name;
    name = name.substr(0, mark);
  }
}

}  // namespace

std::string GoFunction(std::string_view name) {
  std::string out;
  int depth = 0;
  for (char c : name) {  // type arguments
    if (c == '[') ++depth;
    if (depth == 0) out.push_back(c);
    if (c == ']' && depth > 0) --depth;
  }
  if (depth != 0 || out.empty()) out.assign(name);
  for (auto at = out.find("(*"); at != std::string::npos; at = out.find("(*", at)) {
    const auto close = out.find(')', at);
    if (close == std::string::npos) break;
    out.erase(close, 1);
    out.erase(at, 2);
  }
  std::string_view cut = CutGoWrapper(CutGoClosure(out));
  if (const auto dot = cut.rfind('.'); dot != std::string_view::npos) {
    const std::string_view head = cut.substr(0, dot);
    const bool counter =
        dot + 1 < cut.size() && RunLength(cut, dot + 1, IsDigit) == cut.size() - dot - 1;
    const bool init =
        head == "init" || (head.size() > 5 && head.substr(head.size() - 5) == ".init");
    if (counter && init) cut = head;
  }
  return std::string(cut);
}

std::string RubyFunction(std::string_view name) {
  for (bool again = true; again;) {
    again = false;
    for (std::string_view lead : {"block in ", "rescue in ", "ensure in "}) {
      if (StartsWith(name, lead)) {
        name = Trim(name.substr(lead.size()));
        again = true;
      }
    }
    if (StartsWith(name, "block (")) {
      const auto close = name.find(") in ");
      if (close != std::string_view::npos) {
        name = Trim(name.substr(close + 5));
        again = true;
      }
    }
  }
  if (name == "<top (required)>") return "<main>";  // the same code, run by itself
  while (true) {                                    // ERB and callback counters: _123456_7012345
    std::size_t end = name.size();
    while (end > 0 && IsDigit(name[end - 1])) --end;
    if (name.size() - end < 2 || end == 0 || name[end - 1] != '_') break;
    while (end > 0 && name[end - 1] == '_') --end;
    if (end == 0) break;
    name = name.substr(0, end);
  }
  // Ruby 3.4 names the class: "Shop::Cart#total", "Shop::Feed.import".
  if (const auto hash = name.rfind('#'); hash != std::string_view::npos && hash > 0) {
    if (hash + 1 < name.size()) name = name.substr(hash + 1);
  } else if (IsUpper(name.substr(0, 1).empty() ? ' ' : name.front())) {
    const auto dot = name.rfind('.');
    if (dot != std::string_view::npos && dot + 1 < name.size()) name = name.substr(dot + 1);
  }
  return std::string(name);
}

std::string PhpFunction(std::string_view name) {
  std::string out;
  // "App\\Base@anonymous<NUL>/path:12$0::run": the path moves with the deploy.
  static constexpr std::string_view kAnonymous = "@anonymous";
  if (const auto at = name.find(kAnonymous); at != std::string_view::npos && at > 0) {
    const auto head = name.substr(0, at + kAnonymous.size());
    const auto method = name.rfind("::");
    out = std::string(head);
    if (method != std::string_view::npos && method >= head.size()) out += name.substr(method);
  } else {
    out = std::string(name);
  }
  static constexpr std::string_view kClosure = "{closure";
  if (auto at = out.find(kClosure);
      at != std::string::npos && out.find('}', at) != std::string::npos) {
    // Up to PHP 8.3 the namespace stands before it, since 8.4 the place is inside.
    while (at > 0 && (IsWord(out[at - 1]) || out[at - 1] == '\\')) --at;
    out = out.substr(0, at) + "{closure}";
  }
  return std::string(WithoutTemplateHash(out));
}

std::string ElixirFunction(std::string_view name) {
  // Shop."-total/1-lists^foldl/2-0-"/3: a loop that the compiler made a function of.
  if (const auto quote = name.find("\"-"); quote != std::string_view::npos) {
    const auto end = name.find('-', quote + 2);
    if (end != std::string_view::npos && end > quote + 2) {
      return std::string(name.substr(0, quote)).append(name.substr(quote + 2, end - quote - 2));
    }
  }
  if (StartsWith(name, "anonymous fn/")) {
    const auto in = name.find(" in ");
    if (in != std::string_view::npos) return std::string(name.substr(in + 4));
  }
  const auto fun = name.find("-fun-");
  if (!name.empty() && name.front() == '-' && fun != std::string_view::npos) {
    const std::size_t digits = RunLength(name, fun + 5, IsDigit);
    if (digits > 0) return std::string(name.substr(0, fun + 5));
  }
  return std::string(name);
}

std::string PerlFunction(std::string_view name) {
  static constexpr std::string_view kEval = "(eval ";
  std::string out(name);
  for (auto at = out.find(kEval); at != std::string::npos; at = out.find(kEval, at + 1)) {
    const std::size_t digits = RunLength(out, at + kEval.size(), IsDigit);
    const std::size_t end = at + kEval.size() + digits;
    if (digits > 0 && end < out.size() && out[end] == ')') out.replace(at, end + 1 - at, "(eval)");
  }
  return out;
}

std::string DartFunction(std::string_view name) {
  for (bool again = true; again;) {
    again = false;
    for (std::string_view closure : {"<anonymous closure>", "<fn>"}) {
      if (name.size() <= closure.size()) continue;
      if (name.substr(name.size() - closure.size()) != closure) continue;
      name = name.substr(0, name.size() - closure.size());
      while (!name.empty() && (name.back() == '.' || name.back() == ' ')) name.remove_suffix(1);
      again = true;
    }
  }
  if (StartsWith(name, "new ")) name = Trim(name.substr(4));
  return std::string(name);
}

}  // namespace mishap::g1
