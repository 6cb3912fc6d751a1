// Check-ins: a row each, changed by its later reports; monitors are made by the first report that
// names them. Reports of one batch are folded before, one row an id.
#include <algorithm>
#include <map>
#include <tuple>

#include "storage/typed/typed_step.h"

namespace mishap {
namespace {

using MonitorKey = std::pair<std::int64_t, std::string_view>;               // project, slug
using PlaceKey = std::tuple<std::int64_t, std::string_view, std::int32_t>;  // and environment
using RowKey = std::pair<std::int64_t, CheckInId>;

struct MonitorSeen {
  std::string_view config;
  Timestamp first, last;
};

struct CheckInRow {
  std::string_view slug;
  std::int32_t environment = 0;
  std::int32_t release = 0;
  CheckInStatus status = CheckInStatus::kInProgress;
  std::int64_t duration_ms = -1;
  std::string_view trace_id;
  Timestamp started, updated;
  std::vector<const PendingTyped*> reports;  // settled when the row was stored
};

struct CheckInRun {
  std::vector<std::pair<const PendingTyped*, const CheckIn*>> reports;
  std::map<PlaceKey, CheckInId> open;  // the newest in progress
  std::map<RowKey, CheckInRow> rows;
};

std::set<MonitorKey> UpsertMonitors(DigestRun& run, const CheckInRun& checks) {
  std::map<MonitorKey, MonitorSeen> monitors;
  for (const auto& [pending, check] : checks.reports) {
    const Timestamp at = pending->source->record.received_at;
    auto [it, added] = monitors.try_emplace({pending->source->project.value, check->slug},
                                            MonitorSeen{{}, at, at});
    MonitorSeen& seen = it->second;
    seen.first = std::min(seen.first, at);
    seen.last = std::max(seen.last, at);
    if (!check->monitor_config.empty()) seen.config = check->monitor_config;
  }
  using enum PqArray::Type;
  PqArray projects(kInt8), slugs(kText), configs(kText), firsts(kTime), lasts(kTime);
  for (const auto& [key, seen] : monitors) {
    projects.Int8(key.first);
    slugs.Text(key.second);
    if (seen.config.empty()) {
      configs.Null();
    } else {
      configs.Text(seen.config);
    }
    firsts.Time(seen.first);
    lasts.Time(seen.last);
  }
  PqParams params;
  for (PqArray* column : {&projects, &slugs, &configs, &firsts, &lasts}) {
    params.Array(std::move(*column));
  }
  params.Int8(run.limits.monitors_max);
  const PqRows rows = run.pg.Run("digest_monitor_upsert", params);
  std::set<MonitorKey> kept;
  for (int i = 0; i < rows.Count(); ++i) {
    auto it = monitors.find({rows.Int8(i, 0), rows.Bytes(i, 1)});
    if (it != monitors.end()) kept.insert(it->first);
  }
  return kept;
}

// Which check-in a report without an id goes on with.
void FindOpen(PqSession& pg, CheckInRun& checks) {
  std::set<PlaceKey> places;
  for (const auto& [pending, check] : checks.reports) {
    if (!check->latest) continue;
    places.insert({pending->source->project.value, check->slug, pending->environment});
  }
  if (places.empty()) return;
  PqArray projects(PqArray::Type::kInt8), slugs(PqArray::Type::kText),
      environments(PqArray::Type::kInt4);
  for (const auto& [project, slug, environment] : places) {
    projects.Int8(project);
    slugs.Text(slug);
    environments.Int4(environment);
  }
  const PqRows rows = pg.Run(
      "digest_check_in_latest",
      PqParams().Array(std::move(projects)).Array(std::move(slugs)).Array(std::move(environments)));
  const std::vector<PlaceKey> order(places.begin(), places.end());
  for (int i = 0; i < rows.Count(); ++i) {
    CheckInId id;
    const std::string_view bytes = rows.Bytes(i, 1);
    std::copy(bytes.begin(), bytes.end(), id.bytes.begin());
    checks.open[order[static_cast<std::size_t>(rows.Int8(i, 0) - 1)]] = id;
  }
}

void Fold(CheckInRun& checks, const PendingTyped& pending, const CheckIn& check) {
  const std::int64_t project = pending.source->project.value;
  const PlaceKey place{project, check.slug, pending.environment};
  CheckInId id = check.id;
  if (auto open = checks.open.find(place); check.latest && open != checks.open.end()) {
    id = open->second;
  }
  const Timestamp at = pending.source->record.received_at;
  auto [it, added] = checks.rows.try_emplace({project, id});
  CheckInRow& row = it->second;
  if (added) {
    row.slug = check.slug;
    row.environment = pending.environment;
    row.started = row.updated = at;
  }
  row.started = std::min(row.started, at);
  row.updated = std::max(row.updated, at);
  if (row.status == CheckInStatus::kInProgress) row.status = check.status;
  if (row.duration_ms < 0) row.duration_ms = check.duration_ms;
  if (row.release == 0) row.release = pending.release;
  if (row.trace_id.empty()) row.trace_id = check.trace_id;
  row.reports.push_back(&pending);
  if (row.status == CheckInStatus::kInProgress) {
    checks.open[place] = id;
  } else if (auto open = checks.open.find(place); open != checks.open.end() && open->second == id) {
    checks.open.erase(open);
  }
}

void AddTrace(std::string_view hex, PqArray& traces) {
  auto id = ParseId128<Hash128>(hex);
  if (hex.empty() || !id) return traces.Null();
  traces.Uuid(*id);
}

void StoreRows(DigestRun& run, const CheckInRun& checks) {
  using enum PqArray::Type;
  PqArray projects(kInt8), ids(kUuid), slugs(kText), environments(kInt4), releases(kInt4);
  PqArray statuses(kInt2), durations(kInt8), traces(kUuid), starts(kTime), updates(kTime);
  for (const auto& [key, row] : checks.rows) {
    projects.Int8(key.first);
    ids.Uuid(key.second);
    slugs.Text(row.slug);
    environments.Int4(row.environment);
    releases.Int4(row.release);
    statuses.Int2(static_cast<std::int16_t>(row.status));
    durations.Int8(row.duration_ms);
    AddTrace(row.trace_id, traces);
    starts.Time(row.started);
    updates.Time(row.updated);
  }
  PqParams params;
  for (PqArray* column : {&projects, &ids, &slugs, &environments, &releases, &statuses, &durations,
                          &traces, &starts, &updates}) {
    params.Array(std::move(*column));
  }
  const PqRows changed = run.pg.Run("digest_check_in_upsert", params);
  std::set<RowKey> kept;
  for (int i = 0; i < changed.Count(); ++i) {
    CheckInId id;
    const std::string_view bytes = changed.Bytes(i, 1);
    std::copy(bytes.begin(), bytes.end(), id.bytes.begin());
    kept.insert({changed.Int8(i, 0), id});
  }
  for (const auto& [key, row] : checks.rows) {
    for (const PendingTyped* report : row.reports) {
      Settle(run, *report, kept.contains(key) ? "" : "duplicate");
    }
  }
}

}  // namespace

void StoreCheckIns(DigestRun& run) {
  CheckInRun checks;
  ForEachTyped<CheckIn>(run, [&](const PendingTyped& pending, const CheckIn& check) {
    checks.reports.emplace_back(&pending, &check);
  });
  if (checks.reports.empty()) return;
  const std::set<MonitorKey> monitors = UpsertMonitors(run, checks);
  FindOpen(run.pg, checks);
  for (const auto& [pending, check] : checks.reports) {
    if (monitors.contains({pending->source->project.value, check->slug})) {
      Fold(checks, *pending, *check);
    } else {
      Settle(run, *pending, "monitor_limit");
    }
  }
  if (!checks.rows.empty()) StoreRows(run, checks);
}

}  // namespace mishap
