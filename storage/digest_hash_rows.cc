#include "storage/digest_hash_rows.h"

#include <algorithm>

namespace mishap {
namespace {

constexpr std::int16_t kKindMessage = 2;
constexpr std::int16_t kKindAlias = 3;
constexpr std::int16_t kStateActive = 0;
constexpr std::int16_t kStateSplit = 1;
constexpr std::int16_t kOriginFirst = 0;
constexpr std::int16_t kOriginAlias = 1;

std::string_view BytesOf(const Hash128& hash) {
  return {reinterpret_cast<const char*>(hash.bytes.data()), hash.bytes.size()};
}

HashKey AliasKey(const PendingEvent& pending) {
  return {pending.key.project, pending.key.algorithm, kKindAlias, *pending.alias};
}

}  // namespace

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
    rows_[*asked[static_cast<std::size_t>(found.Int8(i, 0) - 1)]] = {
        found.Int8(i, 1), found.Int8(i, 2), found.Int2(i, 3), found.Bool(i, 4)};
  }
}

// Where S was split, M decides, and no alias joins (grouping 14.2, step 5).
void HashResolver::FollowSplits() {
  std::set<HashKey> messages;
  for (PendingEvent& pending : run_.events) {
    auto it = rows_.find(pending.key);
    if (it == rows_.end() || it->second.state != kStateSplit || !pending.event->message_hash)
      continue;
    pending.split_of = it->second.id;
    pending.key.kind = kKindMessage;
    pending.key.hash = *pending.event->message_hash;
    pending.alias = nullptr;
    messages.insert(pending.key);
  }
  Select(messages);
}

void HashResolver::Find() {
  std::set<HashKey> keys;
  for (const PendingEvent& pending : run_.events) keys.insert(pending.key);
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
  }
  Select(keys);
  FollowSplits();
}

void HashResolver::Decide(const PendingEvent& pending, ProjectCounters& counters) {
  const HashRowState* alias = nullptr;
  if (pending.alias != nullptr) {
    auto it = rows_.find(AliasKey(pending));
    if (it != rows_.end()) alias = &it->second;
  }
  NewRow row;
  row.event = &pending;
  row.state.id = counters.hash_row++;
  if (alias != nullptr && alias->state == kStateActive && !alias->no_alias) {
    row.origin = kOriginAlias;
    row.state.issue = alias->issue;
  } else {
    row.origin = kOriginFirst;
    row.state.issue = MakeIssueId(ProjectId{pending.key.project}, counters.issue++).value;
    new_issues_.emplace(RowKey{pending.key.project, row.state.issue}, &pending);
    if (pending.alias != nullptr && alias == nullptr) {
      NewRow alias_row = row;
      alias_row.state.id = counters.hash_row++;
      rows_[AliasKey(pending)] = alias_row.state;
      new_rows_[AliasKey(pending)] = alias_row;
    }
  }
  rows_[pending.key] = row.state;
  new_rows_[pending.key] = row;
}

void HashResolver::Create(Counters& counters) {
  SelectMissing();
  // In the order of the spool: the first sighting names the issue.
  std::vector<const PendingEvent*> missing;
  for (const PendingEvent& pending : run_.events) {
    if (!IsResolved(pending)) missing.push_back(&pending);
  }
  std::sort(missing.begin(), missing.end(), [](const PendingEvent* a, const PendingEvent* b) {
    return a->event->seq < b->event->seq;
  });
  for (const PendingEvent* pending : missing) {
    if (!IsResolved(*pending)) Decide(*pending, counters[pending->key.project]);
  }
  InsertRows();
  InsertIssues();
  InsertSamples();
}

void HashResolver::InsertRows() {
  if (new_rows_.empty()) return;
  PqArray projects(PqArray::Type::kInt8), ids(PqArray::Type::kInt8), issues(PqArray::Type::kInt8);
  PqArray algorithms(PqArray::Type::kInt2), kinds(PqArray::Type::kInt2),
      origins(PqArray::Type::kInt2);
  PqArray hashes(PqArray::Type::kBytes), times(PqArray::Type::kTime), events(PqArray::Type::kUuid);
  PqArray releases(PqArray::Type::kInt4), environments(PqArray::Type::kInt4);
  PqArray aliases(PqArray::Type::kBytes), splits(PqArray::Type::kInt8);
  for (const auto& [key, row] : new_rows_) {
    projects.Int8(key.project);
    ids.Int8(row.state.id);
    algorithms.Int2(key.algorithm);
    kinds.Int2(key.kind);
    hashes.Bytes(BytesOf(key.hash));
    issues.Int8(row.state.issue);
    origins.Int2(row.origin);
    times.Time(row.event->event->received_at);
    events.Uuid(row.event->event->event_id);
    releases.Int4(row.event->release);
    environments.Int4(row.event->environment);
    // Which alias an unmerge has to close behind this row.
    const bool has_alias = key.kind != kKindAlias && row.event->alias != nullptr;
    has_alias ? aliases.Bytes(BytesOf(*row.event->alias)) : aliases.Null();
    row.event->split_of != 0 ? splits.Int8(row.event->split_of) : splits.Null();
  }
  PqParams params;
  for (PqArray* column : {&projects, &ids, &algorithms, &kinds, &hashes, &issues, &origins, &times,
                          &events, &releases, &environments, &aliases, &splits}) {
    params.Array(std::move(*column));
  }
  const std::int64_t inserted = run_.pg.Run("digest_hash_row_insert", params).Affected();
  if (inserted != static_cast<std::int64_t>(new_rows_.size())) {
    throw SqlFailure{"40001", "another writer made the same hash row"};
  }
}

