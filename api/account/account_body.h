// AccountBody: a request's JSON object, read field by field; what is wrong is said once for all
// fields, in Sentry's form {"field": ["text"]}. Unknown keys are ignored, absent is not null
// (web-api 0.7).
#pragma once

#include <boost/json/fwd.hpp>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/http.h"

namespace mishap {

class AccountBody {
 public:
  // An empty body is an empty object.
  explicit AccountBody(std::string_view text);
  ~AccountBody();
  AccountBody(const AccountBody&) = delete;
  AccountBody& operator=(const AccountBody&) = delete;

  bool Has(std::string_view name) const;  // also null
  // nullopt: absent, null, or wrong (then Problem() says so). Text is UTF-8 without NUL, trimmed.
  std::optional<std::string> Text(std::string_view name, std::size_t bytes_max);
  std::optional<std::string> Secret(std::string_view name, std::size_t bytes_max);  // not trimmed
  std::optional<bool> Bool(std::string_view name);
  std::optional<std::int64_t> Int(std::string_view name);
  std::optional<std::vector<std::string>> Texts(std::string_view name, std::size_t count_max);
  // Of a list of objects: the text `key` of each.
  std::optional<std::vector<std::string>> TextsIn(std::string_view name, std::string_view key,
                                                  std::size_t count_max);

  // Says that a field is missing or wrong.
  void Refuse(std::string_view name, std::string text);
  void Require(std::string_view name, bool present);
  // The 400 to answer, if anything was wrong.
  std::optional<HttpMessageResponse> Problem() const;

 private:
  const boost::json::value* Find(std::string_view name) const;

  std::unique_ptr<boost::json::value> root_;
  bool unreadable_ = false;
  std::vector<std::pair<std::string, std::string>> problems_;
};

}  // namespace mishap
