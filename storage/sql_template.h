// SqlTemplate: puts a statement together from named parts, for searches whose conditions differ
// from request to request. Parts are SQL of queries/*.sql; values only ever become parameters.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mishap {

class SqlTemplate {
 public:
  // The next parameter, as it stands in SQL: "$3".
  std::string Value(std::string value) {
    params_.push_back(std::move(value));
    return "$" + std::to_string(params_.size());
  }
  // `part` with every {name} of `replacements` replaced; other braces stay.
  static std::string Fill(
      std::string_view part,
      const std::vector<std::pair<std::string_view, std::string>>& replacements) {
    std::string out(part);
    for (const auto& [name, text] : replacements) {
      const std::string mark = "{" + std::string(name) + "}";
      for (auto at = out.find(mark); at != std::string::npos;
           at = out.find(mark, at + text.size())) {
        out.replace(at, mark.size(), text);
      }
    }
    return out;
  }
  const std::vector<std::string>& Params() const { return params_; }

 private:
  std::vector<std::string> params_;
};

}  // namespace mishap
