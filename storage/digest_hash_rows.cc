#include "storage/digest_hash_rows.h"

#include <algorithm>
#include <utility>

namespace mishap {
namespace {

constexpr std::int16_t kStateActive = 0;
constexpr std::int16_t kStateSplit = 1;
constexpr std::int16_t kOriginFirst = 0;
constexpr std::int16_t kOriginAlias = 1;
constexpr std::int16_t kOriginVersion = 2;
constexpr std::int16_t kOriginFlood = 5;

std::string_view BytesOf(const Hash128& hash) {
  return {reinterpret_cast<const char*>(hash.bytes.data()), hash.bytes.size()};
}

HashKey AliasKey(const PendingEvent& pending) {
  return {pending.key.project, pending.key.algorithm, kKindAlias, *pending.alias};
}

// The key that was split.
HashKey SiteKey(const PendingEvent& pending) {
  HashKey key = pending.key;
  key.kind = pending.event->kind;
  key.hash = pending.event->deciding;
  return key;
}

// What the key of `pending` was called before its project's grouping changed, best first.
std::vector<HashKey> PreviousKeysOf(const PendingEvent& pending) {
  std::vector<HashKey> keys;
  const auto& previous = pending.event->previous;
  if (!previous) return keys;
  const std::int64_t project = pending.key.project;
  if (pending.split_of != 0) {
    if (previous->message_hash) {
      keys.push_back({project, previous->algorithm, kKindMessage, *previous->message_hash});
    }
    return keys;
  }
  keys.push_back({project, previous->algorithm, previous->kind, previous->deciding});
  if (previous->alias) {
    keys.push_back({project, previous->algorithm, kKindAlias, *previous->alias});
  }
  return keys;
}

}  // namespace

// Of projects that nothing is remembered of. ConfirmRows reads all of them again.
void HashResolver::ReadEpochs() {
  PqArray asked(PqArray::Type::kInt8);
  for (const PendingEvent& pending : run_.events) {
    const std::int64_t project = pending.key.project;
    if (run_.epochs.contains(project)) continue;
    const auto epoch = run_.facts.rows.Epoch(project);
    run_.epochs[project] = epoch.value_or(0);
    if (!epoch) asked.Int8(project);
  }
  if (asked.Count() == 0) return;
  const PqRows found = run_.pg.Run("digest_row_epochs", PqParams().Array(std::move(asked)));
  for (int i = 0; i < found.Count(); ++i) run_.epochs[found.Int8(i, 0)] = found.Int8(i, 1);
  for (const auto& [project, epoch] : run_.epochs) run_.facts.rows.SetEpoch(project, epoch);
}

bool HashResolver::IsRemembered(const HashKey& key) {
  if (rows_.contains(key)) return true;
  const auto known = run_.facts.rows.Find(key);
  if (!known) return false;
  rows_[key] = {known->id, 0, known->state, false, 0};
  remembered_.insert(key);
  return true;
}

void HashResolver::Select(const std::set<HashKey>& keys) {
  if (keys.empty()) return;
  PqArray projects(PqArray::Type::kInt8);
  PqArray algorithms(PqArray::Type::kInt2);
  PqArray kinds(PqArray::Type::kInt2);
  PqArray hashes(PqArray::Type::kBytes);
  std::vector<const HashKey*> asked;
  for (const HashKey& key : keys) {
    projects.Int8(key.project);
    algorithms.Int2(key.algorithm);
    kinds.Int2(key.kind);
    hashes.Bytes(BytesOf(key.hash));
    asked.push_back(&key);
  }
  const PqRows found = run_.pg.Run("digest_hash_row_select", PqParams()
                                                                 .Array(std::move(projects))
                                                                 .Array(std::move(algorithms))
                                                                 .Array(std::move(kinds))
                                                                 .Array(std::move(hashes)));
  for (int i = 0; i < found.Count(); ++i) {
    const HashKey& key = *asked[static_cast<std::size_t>(found.Int8(i, 0) - 1)];
    rows_[key] = {found.Int8(i, 1), found.Int8(i, 2), found.Int2(i, 3), found.Bool(i, 4),
                  found.Int4(i, 5)};
    remembered_.erase(key);
  }
}

void HashResolver::FollowSplit(PendingEvent& pending, std::int64_t site_row) {
  pending.split_of = site_row;
  pending.key.kind = kKindMessage;
  pending.key.hash = *pending.event->message_hash;
  pending.alias = nullptr;
}

// Where S was split, M decides, and no alias joins (grouping 14.2, step 5).
void HashResolver::FollowSplits() {
  std::set<HashKey> messages;
  for (PendingEvent& pending : run_.events) {
    auto it = rows_.find(pending.key);
    if (it == rows_.end() || it->second.state != kStateSplit || !pending.event->message_hash)
      continue;
    FollowSplit(pending, it->second.id);
    if (!IsRemembered(pending.key)) messages.insert(pending.key);
  }
  Select(messages);
}

void HashResolver::Find() {
  ReadEpochs();
  std::set<HashKey> keys;
  for (const PendingEvent& pending : run_.events) {
    if (!IsRemembered(pending.key)) keys.insert(pending.key);
  }
  Select(keys);
  FollowSplits();
}

std::set<std::int64_t> HashResolver::Projects() const {
  std::set<std::int64_t> projects;
  for (const PendingEvent& pending : run_.events) {
    if (!IsResolved(pending)) projects.insert(pending.key.project);
  }
  return projects;
}

void HashResolver::SelectMissing() {
  std::set<HashKey> keys;
  for (const PendingEvent& pending : run_.events) {
    if (IsResolved(pending)) continue;
    keys.insert(pending.key);
    if (pending.alias != nullptr) keys.insert(AliasKey(pending));
    for (const HashKey& key : PreviousKeysOf(pending)) keys.insert(key);
    if (pending.event->previous && pending.event->previous->message_hash) {
      keys.insert({pending.key.project, pending.event->previous->algorithm, kKindMessage,
                   *pending.event->previous->message_hash});
    }
  }
  Select(keys);
  FollowSplits();
}

const HashRowState* HashResolver::Alias(const PendingEvent& pending) const {
  if (pending.alias == nullptr) return nullptr;
  auto it = rows_.find(AliasKey(pending));
  if (it == rows_.end() || it->second.state != kStateActive || it->second.no_alias) return nullptr;
  return &it->second;
}

// The row whose issue an unknown key takes over. A new algorithm takes over every key. New rules
// are there to tell some events apart: the first new key is the heir, the others open issues.
const HashRowState* HashResolver::TakeOver(const PendingEvent& pending, NewRow& heir) {
  for (const HashKey& key : PreviousKeysOf(pending)) {
    auto it = rows_.find(key);
    if (it == rows_.end() || key == pending.key) continue;
    HashRowState& row = it->second;
    if (key.kind == kKindAlias && (row.state != kStateActive || row.no_alias)) continue;
    if (key.kind != kKindAlias) heir.heir_of = row.id;
    if (key.algorithm != pending.key.algorithm) return &row;
    const std::int32_t version = pending.event->grouping_version;
    if (row.heir_version >= version) {  // and its alias is no second one
      heir.heir_of = 0;
      return nullptr;
    }
    row.heir_version = version;
    heirs_[{key.project, row.id}] = version;
    return &row;
  }
  return nullptr;
}

// A new issue, or the flood when there were too many of them (grouping 14.3).
void HashResolver::OpenIssue(const PendingEvent& pending, ProjectCounters& counters, NewRow& row) {
  const std::int64_t project = pending.key.project;
  row.origin = kOriginFirst;
  if (counters.issue_credit >= ProjectCounters::kOneIssue) {
    counters.issue_credit -= ProjectCounters::kOneIssue;
    row.state.issue = MakeIssueId(ProjectId{project}, counters.issue++).value;
    new_issues_.emplace(RowKey{project, row.state.issue}, NewIssue{&pending, false});
    return;
  }
  row.origin = kOriginFlood;
  ++run_.commit.flooded;
  if (counters.flood_issue == 0) {
    counters.flood_issue = MakeIssueId(ProjectId{project}, counters.issue++).value;
    new_issues_.emplace(RowKey{project, counters.flood_issue}, NewIssue{&pending, true});
  }
  row.state.issue = counters.flood_issue;
}

void HashResolver::Decide(PendingEvent& pending, ProjectCounters& counters) {
  const bool told_known = pending.event->explanation.empty() && pending.split_of == 0;
  if (told_known && run_.facts.rows.Contains(pending.key)) gone_.push_back(pending.key);
  NewRow row;
  row.event = &pending;
  row.alias = pending.alias;
  row.split_of = pending.split_of;
  row.state.id = counters.hash_row++;
  if (const HashRowState* alias = Alias(pending)) {
    row.origin = kOriginAlias;
    row.state.issue = alias->issue;
  } else if (const HashRowState* before = TakeOver(pending, row)) {
    row.origin = kOriginVersion;
    row.state.issue = before->issue;
    row.state.state = before->state;
  } else {
    OpenIssue(pending, counters, row);
  }
  if (row.origin != kOriginAlias && pending.alias != nullptr &&
      !rows_.contains(AliasKey(pending))) {
    NewRow alias_row = row;
    alias_row.alias = nullptr;
    alias_row.heir_of = 0;
    alias_row.state.id = counters.hash_row++;
    if (row.state.state == kStateSplit) alias_row.state.state = kStateActive;
    rows_[AliasKey(pending)] = alias_row.state;
    new_rows_[AliasKey(pending)] = alias_row;
  }
  rows_[pending.key] = row.state;
  new_rows_[pending.key] = row;
  if (row.state.state != kStateSplit || !pending.event->message_hash) return;
  // What was split stays split: its texts take over the issues of theirs.
  FollowSplit(pending, row.state.id);
  if (!IsResolved(pending)) Select({pending.key});
  if (!IsResolved(pending)) Decide(pending, counters);
}

void HashResolver::Create(Counters& counters) {
  SelectMissing();
  // In the order of the spool: the first sighting names the issue.
  std::vector<PendingEvent*> missing;
  for (PendingEvent& pending : run_.events) {
    if (!IsResolved(pending)) missing.push_back(&pending);
  }
  std::sort(missing.begin(), missing.end(), [](const PendingEvent* a, const PendingEvent* b) {
    return a->event->seq < b->event->seq;
  });
  for (PendingEvent* pending : missing) {
    // An event before it in the batch may have split its key.
    auto it = rows_.find(pending->key);
    if (it != rows_.end() && it->second.state == kStateSplit && pending->event->message_hash) {
      FollowSplit(*pending, it->second.id);
      if (!IsResolved(*pending)) Select({pending->key});
    }
    if (!IsResolved(*pending)) Decide(*pending, counters[pending->key.project]);
  }
  if (!gone_.empty()) throw RowsAreGone{std::move(gone_)};
  InsertRows();
  InsertIssues();
  InsertSamples();
  MarkHeirs();
}

void HashResolver::Use(const HashKey& key) {
  const bool is_remembered = remembered_.contains(key);
  const HashRowState& row = rows_.at(key);
  if (!run_.used_rows.emplace(key, UsedRow{{row.id, row.state}, is_remembered}).second) return;
  ++(is_remembered ? run_.commit.keys_remembered : run_.commit.keys_looked_up);
}

void HashResolver::Apply() {
  for (PendingEvent& pending : run_.events) {
    const HashRowState& row = rows_.at(pending.key);
    pending.hash_row = row.id;
    pending.row_state = row.state;
    pending.issue = row.issue;
    Use(pending.key);
    if (pending.split_of != 0) Use(SiteKey(pending));
  }
  run_.commit.new_issues = new_issues_.size();
}

}  // namespace mishap
