// What Swift's compiler and demangler put around a name, and the hashes il2cpp puts behind one:
// the same function, specialised, inlined or passed as a value, keeps one name.
#include "grouping/g1/chars.h"
#include "grouping/g1/function_name.h"

namespace mishap::g1 {
namespace {

constexpr std::size_t kIl2cppHashBytes = 40;

bool IsUpperHex(char c) {
  return IsDigit(c) || (c >= 'A' && c <= 'F');
}

// "$s4Shop4CartC3addyySiFTf4nn_n", "...U_TA", "...TY0_": a specialisation, a value, the rest of a
// function behind an await. Only what stands at the end of a mangled name.
void CutMangledTail(std::string& s) {
  const bool mangled = s.compare(0, 2, "$s") == 0 || s.compare(0, 3, "_$s") == 0;
  if (!mangled) return;
  if (const auto at = s.rfind("Tf");
      at != std::string::npos && at + 2 < s.size() && IsDigit(s[at + 2]) && at > 4) {
    s.resize(at);
  }
  for (bool again = true; again;) {
    again = false;
    for (std::string_view tail : {"TA", "Ta", "Tm", "Tu"}) {
      if (s.size() > 6 && s.compare(s.size() - 2, 2, tail) == 0) {
        s.resize(s.size() - 2);
        again = true;
      }
    }
    std::size_t end = s.size() - (s.back() == '_' ? 1 : 0);
    if (end == s.size()) continue;
    while (end > 0 && IsDigit(s[end - 1])) --end;
    if (end + 1 < s.size() && end > 6 && s[end - 2] == 'T' &&
        (s[end - 1] == 'Y' || s[end - 1] == 'Q')) {
      s.resize(end - 2);
      again = true;
    }
  }
}

// "Player_Update_m5FA4..._inline": behind "_m" stands the hash of the method's signature.
void CutIl2cppHash(std::string& s) {
  const auto at = s.rfind("_m");
  if (at == std::string::npos || at == 0) return;
  const std::size_t end = at + 2 + RunLength(s, at + 2, IsUpperHex);
  if (end - at - 2 == kIl2cppHashBytes && (end == s.size() || s[end] == '_')) s.resize(at);
}

}  // namespace

void CutSwiftMarks(std::string& s) {
  CutIl2cppHash(s);
  CutMangledTail(s);
  // "protocol witness for A.pay() in conformance B" is B's A.pay.
  static constexpr std::string_view kConformance = " in conformance ";
  if (const auto at = s.find(kConformance); at != std::string::npos) s.resize(at);
  // "closure #2 () -> () in closure #1 () -> () in Shop.Cart.add() -> ()": which function it is in.
  if (s.find("closure #") != std::string::npos) {
    if (const auto in = s.rfind(" in "); in != std::string::npos) s = "closure " + s.substr(in + 4);
  }
  // "Shop.Cart.total.getter : Swift.Int"
  if (const auto type = s.find(" : "); type != std::string::npos && type > 0) s.resize(type);
}

}  // namespace mishap::g1
