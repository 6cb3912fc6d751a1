// Step of a digest transaction: what arriving events do to resolved and ignored issues. The rules
// of releases are reopening.h's; those of snoozes stand here because they are counts.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/json_writer.h"
#include "storage/digest_transaction.h"
#include "storage/triage/digest_steps.h"
#include "storage/triage/reopening.h"

namespace mishap {
namespace {

// Events looked at for a window; above it whole hours are counted (docs/limits.md).
constexpr std::int64_t kWindowEventsMax = 10'000;

struct Snooze {
  std::optional<std::int64_t> until;  // micros since 1970
  std::optional<std::int64_t> times, window_min, users, user_window_min, escalate_per_hour;
  std::int64_t times_base = 0;
  std::int64_t users_base = 0;
};

// An issue of the batch that its events may bring back.
struct Waiting {
  RowKey key;
  const Span* span = nullptr;
  std::int64_t users = 0;  // after this batch
  std::int64_t times = 0;
  bool is_resolved = false;
  ResolvedState resolved;
  Snooze snooze;
};

struct Returned {
  const Waiting* waiting = nullptr;
  const PendingEvent* event = nullptr;
  std::int16_t substatus = 0;
  std::int16_t inbox = 0;
  std::string_view activity;
  std::string_view effect;
  std::string details;
};

constexpr std::int16_t kOngoing = 2, kRegressed = 3, kEscalating = 4;
constexpr std::int16_t kInboxRegression = 2, kInboxEscalating = 5, kInboxOngoing = 6;

using ReleaseMap = std::map<RowKey, ReleaseFacts>;

std::int64_t MicrosOf(const PqRows& rows, int row, int column) {
  return rows.Int8(row, column) + kPostgresEpochMicros;
}

std::optional<std::int64_t> NumberOf(const PqRows& rows, int row, int column) {
  if (rows.IsNull(row, column)) return std::nullopt;
  return rows.Int8(row, column);
}

std::optional<std::int64_t> MinutesOf(const PqRows& rows, int row, int column) {
  if (rows.IsNull(row, column)) return std::nullopt;
  return rows.Int4(row, column);
}

Snooze SnoozeOf(const PqRows& rows, int row) {
  Snooze out;
  if (!rows.IsNull(row, 6)) out.until = MicrosOf(rows, row, 6);
  out.times = NumberOf(rows, row, 7);
  out.window_min = MinutesOf(rows, row, 8);
  out.users = NumberOf(rows, row, 9);
  out.user_window_min = MinutesOf(rows, row, 10);
  out.times_base = rows.Int8(row, 11);
  out.users_base = rows.Int8(row, 12);
  out.escalate_per_hour = NumberOf(rows, row, 13);
  return out;
}

std::vector<Waiting> FindWaiting(DigestRun& run) {
  PqArray projects(PqArray::Type::kInt8), ids(PqArray::Type::kInt8);
  std::vector<std::pair<RowKey, const Span*>> asked;
  asked.reserve(run.issues.size());
  for (const auto& [key, span] : run.issues) {
    projects.Int8(key.first);
    ids.Int8(key.second);
    asked.emplace_back(key, &span);
  }
  const PqRows rows = run.pg.Run("digest_triage_select",
                                 PqParams().Array(std::move(projects)).Array(std::move(ids)));
  std::vector<Waiting> out;
  for (int i = 0; i < rows.Count(); ++i) {
    Waiting one;
    std::tie(one.key, one.span) = asked[static_cast<std::size_t>(rows.Int8(i, 0) - 1)];
    one.is_resolved = rows.Int2(i, 1) == 1;
    if (!rows.IsNull(i, 2)) one.resolved.resolved_at = Timestamp{MicrosOf(rows, i, 2)};
    one.resolved.kind = static_cast<ResolutionKind>(rows.Int2(i, 3));
    one.resolved.release.id = rows.Int4(i, 4);
    one.resolved.current_version = rows.Bytes(i, 5);
    if (!one.is_resolved) one.snooze = SnoozeOf(rows, i);
    one.times = rows.Int8(i, 14) + one.span->count;
    auto changed = run.users.find(one.key);
    one.users = changed == run.users.end() ? rows.Int8(i, 15) : changed->second;
    out.push_back(std::move(one));
  }
  std::sort(out.begin(), out.end(),
            [](const Waiting& a, const Waiting& b) { return a.key < b.key; });
  return out;
}

// The events of the batch by the issue they may bring back, first received first.
std::map<RowKey, std::vector<const PendingEvent*>> EventsOf(const DigestRun& run,
                                                            const std::vector<Waiting>& waiting) {
  std::map<RowKey, std::vector<const PendingEvent*>> out;
  for (const Waiting& one : waiting) out[one.key];
  for (const PendingEvent& pending : run.events) {
    if (pending.discarded) continue;
    auto it = out.find({pending.key.project, pending.issue});
    if (it != out.end()) it->second.push_back(&pending);
  }
  for (auto& [key, events] : out) {
    std::sort(events.begin(), events.end(), [](const PendingEvent* a, const PendingEvent* b) {
      return std::tie(a->event->received_at, a->event->event_id) <
             std::tie(b->event->received_at, b->event->event_id);
    });
  }
  return out;
}

ReleaseMap FindReleases(DigestRun& run, const std::vector<Waiting>& waiting,
                        const std::map<RowKey, std::vector<const PendingEvent*>>& events) {
  ReleaseMap out;
  for (const Waiting& one : waiting) {
    if (!one.is_resolved || one.resolved.kind == ResolutionKind::kPlain) continue;
    out[{one.key.first, one.resolved.release.id}];
    for (const PendingEvent* event : events.at(one.key)) out[{one.key.first, event->release}];
  }
  if (out.empty()) return out;
  PqArray projects(PqArray::Type::kInt8), ids(PqArray::Type::kInt4);
  std::vector<ReleaseFacts*> asked;
  for (auto& [key, facts] : out) {
    projects.Int8(key.first);
    ids.Int4(static_cast<std::int32_t>(key.second));
    asked.push_back(&facts);
  }
  const PqRows rows = run.pg.Run("digest_triage_release",
                                 PqParams().Array(std::move(projects)).Array(std::move(ids)));
  std::vector<std::int32_t> numbers;
  numbers.reserve(out.size());
  for (const auto& [key, facts] : out) numbers.push_back(static_cast<std::int32_t>(key.second));
  for (int i = 0; i < rows.Count(); ++i) {
    const auto at = static_cast<std::size_t>(rows.Int8(i, 0) - 1);
    *asked[at] = {numbers[at], std::string(rows.Bytes(i, 1)), Timestamp{MicrosOf(rows, i, 2)}};
  }
  return out;
}

// In a release that is gone nothing is resolved any more: as a plain resolve.
ResolvedState WithRelease(const ResolvedState& state, const ReleaseMap& releases,
                          std::int64_t project) {
  ResolvedState out = state;
  if (out.kind != ResolutionKind::kRelease && out.kind != ResolutionKind::kNextRelease) return out;
  auto it = releases.find({project, state.release.id});
  if (it == releases.end() || it->second.id == 0) {
    out.kind = ResolutionKind::kPlain;
  } else {
    out.release = it->second;
  }
  return out;
}

std::string RegressionDetails(const PendingEvent& event, const ResolvedState& state,
                              const ReleaseFacts& release) {
  std::string out;
  JsonWriter json(out);
  json.BeginObject().Field("event_id", ToHex(event.event->event_id));
  if (!event.event->release.empty()) json.Field("version", event.event->release);
  if (state.kind != ResolutionKind::kPlain) {
    json.Field("resolved_in_version", state.release.version);
    json.Field("follows_semver", CompareVersions(release.version, state.release.version) !=
                                     std::partial_ordering::unordered);
  }
  json.EndObject();
  return out;
}

std::optional<Returned> JudgeResolved(const Waiting& waiting,
                                      const std::vector<const PendingEvent*>& events,
                                      const ReleaseMap& releases) {
  const ResolvedState state = WithRelease(waiting.resolved, releases, waiting.key.first);
  for (const PendingEvent* event : events) {
    SeenEvent seen{event->event->occurred_at, {}};
    auto it = releases.find({waiting.key.first, event->release});
    if (it != releases.end()) seen.release = it->second;
    if (!IsRegression(state, seen)) continue;
    return Returned{&waiting,
                    event,
                    kRegressed,
                    kInboxRegression,
                    "set_regression",
                    "issue_regressed",
                    RegressionDetails(*event, state, seen.release)};
  }
  return std::nullopt;
}

struct WindowCounts {
  std::int64_t times = 0;
  std::int64_t users = 0;
  std::int64_t hour = 0;
};

std::vector<WindowCounts> CountWindows(DigestRun& run, const std::vector<const Waiting*>& asked) {
  using enum PqArray::Type;
  PqArray projects(kInt8), ids(kInt8), times_since(kTime), most(kInt8), users_since(kTime),
      hours(kTime);
  auto since = [&](PqArray& column, const Waiting& one, std::optional<std::int64_t> window) {
    if (!window) return column.Null();
    column.Time({one.span->last->event->received_at.micros - *window * 60 * kMicrosPerSecond});
  };
  for (const Waiting* one : asked) {
    const Snooze& snooze = one->snooze;
    projects.Int8(one->key.first);
    ids.Int8(one->key.second);
    since(times_since, *one, snooze.times ? snooze.window_min : std::nullopt);
    most.Int8(snooze.times.value_or(0));
    since(users_since, *one, snooze.users ? snooze.user_window_min : std::nullopt);
    if (snooze.escalate_per_hour) {
      hours.Time(FloorToHour(one->span->last->event->received_at));
    } else {
      hours.Null();
    }
  }
  PqParams params;
  for (PqArray* column : {&projects, &ids, &times_since, &most, &users_since, &hours}) {
    params.Array(std::move(*column));
  }
  const PqRows rows = run.pg.Run("digest_triage_count", params.Int8(kWindowEventsMax));
  std::vector<WindowCounts> out(asked.size());
  for (int i = 0; i < rows.Count(); ++i) {
    out[static_cast<std::size_t>(rows.Int8(i, 0) - 1)] = {rows.Int8(i, 1), rows.Int8(i, 2),
                                                          rows.Int8(i, 3)};
  }
  return out;
}

bool NeedsCounts(const Snooze& snooze) {
  return (snooze.times && snooze.window_min) || (snooze.users && snooze.user_window_min) ||
         snooze.escalate_per_hour;
}

// Which condition is met; empty: none.
std::string_view MetCondition(const Waiting& one, const WindowCounts& counts, Timestamp now) {
  const Snooze& snooze = one.snooze;
  if (snooze.until && *snooze.until <= now.micros) return "ignoreUntil";
  if (snooze.times) {
    const auto seen = snooze.window_min ? counts.times : one.times - snooze.times_base;
    if (seen >= *snooze.times) return "ignoreCount";
  }
  if (snooze.users) {
    const auto seen = snooze.user_window_min ? counts.users : one.users - snooze.users_base;
    if (seen >= *snooze.users) return "ignoreUserCount";
  }
  if (snooze.escalate_per_hour && counts.hour >= *snooze.escalate_per_hour) return "escalating";
  return {};
}

Returned AfterSnooze(const Waiting& one, std::string_view condition) {
  const PendingEvent* event = one.span->last;
  auto id = ToHex(event->event->event_id);
  if (condition == "escalating") {
    return {&one,
            event,
            kEscalating,
            kInboxEscalating,
            "set_escalating",
            "issue_escalating",
            fmt::format(R"({{"event_id":"{}","forecast":{}}})", id, *one.snooze.escalate_per_hour)};
  }
  return {&one,
          event,
          kOngoing,
          kInboxOngoing,
          "set_unresolved",
          "issue_unresolved",
          fmt::format(R"({{"event_id":"{}","from":"ignored","condition":"{}"}})", id, condition)};
}

void JudgeSnoozed(DigestRun& run, const std::vector<Waiting>& waiting, std::vector<Returned>& out) {
  std::vector<const Waiting*> asked;
  for (const Waiting& one : waiting) {
    if (!one.is_resolved && NeedsCounts(one.snooze)) asked.push_back(&one);
  }
  std::map<RowKey, WindowCounts> counts;
  if (!asked.empty()) {
    auto counted = CountWindows(run, asked);
    for (std::size_t i = 0; i < asked.size(); ++i) counts[asked[i]->key] = counted[i];
  }
  for (const Waiting& one : waiting) {
    if (one.is_resolved) continue;
    auto condition = MetCondition(one, counts[one.key], run.now);
    if (!condition.empty()) out.push_back(AfterSnooze(one, condition));
  }
}

void Store(DigestRun& run, const std::vector<Returned>& all) {
  using enum PqArray::Type;
  PqArray projects(kInt8), ids(kInt8), substatuses(kInt2), inboxes(kInt2), activities(kText),
      effects(kText), details(kText), events(kUuid);
  PqArray regressed_projects(kInt8), releases(kInt4), regressed(kInt8), regressed_by(kUuid);
  for (const Returned& one : all) {
    const auto& [project, issue] = one.waiting->key;
    projects.Int8(project);
    ids.Int8(issue);
    substatuses.Int2(one.substatus);
    inboxes.Int2(one.inbox);
    activities.Text(one.activity);
    effects.Text(one.effect);
    details.Text(one.details);
    events.Uuid(one.event->event->event_id);
    if (one.substatus != kRegressed) continue;
    regressed_projects.Int8(project);
    releases.Int4(one.event->release);
    regressed.Int8(issue);
    regressed_by.Uuid(one.event->event->event_id);
  }
  auto copied = [](const PqArray& array) { return PqArray(array); };
  run.pg.Run("digest_triage_reopen", PqParams()
                                         .Array(copied(projects))
                                         .Array(copied(ids))
                                         .Array(std::move(substatuses))
                                         .Array(std::move(inboxes)));
  for (const char* name : {"digest_triage_drop_resolution", "digest_triage_drop_snooze"}) {
    run.pg.Run(name, PqParams().Array(copied(projects)).Array(copied(ids)));
  }
  run.pg.Run("digest_triage_activity", PqParams()
                                           .Array(copied(projects))
                                           .Array(copied(ids))
                                           .Array(std::move(activities))
                                           .Array(copied(details)));
  run.pg.Run("digest_triage_outbox", PqParams()
                                         .Array(std::move(projects))
                                         .Array(std::move(ids))
                                         .Array(std::move(effects))
                                         .Array(std::move(events))
                                         .Array(std::move(details)));
  if (regressed.Count() == 0) return;
  run.pg.Run("digest_triage_regression", PqParams()
                                             .Array(std::move(regressed_projects))
                                             .Array(std::move(releases))
                                             .Array(std::move(regressed))
                                             .Array(std::move(regressed_by)));
}

}  // namespace

void ReopenIssues(DigestRun& run) {
  const auto waiting = FindWaiting(run);
  if (waiting.empty()) return;
  const auto events = EventsOf(run, waiting);
  const auto releases = FindReleases(run, waiting, events);
  std::vector<Returned> all;
  for (const Waiting& one : waiting) {
    if (!one.is_resolved) continue;
    if (auto returned = JudgeResolved(one, events.at(one.key), releases)) {
      all.push_back(std::move(*returned));
    }
  }
  JudgeSnoozed(run, waiting, all);
  if (!all.empty()) Store(run, all);
}

}  // namespace mishap
