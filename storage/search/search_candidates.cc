#include "storage/search/search_candidates.h"

#include <algorithm>
#include <string>

#include "base/bytes.h"
#include "storage/read_rows.h"
#include "storage/search/search_pattern.h"
#include "storage/search/search_sql.h"
#include "storage/sql.h"

namespace mishap {
namespace {

// Looks at this many terms of an alternative before it gives up.
constexpr int kProbesMax = 3;
// Shorter texts have no trigram.
constexpr std::size_t kTrigramBytes = 3;

using Ids = std::optional<std::vector<std::int64_t>>;

class Finder {
 public:
  Finder(Work& work, const Scope& scope, const SearchNames& names, const SearchWindow& window)
      : work_(work), scope_(scope), names_(names), window_(window) {}

  Ids Of(const SearchAlternative& one) {
    int probes = 0;
    for (bool may_scan : {false, true}) {
      for (const auto* part : Conjuncts(one.event)) {
        if (part->kind != SearchNode::Kind::kLeaf || part->leaf.is_negated) continue;
        if (probes == kProbesMax) return std::nullopt;
        SqlTemplate sql;
        auto text = may_scan ? Scan(part->leaf, sql) : Index(part->leaf, sql);
        if (text.empty()) continue;
        ++probes;
        auto ids = Run(text, sql, may_scan ? kSearchEventsMax : LimitOf(part->leaf));
        if (ids) return ids;
      }
    }
    return std::nullopt;
  }

 private:
  const LeafNames& NamesOf(const SearchLeaf& leaf) const {
    static const LeafNames kNone;
    auto it = names_.find(&leaf);
    return it == names_.end() ? kNone : it->second;
  }

  static std::int64_t LimitOf(const SearchLeaf& leaf) {
    return IsTag(leaf) ? kSearchCandidatesMax : kSearchSamplesMax;
  }

  static bool IsTag(const SearchLeaf& leaf) {
    return leaf.subject == SearchSubject::kTag || leaf.subject == SearchSubject::kRelease;
  }

  // Hash rows by an index of their own; "" if there is none for this leaf.
  std::string Index(const SearchLeaf& leaf, SqlTemplate& sql) {
    if (leaf.presence) return {};
    if (IsTag(leaf)) return ByTag(leaf, sql);
    bool is_text = leaf.subject == SearchSubject::kText || leaf.subject == SearchSubject::kMessage;
    if (!is_text && leaf.subject != SearchSubject::kFact) return {};
    if (!leaf.numbers.empty() || leaf.patterns.empty()) return {};
    // Frames and messages stand in search_text too, without case: what does not fit there fits
    // nowhere.
    std::string condition;
    for (const auto& pattern : leaf.patterns) {
      if (LongestPiece(pattern) < kTrigramBytes) return {};
      if (leaf.subject == SearchSubject::kMessage && !IsAscii(pattern)) return {};
      if (!condition.empty()) condition += " or ";
      condition += Sample(leaf, pattern, sql);
    }
    return SqlTemplate::Fill(Sql("search_candidates_sample"),
                             {{"projects", sql.Value(ArrayParam(scope_.Projects()))},
                              {"condition", "(" + condition + ")"},
                              {"limit", sql.Value(std::to_string(kSearchSamplesMax + 1))}});
  }

  std::string Sample(const SearchLeaf& leaf, const TextPattern& pattern, SqlTemplate& sql) {
    if (leaf.subject == SearchSubject::kFact && pattern.IsExact()) {
      return "s.search_facts like " + sql.Value(FactLine(leaf.key, pattern.pieces.front()));
    }
    if (leaf.subject == SearchSubject::kFact) {
      return "s.search_facts ~* " + sql.Value(FactExpression(leaf.key, pattern));
    }
    auto lower = pattern;
    for (auto& piece : lower.pieces) piece = ToLowerAscii(piece);
    return "s.search_text like " + sql.Value(ContainsPattern(lower));
  }

  std::string ByTag(const SearchLeaf& leaf, SqlTemplate& sql) {
    const auto& names = NamesOf(leaf);
    if (!names.is_rolled_up || names.is_open) return {};
    std::string arms;
    for (const auto& project : names.projects) {
      if (!arms.empty()) arms += " or ";
      arms += SqlTemplate::Fill(Sql("search_candidate_arm_tag"),
                                {{"project", sql.Value(std::to_string(project.project))},
                                 {"key", sql.Value(std::to_string(project.key))},
                                 {"ids", sql.Value(ArrayParam(project.ids))}});
    }
    return SqlTemplate::Fill(Sql("search_candidates_tag"),
                             {{"arms", arms.empty() ? "false" : arms},
                              {"limit", sql.Value(std::to_string(kSearchCandidatesMax + 1))}});
  }

  // What no index knows: events of the window, in one scan instead of one per issue.
  std::string Scan(const SearchLeaf& leaf, SqlTemplate& sql) {
    bool is_tag = IsTag(leaf) && !NamesOf(leaf).is_rolled_up && !leaf.presence;
    if (!is_tag && leaf.subject != SearchSubject::kEventId) return {};
    auto start = sql.Value(FormatTimestamp(window_.start));
    auto end = sql.Value(FormatTimestamp(window_.end));
    auto condition = SearchSql(names_, start, end, sql).Leaf(leaf);
    return SqlTemplate::Fill(Sql("search_candidates_event"),
                             {{"projects", sql.Value(ArrayParam(scope_.Projects()))},
                              {"condition", condition},
                              {"limit", sql.Value(std::to_string(kSearchEventsMax + 1))},
                              {"start", start},
                              {"end", end}});
  }

  Ids Run(const std::string& inner, const SqlTemplate& sql, std::int64_t max) {
    auto text = SqlTemplate::Fill(Sql("search_candidates"),
                                  {{"inner", inner}, {"max", std::to_string(max)}});
    std::vector<std::int64_t> ids;
    for (const auto& row : work_.RunText(text, sql.Params())) {
      if (row["issue_id"].is_null()) return std::nullopt;  // too many
      ids.push_back(row["issue_id"].as<std::int64_t>());
    }
    if (ids.size() > static_cast<std::size_t>(kSearchCandidatesMax)) return std::nullopt;
    return ids;
  }

  Work& work_;
  const Scope& scope_;
  const SearchNames& names_;
  const SearchWindow& window_;
};

}  // namespace

std::optional<std::vector<std::int64_t>> FindCandidates(
    Work& work, const Scope& scope, const std::vector<SearchAlternative>& alternatives,
    const SearchNames& names, const SearchWindow& window) {
  Finder finder(work, scope, names, window);
  std::vector<std::int64_t> all;
  for (const auto& one : alternatives) {
    if (one.event.FitsAll()) return std::nullopt;
    auto ids = finder.Of(one);
    if (!ids) return std::nullopt;
    all.insert(all.end(), ids->begin(), ids->end());
  }
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  if (all.size() > static_cast<std::size_t>(kSearchCandidatesMax)) return std::nullopt;
  return all;
}

}  // namespace mishap
