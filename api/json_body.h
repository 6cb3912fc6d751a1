// JsonBody: the JSON object of a request, read field by field. The first field that is wrong is
// kept as the 400 answer that names it; a resource reads all it wants and asks Problem() once.
// Absent and null read alike unless Has() is asked. Texts are UTF-8 without NUL.
#pragma once

#include <boost/json/fwd.hpp>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "net/http.h"

namespace mishap {

class JsonBody {
 public:
  // Blank text is an empty object; text that is no JSON object is a problem at once.
  explicit JsonBody(std::string_view text);
  ~JsonBody();
  JsonBody(JsonBody&&) noexcept;

  // Present, be it null.
  bool Has(std::string_view name) const;
  bool IsNull(std::string_view name) const;  // present and null
  std::vector<std::string> Names() const;    // of all fields, in order
  std::optional<std::string> Text(std::string_view name, std::size_t bytes_max);
  // As Text; an empty or absent one is refused with "This field is required."
  std::string RequiredText(std::string_view name, std::size_t bytes_max);
  std::optional<bool> Bool(std::string_view name);
  std::optional<std::int64_t> Int(std::string_view name, std::int64_t min, std::int64_t max);
  std::optional<Timestamp> Time(std::string_view name);  // ISO 8601 or epoch seconds
  // Texts; numbers are taken as their digits (clients send ids either way).
  std::optional<std::vector<std::string>> Texts(std::string_view name, std::size_t count_max,
                                                std::size_t bytes_max);
  // Calls read for each object of a list; what is wrong inside counts against `name`. False: absent
  // or null.
  bool Objects(std::string_view name, std::size_t count_max,
               const std::function<void(JsonBody& item)>& read);

  // Calls read for an object; false: absent or null.
  bool Object(std::string_view name, const std::function<void(JsonBody& object)>& read);
  // An object of the client's own shape, as JSON text of at most bytes_max.
  std::optional<std::string> ObjectText(std::string_view name, std::size_t bytes_max);

  // Keeps the first of all problems.
  void Refuse(std::string_view name, std::string_view message);
  const std::optional<HttpMessageResponse>& Problem() const { return *problem_; }

 private:
  JsonBody(const boost::json::object& object, std::string field,
           std::optional<HttpMessageResponse>* problem);
  // Neither absent nor null.
  const boost::json::value* Find(std::string_view name) const;

  std::unique_ptr<boost::json::value> owned_;
  const boost::json::object* object_ = nullptr;
  std::string field_;  // the list this object is in; empty: it is the body
  std::optional<HttpMessageResponse> own_problem_;
  std::optional<HttpMessageResponse>* problem_;
};

}  // namespace mishap
