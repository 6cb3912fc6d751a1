// Rows of the read queries as structs, shared by read_*.cc. Inside storage only: it shows pqxx.
#pragma once

#include "storage/pqxx_session.h"
#include "storage/read_issues.h"

namespace mishap {

inline std::string TextOf(const pqxx::field& field) {
  return std::string(field.c_str(), field.size());
}

IssueRow IssueRowOf(const pqxx::row& row);
ActivityRow ActivityRowOf(const pqxx::row& row);

inline std::vector<std::int64_t> NumbersOf(const std::vector<IssueId>& ids) {
  std::vector<std::int64_t> out;
  out.reserve(ids.size());
  for (IssueId id : ids) out.push_back(id.value);
  return out;
}

// null = no restriction.
inline std::optional<std::string> NamesParam(const std::vector<std::string>& names) {
  if (names.empty()) return std::nullopt;
  return ArrayParam(names);
}

}  // namespace mishap
