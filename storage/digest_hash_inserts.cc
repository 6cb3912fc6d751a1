// What HashResolver decided, written: hash rows, issues, samples, all in key order.
#include <algorithm>

#include "storage/digest_hash_rows.h"

namespace mishap {
namespace {

constexpr std::string_view kFloodTitle = "Issue flood: too many new issues at once";
constexpr std::string_view kFloodMetadata =
    R"({"title":"Issue flood: too many new issues at once"})";

std::string_view BytesOf(const Hash128& hash) {
  return {reinterpret_cast<const char*>(hash.bytes.data()), hash.bytes.size()};
}

std::string_view MetadataOf(const DigestEvent& event) {
  return event.metadata_json.empty() ? std::string_view("{}") : event.metadata_json;
}

}  // namespace

void HashResolver::InsertRows() {
  if (new_rows_.empty()) return;
  PqArray projects(PqArray::Type::kInt8), ids(PqArray::Type::kInt8), issues(PqArray::Type::kInt8);
  PqArray algorithms(PqArray::Type::kInt2), kinds(PqArray::Type::kInt2),
      origins(PqArray::Type::kInt2);
  PqArray hashes(PqArray::Type::kBytes), times(PqArray::Type::kTime), events(PqArray::Type::kUuid);
  PqArray releases(PqArray::Type::kInt4), environments(PqArray::Type::kInt4);
  PqArray aliases(PqArray::Type::kBytes), splits(PqArray::Type::kInt8),
      states(PqArray::Type::kInt2), heirs(PqArray::Type::kInt8);
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
    row.alias != nullptr ? aliases.Bytes(BytesOf(*row.alias)) : aliases.Null();
    row.split_of != 0 ? splits.Int8(row.split_of) : splits.Null();
    states.Int2(row.state.state);
    row.heir_of != 0 ? heirs.Int8(row.heir_of) : heirs.Null();
  }
  PqParams params;
  for (PqArray* column : {&projects, &ids, &algorithms, &kinds, &hashes, &issues, &origins, &times,
                          &events, &releases, &environments, &aliases, &splits, &states, &heirs}) {
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
  PqArray unhandled(PqArray::Type::kBool), floods(PqArray::Type::kBool),
      times(PqArray::Type::kTime), events(PqArray::Type::kUuid);
  PqArray releases(PqArray::Type::kInt4), environments(PqArray::Type::kInt4);
  for (const auto& [key, issue] : new_issues_) {
    const PendingEvent* pending = issue.first;
    const DigestEvent& event = *pending->event;
    projects.Int8(key.first);
    ids.Int8(key.second);
    levels.Int2(static_cast<std::int16_t>(event.level));
    types.Text(event.type);
    platforms.Text(event.platform);
    loggers.Text(event.logger);
    titles.Text(issue.is_flood ? kFloodTitle : std::string_view(event.title));
    culprits.Text(issue.is_flood ? std::string_view() : std::string_view(event.culprit));
    metadata.Text(issue.is_flood ? kFloodMetadata : MetadataOf(event));
    floods.Bool(issue.is_flood);
    unhandled.Bool(event.unhandled);
    times.Time(event.received_at);
    events.Uuid(event.event_id);
    releases.Int4(pending->release);
    environments.Int4(pending->environment);
  }
  PqParams params;
  for (PqArray* column :
       {&projects, &ids, &levels, &types, &platforms, &loggers, &titles, &culprits, &metadata,
        &unhandled, &times, &events, &releases, &environments, &floods}) {
    params.Array(std::move(*column));
  }
  run_.pg.Run("digest_issue_insert", params);
}

// One sample per row that events decide by; alias rows have none.
void HashResolver::InsertSamples() {
  PqArray projects(PqArray::Type::kInt8), ids(PqArray::Type::kInt8), events(PqArray::Type::kUuid);
  PqArray times(PqArray::Type::kTime), payloads(PqArray::Type::kBytes);
  PqArray explanations(PqArray::Type::kBytes), texts(PqArray::Type::kText);
  PqArray splits(PqArray::Type::kInt8), facts(PqArray::Type::kText);
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
    // Known keys were not explained again: a text that was split off has its site's explanation.
    const bool has_own = !event.explanation.empty() || row.split_of == 0;
    const std::string_view own =
        event.explanation.empty() ? std::string_view("{}") : std::string_view(event.explanation);
    has_own ? explanations.Bytes(run_.codec.Compress(own)) : explanations.Null();
    splits.Int8(row.split_of);
    texts.Text(event.search_text);
    facts.Text(event.search_facts);
    auto [it, added] = first.emplace(key.project, event.received_at);
    if (!added) it->second = std::min(it->second, event.received_at);
  }
  if (projects.Count() == 0) return;
  PqParams params;
  for (PqArray* column :
       {&projects, &ids, &events, &times, &payloads, &explanations, &texts, &facts, &splits}) {
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

void HashResolver::MarkHeirs() {
  if (heirs_.empty()) return;
  PqArray projects(PqArray::Type::kInt8), ids(PqArray::Type::kInt8), versions(PqArray::Type::kInt4);
  for (const auto& [key, version] : heirs_) {
    projects.Int8(key.first);
    ids.Int8(key.second);
    versions.Int4(version);
  }
  run_.pg.Run(
      "digest_hash_row_heirs",
      PqParams().Array(std::move(projects)).Array(std::move(ids)).Array(std::move(versions)));
}

}  // namespace mishap
