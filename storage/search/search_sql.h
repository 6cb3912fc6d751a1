// One condition of a search as SQL over `i`, `s` and `e` (queries/read_search.sql). Inside storage.
#pragma once

#include <string>

#include "storage/search/search_names.h"
#include "storage/search/search_tree.h"
#include "storage/sql_template.h"

namespace mishap {

class SearchSql {
 public:
  // start, end: placeholders of the window. All three must outlive this.
  SearchSql(const SearchNames& names, std::string start, std::string end, SqlTemplate& sql)
      : names_(names), start_(std::move(start)), end_(std::move(end)), sql_(sql) {}

  // A tree over whatever its leaves are about; "true" for an empty conjunction.
  std::string Tree(const SearchNode& node);
  std::string Leaf(const SearchLeaf& leaf);

  // What the roll-up says of a positive tag: "(c...) or (c...)" or "false".
  std::string TagArms(const SearchLeaf& leaf);
  std::string EnvironmentArms(const SearchLeaf& leaf);

  // {start}, {end} and the rest of a part.
  std::string Part(std::string_view name,
                   std::vector<std::pair<std::string_view, std::string>> values);
  const LeafNames& NamesOf(const SearchLeaf& leaf) const;
  SqlTemplate& Values() { return sql_; }

 private:
  std::string Positive(const SearchLeaf& leaf);
  std::string OfIssue(const SearchLeaf& leaf);
  std::string OfEvent(const SearchLeaf& leaf);
  std::string Text(const SearchLeaf& leaf);
  std::string Environment(const SearchLeaf& leaf);
  std::string Status(const SearchLeaf& leaf);
  std::string Time(std::string_view column, const SearchLeaf& leaf);
  std::string Numbers(std::string_view column, const SearchLeaf& leaf);
  std::string Column(std::string_view column, const SearchLeaf& leaf);
  std::string Releases(const SearchLeaf& leaf);
  std::string Assigned(const SearchLeaf& leaf);
  std::string Fact(const SearchLeaf& leaf);
  std::string Message(const SearchLeaf& leaf);
  std::string Tag(const SearchLeaf& leaf);
  std::string Ids(std::string_view name, const std::vector<std::int64_t>& ids);

  const SearchNames& names_;
  std::string start_;
  std::string end_;
  SqlTemplate& sql_;
};

}  // namespace mishap
