// Merge and unmerge (grouping 14.4, 14.5).
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/json_writer.h"
#include "storage/read_rows.h"
#include "storage/regroup/regrouping.h"

namespace mishap {
namespace {

using regroup::Issue;
using regroup::Regrouping;
using regroup::Row;

std::string MergeDetails(const std::vector<std::int64_t>& children) {
  std::string out;
  JsonWriter json(out);
  json.BeginObject().Key("issues").BeginArray();
  for (std::int64_t child : children) {
    json.BeginObject().Field("id", std::to_string(child)).EndObject();
  }
  json.EndArray().EndObject();
  return out;
}

// {"fingerprints":[..],"source":{"id":".."}}
std::string UnmergeDetails(const std::vector<Row>& moved, const char* where, std::int64_t issue) {
  std::string out;
  JsonWriter json(out);
  json.BeginObject().Key("fingerprints").BeginArray();
  for (const Row& row : moved) {
    std::string hex;
    for (unsigned char c : row.hash) hex += fmt::format("{:02x}", c);
    json.String(hex);
  }
  json.EndArray().Key(where).BeginObject().Field("id", std::to_string(issue)).EndObject();
  json.EndObject();
  return out;
}

// Most events first, then the oldest.
bool ComesFirst(const Issue& a, const Issue& b) {
  if (a.times_seen != b.times_seen) return a.times_seen > b.times_seen;
  if (a.first_seen != b.first_seen) return a.first_seen < b.first_seen;
  return a.id < b.id;
}

Result<MergedIssues> MergeIn(Regrouping& regrouping, const std::vector<std::int64_t>& ids) {
  auto rows = regrouping.RowsOf(ids);
  if (!rows) return Fail(rows.error());
  std::vector<Issue> issues = regrouping.Issues(ids);
  std::erase_if(issues, [](const Issue& issue) { return !issue.IsVisible(); });
  if (issues.size() < 2) {
    return Fail(Reason::kInvalidArgument, "A merge needs at least two issues of one project.");
  }
  std::sort(issues.begin(), issues.end(), ComesFirst);
  const std::int64_t parent = issues.front().id;
  MergedIssues merged{{parent}, {}, {}};
  std::vector<std::int64_t> children;
  for (const Issue& issue : issues) {
    if (issue.id == parent) continue;
    Issue after = issue;
    after.status = regroup::kMergedAway;
    after.substatus = 0;
    after.merged_into = parent;
    regrouping.Change(issue, after);
    children.push_back(issue.id);
    merged.children.push_back({issue.id});
  }
  const std::set<std::int64_t> moved(children.begin(), children.end());
  for (const Row& row : *rows) {
    if (!moved.contains(row.issue)) continue;
    Row after = row;
    after.issue = parent;
    after.origin = regroup::kOriginMerge;
    regrouping.Change(row, after);
  }
  regrouping.Redirect(children, parent);
  regrouping.Write();
  regrouping.Recompute(parent, children, nullptr);
  regrouping.MoveNotes(children, parent);
  regrouping.SharePeople(children, parent);
  regrouping.Activity(parent, "merge", MergeDetails(children));
  merged.log = regrouping.WriteLog("merge", children, parent);
  return merged;
}

Hash128 HashOf(const Row& row) {
  Hash128 hash;
  std::copy_n(row.hash.begin(), std::min(row.hash.size(), hash.bytes.size()), hash.bytes.begin());
  return hash;
}

// `named` and, of each error in it, what it is called under other versions of the grouping: the
// heirs of a row, and the row itself once all its heirs go.
std::vector<Hash128> WithSiblings(const std::vector<Row>& rows, const std::vector<Hash128>& named) {
  std::vector<Hash128> out = named;
  std::set<std::int64_t> moving;
  std::map<std::int64_t, std::vector<std::int64_t>> heirs;
  for (const Row& row : rows) {
    if (!row.Decides()) continue;
    if (std::find(named.begin(), named.end(), HashOf(row)) != named.end()) moving.insert(row.id);
    if (row.heir_of != 0) heirs[row.heir_of].push_back(row.id);
  }
  const auto moves = [&](std::int64_t id) { return moving.contains(id); };
  for (bool changed = true; changed;) {  // a round for each version there was
    changed = false;
    for (const Row& row : rows) {
      if (!row.Decides() || moves(row.id)) continue;
      auto own = heirs.find(row.id);
      const bool all_heirs =
          own != heirs.end() && std::all_of(own->second.begin(), own->second.end(), moves);
      if (!moves(row.heir_of) && !all_heirs) continue;
      moving.insert(row.id);
      out.push_back(HashOf(row));
      changed = true;
    }
  }
  return out;
}

// The rows of `hashes` and the aliases that nothing of what stays refers to.
Result<std::vector<Row>> Chosen(const std::vector<Row>& rows, const std::vector<Hash128>& hashes) {
  std::set<std::string> wanted;
  for (const Hash128& hash : hashes) {
    wanted.emplace(reinterpret_cast<const char*>(hash.bytes.data()), hash.bytes.size());
  }
  std::vector<Row> chosen;
  std::set<std::string> found, moved_aliases, kept_aliases;
  std::size_t stay = 0;
  for (const Row& row : rows) {
    if (!row.Decides()) continue;
    const bool moves = wanted.contains(row.hash);
    if (moves) {
      chosen.push_back(row);
      found.insert(row.hash);
    } else {
      ++stay;
    }
    if (!row.alias.empty()) (moves ? moved_aliases : kept_aliases).insert(row.alias);
  }
  if (found.size() != wanted.size() || wanted.empty()) {
    return Fail(Reason::kInvalidArgument,
                "Name hashes of this issue, as its list of hashes shows them.");
  }
  if (stay == 0) {
    return Fail(Reason::kInvalidArgument,
                "At least one hash has to stay with the issue. (What one error is called under "
                "several versions of the grouping goes together.)");
  }
  for (const Row& row : rows) {
    if (!row.Decides() && moved_aliases.contains(row.hash) && !kept_aliases.contains(row.hash)) {
      chosen.push_back(row);
    }
  }
  return chosen;
}

Result<UnmergedHashes> UnmergeIn(Regrouping& regrouping, IssueId source,
                                 const std::vector<Hash128>& hashes, const FaceReader& faces) {
  auto rows = regrouping.RowsOf({source.value});
  if (!rows) return Fail(rows.error());
  const auto issues = regrouping.Issues({source.value});
  if (issues.empty() || !issues.front().IsVisible()) {
    return Fail(Reason::kNotFound, "no such issue");
  }
  const std::vector<Hash128> all = WithSiblings(*rows, hashes);
  auto chosen = Chosen(*rows, all);
  if (!chosen) return Fail(chosen.error());
  const std::int64_t target = regrouping.NewIssues(source.value, 1).front();
  std::set<std::string> aliases;
  std::set<std::int64_t> moved;
  for (const Row& row : *chosen) {
    Row after = row;
    after.issue = target;
    after.no_alias = true;
    regrouping.Change(row, after);
    moved.insert(row.id);
    if (!row.alias.empty()) aliases.insert(row.alias);
  }
  // The alias step must not join again what was taken apart.
  for (const Row& row : regrouping.AliasRows(aliases)) {
    if (moved.contains(row.id) || row.no_alias) continue;
    Row after = row;
    after.no_alias = true;
    regrouping.Change(row, after);
  }
  regrouping.Write();
  regrouping.Recompute(source.value, {}, &faces);
  regrouping.Recompute(target, {}, &faces);
  regrouping.SharePeople({source.value}, target);
  regrouping.Activity(source.value, "unmerge_source",
                      UnmergeDetails(*chosen, "destination", target));
  regrouping.Activity(target, "unmerge_destination",
                      UnmergeDetails(*chosen, "source", source.value));
  return UnmergedHashes{source,
                        {target},
                        regrouping.WriteLog("unmerge", {source.value}, target),
                        {all.begin() + static_cast<std::ptrdiff_t>(hashes.size()), all.end()}};
}

}  // namespace

Result<MergedIssues> MergeIssues(Session& session, const Scope& scope,
                                 const std::vector<IssueId>& ids, Timestamp now) {
  std::set<std::int64_t> wanted, projects;
  for (IssueId id : ids) {
    if (!scope.Sees(ProjectOf(id))) continue;
    wanted.insert(id.value);
    projects.insert(ProjectOf(id).value);
  }
  if (projects.size() > 1) {
    return Fail(Reason::kInvalidArgument, "Merging across multiple projects is not supported");
  }
  if (wanted.size() < 2) {
    return Fail(Reason::kInvalidArgument, "A merge needs at least two issues of one project.");
  }
  return TransactAgain(session, [&](Work& work) {
    Regrouping regrouping(work, scope, ProjectId{*projects.begin()}, now);
    return MergeIn(regrouping, {wanted.begin(), wanted.end()});
  });
}

Result<UnmergedHashes> UnmergeHashes(Session& session, const Scope& scope, IssueId issue,
                                     const std::vector<Hash128>& hashes, const FaceReader& faces,
                                     Timestamp now) {
  if (auto ok = regroup::CheckScope(scope, ProjectOf(issue)); !ok) return Fail(ok.error());
  return TransactAgain(session, [&](Work& work) {
    Regrouping regrouping(work, scope, ProjectOf(issue), now);
    return UnmergeIn(regrouping, issue, hashes, faces);
  });
}

}  // namespace mishap
