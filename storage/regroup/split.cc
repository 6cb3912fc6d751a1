// Split by message and discard (grouping 14.6, 14.7), and the release of a flood.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "storage/read_rows.h"
#include "storage/regroup/regrouping.h"

namespace mishap {
namespace {

using regroup::Issue;
using regroup::Regrouping;
using regroup::Row;

Hash128 HashOf(const std::string& bytes) {
  Hash128 hash;
  std::copy_n(bytes.begin(), std::min(bytes.size(), hash.bytes.size()), hash.bytes.begin());
  return hash;
}

pqxx::binarystring HashParam(const Hash128& hash) {
  return BytesParam({reinterpret_cast<const char*>(hash.bytes.data()), hash.bytes.size()});
}

std::vector<MessageShare> TextsOf(Work& work, std::int64_t project, std::int64_t row) {
  std::vector<MessageShare> texts;
  for (const auto& found :
       work.Run("regroup_message_shares", project, row, std::int64_t{kSplitEventsMax},
                static_cast<std::int64_t>(kSplitTextsMax + 1))) {
    texts.push_back({HashOf(BytesOf(found["message_hash"])), found["events"].as<std::int64_t>(),
                     EventIdOf(found["newest"])});
  }
  return texts;
}

Status Open(Regrouping& regrouping, IssueId issue, Issue& out) {
  const auto issues = regrouping.Issues({issue.value});
  if (issues.empty() || !issues.front().IsVisible()) {
    return Fail(Reason::kNotFound, "no such issue");
  }
  out = issues.front();
  return {};
}

// S rows that are not split yet, of these hashes or all.
Result<std::vector<Row>> Splittable(const std::vector<Row>& rows,
                                    const std::vector<Hash128>& hashes) {
  std::vector<Row> out;
  std::size_t custom = 0;
  for (const Row& row : rows) {
    const bool named =
        hashes.empty() || std::find(hashes.begin(), hashes.end(), HashOf(row.hash)) != hashes.end();
    if (!named || !row.Decides()) continue;
    if (row.kind == regroup::kSite && row.state == regroup::kActive) {
      out.push_back(row);
    } else if (row.kind != regroup::kSite) {
      ++custom;
    }
  }
  if (!out.empty()) return out;
  return Fail(Reason::kInvalidArgument,
              custom > 0 ? "A hash of a fingerprint or of a text has nothing left to split by."
                         : "There is no hash to split here: it is split already, or not of this "
                           "issue.");
}

// Rows of texts that an earlier split made go apart again; the most frequent one stays.
void TakeApart(Regrouping& regrouping, IssueId issue, std::vector<Row> texts,
               const std::set<std::string>& stay) {
  std::erase_if(texts, [&](const Row& row) { return stay.contains(row.hash); });
  std::erase_if(texts, [&](const Row& row) { return row.issue != issue.value; });
  if (texts.empty()) return;
  const auto made = regrouping.NewIssues(issue.value, texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    Row after = texts[i];
    after.issue = made[i];
    regrouping.Change(texts[i], after);
  }
}

Result<SplitIssue> SplitIn(Regrouping& regrouping, IssueId id, const std::vector<Hash128>& hashes,
                           bool force) {
  regrouping.LockRows({}, {id.value});
  auto rows = regrouping.RowsOf({id.value});
  if (!rows) return Fail(rows.error());
  auto chosen = Splittable(*rows, hashes);
  Issue issue;
  if (auto ok = Open(regrouping, id, issue); !ok) return Fail(ok.error());
  if (!chosen) return Fail(chosen.error());
  SplitIssue split{id, {}, {}};
  std::vector<std::int64_t> site_rows;
  std::set<std::string> stay;
  for (const Row& row : *chosen) {
    const auto texts = TextsOf(regrouping.Db(), regrouping.Project(), row.id);
    if (texts.size() > kSplitTextsMax && !force) {
      return Fail(Reason::kTooLarge,
                  fmt::format("More than {} texts: that is a variable part rather than causes. A "
                              "fingerprint rule can name what you want to tell apart.",
                              kSplitTextsMax));
    }
    Row after = row;
    after.state = regroup::kSplit;
    regrouping.Change(row, after);
    split.hashes.push_back(HashOf(row.hash));
    site_rows.push_back(row.id);
    if (texts.empty()) continue;
    const Hash128& keeper = texts.front().message;
    stay.emplace(reinterpret_cast<const char*>(keeper.bytes.data()), keeper.bytes.size());
    regrouping.Db().Run("regroup_message_row", regrouping.Project(), row.id, HashParam(keeper));
  }
  TakeApart(regrouping, id, regrouping.RowsOfSplits(site_rows), stay);
  regrouping.Write();
  for (std::int64_t made : regrouping.Made()) regrouping.Recompute(made, {}, nullptr);
  if (!regrouping.Made().empty()) regrouping.Recompute(id.value, {}, nullptr);
  split.log = regrouping.WriteLog("split", {id.value}, std::nullopt);
  return split;
}

Result<std::string> DiscardIn(Regrouping& regrouping, const std::vector<std::int64_t>& ids,
                              DiscardedIssues& out) {
  auto rows = regrouping.RowsOf(ids);
  if (!rows) return Fail(rows.error());
  std::vector<std::int64_t> gone;
  for (const Issue& issue : regrouping.Issues(ids)) {
    if (!issue.IsVisible()) continue;
    Issue after = issue;
    after.status = regroup::kDeleted;
    after.substatus = 0;
    regrouping.Change(issue, after);
    gone.push_back(issue.id);
    out.issues.push_back({issue.id});
  }
  if (gone.empty()) return std::string();
  for (const Row& row : *rows) {
    if (std::find(gone.begin(), gone.end(), row.issue) == gone.end()) continue;
    Row after = row;
    after.state = regroup::kDiscarded;
    regrouping.Change(row, after);
  }
  regrouping.Write();
  return regrouping.WriteLog("discard", gone, std::nullopt);
}

Result<ReleasedFlood> ReleaseIn(Regrouping& regrouping, IssueId id, const FaceReader& faces) {
  auto rows = regrouping.RowsOf({id.value});
  if (!rows) return Fail(rows.error());
  Issue flood;
  if (auto ok = Open(regrouping, id, flood); !ok) return Fail(ok.error());
  if (!flood.is_flood) return Fail(Reason::kInvalidArgument, "This issue is no flood.");
  std::vector<Row> deciding;
  std::copy_if(rows->begin(), rows->end(), std::back_inserter(deciding),
               [](const Row& row) { return row.Decides(); });
  const auto made = regrouping.NewIssues(id.value, deciding.size());
  std::map<std::string, std::int64_t> alias_goes;  // PM -> issue
  for (std::size_t i = 0; i < deciding.size(); ++i) {
    Row after = deciding[i];
    after.issue = made[i];
    regrouping.Change(deciding[i], after);
    if (!after.alias.empty()) alias_goes.emplace(after.alias, made[i]);
  }
  for (const Row& row : *rows) {
    auto goes = alias_goes.find(row.hash);
    if (row.Decides() || goes == alias_goes.end()) continue;
    Row after = row;
    after.issue = goes->second;
    regrouping.Change(row, after);
  }
  Issue after = flood;
  after.status = regroup::kDeleted;
  after.substatus = 0;
  regrouping.Change(flood, after);
  regrouping.Write();
  ReleasedFlood released{id, {}, {}};
  for (std::int64_t issue : made) {
    regrouping.Recompute(issue, {}, &faces);
    released.issues.push_back({issue});
  }
  regrouping.Recompute(id.value, {}, nullptr);
  released.log = regrouping.WriteLog("release", {id.value}, std::nullopt);
  return released;
}

}  // namespace

Result<std::vector<SplitOffer>> ReadSplitOffers(Session& session, const Scope& scope,
                                                IssueId issue) {
  const ProjectId project = ProjectOf(issue);
  if (auto ok = regroup::CheckScope(scope, project); !ok) return Fail(ok.error());
  return Read(session, [&](Work& work) {
    std::vector<SplitOffer> out;
    for (const auto& row : work.Run("regroup_offer_rows", project, issue)) {
      SplitOffer offer;
      offer.hash = HashOf(BytesOf(row["hash"]));
      offer.is_split = row["state"].as<int>() == regroup::kSplit;
      offer.texts = TextsOf(work, project.value, row["id"].as<std::int64_t>());
      out.push_back(std::move(offer));
    }
    return out;
  });
}

Result<SplitIssue> SplitByMessage(Session& session, const Scope& scope, IssueId issue,
                                  const std::vector<Hash128>& hashes, bool force, Timestamp now) {
  if (auto ok = regroup::CheckScope(scope, ProjectOf(issue)); !ok) return Fail(ok.error());
  return TransactAgain(session, [&](Work& work) {
    Regrouping regrouping(work, scope, ProjectOf(issue), now);
    return SplitIn(regrouping, issue, hashes, force);
  });
}

Result<DiscardedIssues> DiscardIssues(Session& session, const Scope& scope,
                                      const std::vector<IssueId>& ids, Timestamp now) {
  std::map<std::int64_t, std::vector<std::int64_t>> by_project;
  for (IssueId id : ids) {
    if (scope.Sees(ProjectOf(id))) by_project[ProjectOf(id).value].push_back(id.value);
  }
  return TransactAgain(session, [&](Work& work) -> Result<DiscardedIssues> {
    DiscardedIssues out;
    for (const auto& [project, issues] : by_project) {
      Regrouping regrouping(work, scope, ProjectId{project}, now);
      auto log = DiscardIn(regrouping, issues, out);
      if (!log) return Fail(log.error());
      if (!log->empty()) out.logs.push_back(std::move(*log));
    }
    return out;
  });
}

Result<ReleasedFlood> ReleaseFlood(Session& session, const Scope& scope, IssueId issue,
                                   const FaceReader& faces, Timestamp now) {
  if (auto ok = regroup::CheckScope(scope, ProjectOf(issue)); !ok) return Fail(ok.error());
  return TransactAgain(session, [&](Work& work) {
    Regrouping regrouping(work, scope, ProjectOf(issue), now);
    return ReleaseIn(regrouping, issue, faces);
  });
}

}  // namespace mishap
