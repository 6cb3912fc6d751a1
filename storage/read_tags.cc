#include "storage/read_tags.h"

#include "storage/read_rows.h"

namespace mishap {
namespace {

TagValueRow TagValueOf(const pqxx::row& row) {
  return {TextOf(row["key"]), TextOf(row["value"]), row["times_seen"].as<std::int64_t>(),
          TimestampOf(row["first_seen"]), TimestampOf(row["last_seen"])};
}

std::string SortName(TagValueSort sort) {
  switch (sort) {
    case TagValueSort::kCount:
      return "count";
    case TagValueSort::kFirstSeen:
      return "first_seen";
    default:
      return "last_seen";
  }
}

std::string LikePattern(const std::string& text) {
  std::string out = "%";
  for (char c : text) {
    if (c == '%' || c == '_' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  return out + "%";
}

std::optional<std::int64_t> IssueParam(std::optional<IssueId> issue) {
  if (!issue) return std::nullopt;
  return issue->value;
}

}  // namespace

Result<std::vector<TagKeyRow>> ReadTagKeys(Session& session, const Scope& scope,
                                           std::optional<IssueId> issue,
                                           const std::vector<std::string>& keys, int top_limit) {
  return Read(session, [&](Work& work) {
    std::vector<TagKeyRow> out;
    for (const auto& row :
         work.Run(issue ? "tag_keys_of_issue" : "tag_keys", ArrayParam(scope.Projects()),
                  IssueParam(issue), NamesParam(keys), top_limit)) {
      if (out.empty() || out.back().key != TextOf(row["key"])) {
        out.push_back({TextOf(row["key"]),
                       row["total"].as<std::int64_t>(),
                       row["kept"].as<std::int64_t>(),
                       {}});
      }
      // The row of all values that were not kept has no value; it counts in `total` only.
      if (!row["value"].is_null() && top_limit > 0) out.back().top.push_back(TagValueOf(row));
    }
    return out;
  });
}

Result<std::vector<TagValueRow>> ReadTagValues(Session& session, const Scope& scope,
                                               std::optional<IssueId> issue, const std::string& key,
                                               const std::string& contains, TagValueSort sort,
                                               bool ascending, int offset, int limit) {
  return Read(session, [&](Work& work) {
    std::vector<TagValueRow> out;
    if (issue && contains.empty()) {
      for (const auto& row : work.Run("tag_values_of_issue", ArrayParam(scope.Projects()), *issue,
                                      key, SortName(sort), ascending, offset, limit)) {
        out.push_back(TagValueOf(row));
      }
      return out;
    }
    for (const auto& row :
         work.Run("tag_values", ArrayParam(scope.Projects()), IssueParam(issue), key,
                  LikePattern(contains), SortName(sort), ascending, offset, limit)) {
      out.push_back(TagValueOf(row));
    }
    return out;
  });
}

}  // namespace mishap