void HashResolver::InsertIssues() {
  if (new_issues_.empty()) return;
  PqArray projects(PqArray::Type::kInt8), ids(PqArray::Type::kInt8), levels(PqArray::Type::kInt2);
  PqArray types(PqArray::Type::kText), platforms(PqArray::Type::kText),
      loggers(PqArray::Type::kText);
  PqArray titles(PqArray::Type::kText), culprits(PqArray::Type::kText),
      metadata(PqArray::Type::kText);
  PqArray unhandled(PqArray::Type::kBool), times(PqArray::Type::kTime),
      events(PqArray::Type::kUuid);
  PqArray releases(PqArray::Type::kInt4), environments(PqArray::Type::kInt4);
  for (const auto& [key, pending] : new_issues_) {
    const DigestEvent& event = *pending->event;
    projects.Int8(key.first);
    ids.Int8(key.second);
    levels.Int2(static_cast<std::int16_t>(event.level));
    types.Text(event.type);
    platforms.Text(event.platform);
    loggers.Text(event.logger);
    titles.Text(event.title);
    culprits.Text(event.culprit);
    metadata.Text(event.metadata_json.empty() ? "{}" : event.metadata_json);
    unhandled.Bool(event.unhandled);
    times.Time(event.received_at);
    events.Uuid(event.event_id);
    releases.Int4(pending->release);
    environments.Int4(pending->environment);
  }
  PqParams params;
  for (PqArray* column :
       {&projects, &ids, &levels, &types, &platforms, &loggers, &titles, &culprits, &metadata,
        &unhandled, &times, &events, &releases, &environments}) {
    params.Array(std::move(*column));
  }
  run_.pg.Run("digest_issue_insert", params);
}

// One sample per row that events decide by; alias rows have none.
void HashResolver::InsertSamples() {
  PqArray projects(PqArray::Type::kInt8), ids(PqArray::Type::kInt8), events(PqArray::Type::kUuid);
  PqArray times(PqArray::Type::kTime), payloads(PqArray::Type::kBytes);
  PqArray explanations(PqArray::Type::kBytes), texts(PqArray::Type::kText);
  PqArray facts(PqArray::Type::kText);
  PqArray first_projects(PqArray::Type::kInt8), first_times(PqArray::Type::kTime);
  std::map<std::int64_t, Timestamp> first;
  for (const auto& [key, row] : new_rows_) {
    if (key.kind == kKindAlias) continue;
    const DigestEvent& event = *row.event->event;
    projects.Int8(key.project);
    ids.Int8(row.state.id);
    events.Uuid(event.event_id);
    times.Time(event.received_at);
    payloads.Bytes(event.payload);
    explanations.Bytes(run_.codec.Compress(event.explanation.empty() ? "{}" : event.explanation));
    texts.Text(event.search_text);
    facts.Text(event.search_facts);
    auto [it, added] = first.emplace(key.project, event.received_at);
    if (!added) it->second = std::min(it->second, event.received_at);
  }
  if (projects.Count() == 0) return;
  PqParams params;
  for (PqArray* column :
       {&projects, &ids, &events, &times, &payloads, &explanations, &texts, &facts}) {
    params.Array(std::move(*column));
  }
  run_.pg.Run("digest_hash_sample_insert", params);
  for (const auto& [project, at] : first) {
    first_projects.Int8(project);
    first_times.Time(at);
  }
  run_.pg.Run("digest_project_first_event",
              PqParams().Array(std::move(first_projects)).Array(std::move(first_times)));
}

void HashResolver::Apply() {
  for (PendingEvent& pending : run_.events) {
    const HashRowState& row = rows_.at(pending.key);
    pending.hash_row = row.id;
    pending.issue = row.issue;
  }
  for (const auto& [key, row] : rows_) {
    if (key.kind != kKindAlias) run_.staged.hash_rows.emplace_back(key, row.id);
  }
  run_.commit.new_issues = new_issues_.size();
}

}  // namespace mishap
