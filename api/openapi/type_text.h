// Types of the API description as short text, and the JSON Schema each stands for. The grammar is
// in docs/HACKING.md ("Adding a route"). Pure; knows no routes.
#pragma once

#include <boost/json/fwd.hpp>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace mishap {

// Turns type texts into schemas and collects what is wrong with them.
class TypeReader {
 public:
  // is_type: whether a capitalised name is a type of the document.
  explicit TypeReader(std::function<bool(std::string_view)> is_type)
      : is_type_(std::move(is_type)) {}

  // A text ("[Issue]", "string|null"), an object of fields, or ["type", "description"].
  boost::json::value Schema(const boost::json::value& type);
  const std::vector<std::string>& Problems() const { return problems_; }

 private:
  boost::json::value OfText(std::string_view text);
  boost::json::value OfFields(const boost::json::object& fields);
  boost::json::value Atom(std::string_view text);
  boost::json::value Union(const std::vector<std::string_view>& alternatives);

  std::function<bool(std::string_view)> is_type_;
  std::vector<std::string> problems_;
};

}  // namespace mishap
