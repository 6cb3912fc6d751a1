#include "storage/issue_filter_sql.h"

#include "storage/read_rows.h"
#include "storage/sql.h"

namespace mishap {
namespace {

template <class T>
std::string NumbersArray(const std::vector<T>& values) {
  std::vector<std::int64_t> numbers;
  numbers.reserve(values.size());
  for (T value : values) numbers.push_back(static_cast<std::int64_t>(value));
  return ArrayParam(numbers);
}

// '%', '_' and '\' of the text are meant literally.
std::string ContainsPattern(const std::string& text) {
  std::string out = "%";
  for (char c : text) {
    if (c == '%' || c == '_' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  return out + "%";
}

}  // namespace

std::string IssueConditions(const IssueFilter& filter, const std::string& start,
                            const std::string& end, SqlTemplate& sql) {
  std::string out;
  auto add = [&](std::string_view name, std::string values) {
    out += " " + SqlTemplate::Fill(
                     Sql(name),
                     {{"values", sql.Value(std::move(values))}, {"start", start}, {"end", end}});
  };
  if (!filter.ids.empty()) add("issue_filter_ids", ArrayParam(NumbersOf(filter.ids)));
  if (filter.substatuses) add("issue_filter_substatus", NumbersArray(*filter.substatuses));
  if (filter.levels) add("issue_filter_level", NumbersArray(*filter.levels));
  for (const auto& names : filter.environments) add("issue_filter_environment", ArrayParam(names));
  for (const auto& versions : filter.releases) add("issue_filter_release", ArrayParam(versions));
  for (const auto& text : filter.texts) add("issue_filter_text", ContainsPattern(text));
  for (const auto& [key, values] : filter.tags) {
    out += " " +
           SqlTemplate::Fill(Sql("issue_filter_tag"),
                             {{"key", sql.Value(key)}, {"values", sql.Value(ArrayParam(values))}});
  }
  return out;
}

}  // namespace mishap
