// SHA-1, which Sentry's upload protocol names chunks and files by (web-api 1.1.3). Not for secrets.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace mishap {

class Sha1 {
 public:
  Sha1();
  ~Sha1();
  void Add(std::string_view bytes);
  std::string Hex();  // 40 lower-case digits; once

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

std::string Sha1Hex(std::string_view bytes);
// 40 lower-case hexadecimal digits.
bool IsSha1Hex(std::string_view text);

}  // namespace mishap
