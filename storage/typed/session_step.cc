// Sessions: updates are folded into the state of their session, what that adds goes to the hour the
// session started in; aggregates go there directly. A session is counted in the release and
// environment it was first heard of with.
#include <map>
#include <tuple>

#include "storage/typed/session_state.h"
#include "storage/typed/session_users.h"
#include "storage/typed/typed_step.h"

namespace mishap {
namespace {

struct SessionKey {
  std::int64_t project = 0;
  Timestamp day;
  SessionId sid;

  auto operator<=>(const SessionKey&) const = default;
};

struct SessionRow {
  SessionState state;
  std::vector<std::pair<const PendingTyped*, const SessionUpdate*>> updates;
  bool changed = false;
};

using Sessions = std::map<SessionKey, SessionRow>;
using Hours = std::map<SessionHourKey, SessionCounts>;

struct SessionKeys {
  PqArray projects{PqArray::Type::kInt8};
  PqArray days{PqArray::Type::kTime};
  PqArray sids{PqArray::Type::kUuid};

  void Add(const SessionKey& key) {
    projects.Int8(key.project);
    days.Time(key.day);
    sids.Uuid(key.sid);
  }
  PqParams Params() {
    PqParams params;
    params.Array(std::move(projects)).Array(std::move(days)).Array(std::move(sids));
    return params;
  }
};

Sessions Collect(DigestRun& run) {
  Sessions sessions;
  ForEachTyped<SessionUpdate>(run, [&](const PendingTyped& pending, const SessionUpdate& update) {
    const Timestamp day = FloorToDay(update.started);
    if (day.micros / kMicrosPerDay < run.oldest_day) return Settle(run, pending, "expired");
    auto [it, added] = sessions.try_emplace({pending.source->project.value, day, update.sid});
    if (added) {
      SessionState& state = it->second.state;
      state.started = update.started;
      state.release = pending.release;
      state.environment = pending.environment;
    }
    it->second.updates.emplace_back(&pending, &update);
  });
  return sessions;
}

// Inserts those that are not there, then locks and reads all: of two servers with the first updates
// of one session, the second waits and goes on from what the first left.
void Load(PqSession& pg, Sessions& sessions) {
  SessionKeys inserted, selected;
  PqArray starts(PqArray::Type::kTime), releases(PqArray::Type::kInt4),
      environments(PqArray::Type::kInt4);
  std::vector<SessionRow*> order;
  for (auto& [key, row] : sessions) {
    inserted.Add(key);
    selected.Add(key);
    starts.Time(row.state.started);
    releases.Int4(row.state.release);
    environments.Int4(row.state.environment);
    order.push_back(&row);
  }
  pg.Run("digest_session_insert", inserted.Params()
                                      .Array(std::move(starts))
                                      .Array(std::move(releases))
                                      .Array(std::move(environments)));
  const PqRows rows = pg.Run("digest_session_select", selected.Params());
  for (int i = 0; i < rows.Count(); ++i) {
    SessionState& state = order[static_cast<std::size_t>(rows.Int8(i, 0) - 1)]->state;
    state.started.micros = rows.Int8(i, 1) + kPostgresEpochMicros;
    state.release = rows.Int4(i, 2);
    state.environment = rows.Int4(i, 3);
    if (!rows.IsNull(i, 4)) state.user_hash = static_cast<std::uint64_t>(rows.Int8(i, 4));
    state.status = static_cast<SessionStatus>(rows.Int2(i, 5));
    state.counted = rows.Bool(i, 6);
    state.errors = rows.Int8(i, 7);
    state.duration_ms = rows.Int8(i, 8);
    state.seq = rows.Int8(i, 9);
  }
}

void Apply(DigestRun& run, Sessions& sessions, Hours& hours, SessionUsers& users) {
  for (auto& [key, row] : sessions) {
    const SessionHourKey hour{key.project, FloorToHour(row.state.started), row.state.release,
                              row.state.environment};
    for (const auto& [pending, update] : row.updates) {
      const bool changed = ApplyUpdate(*update, row.state, hours[hour]);
      row.changed |= changed;
      Settle(run, *pending, changed ? "" : "duplicate");
    }
    if (row.changed && row.state.user_hash) {
      AddSessionUser(hour, ClassOf(row.state), *row.state.user_hash, users);
    }
  }
}

void StoreStates(PqSession& pg, const Sessions& sessions) {
  using enum PqArray::Type;
  SessionKeys keys;
  PqArray users(kInt8), statuses(kInt2), counted(kBool), errors(kInt8), durations(kInt8),
      seqs(kInt8);
  for (const auto& [key, row] : sessions) {
    if (!row.changed) continue;
    const SessionState& state = row.state;
    keys.Add(key);
    if (state.user_hash) {
      users.Int8(static_cast<std::int64_t>(*state.user_hash));
    } else {
      users.Null();
    }
    statuses.Int2(static_cast<std::int16_t>(state.status));
    counted.Bool(state.counted);
    errors.Int8(state.errors);
    durations.Int8(state.duration_ms);
    seqs.Int8(state.seq);
  }
  if (users.Count() == 0) return;
  PqParams params = keys.Params();
  for (PqArray* column : {&users, &statuses, &counted, &errors, &durations, &seqs}) {
    params.Array(std::move(*column));
  }
  pg.Run("digest_session_update", params);
}

void AddBucket(const SessionBucket& bucket, const SessionHourKey& hour, Hours& hours,
               SessionUsers& users) {
  SessionCounts counts;
  counts.exited = bucket.exited;
  counts.errored = bucket.errored;
  counts.abnormal = bucket.abnormal;
  counts.unhandled = bucket.unhandled;
  counts.crashed = bucket.crashed;
  counts.total =
      bucket.exited + bucket.errored + bucket.abnormal + bucket.unhandled + bucket.crashed;
  hours[hour].Add(counts);
  if (!bucket.user_hash) return;
  const std::pair<std::int64_t, SessionStatus> classes[] = {
      {bucket.exited, SessionStatus::kOk},
      {bucket.errored, SessionStatus::kErrored},
      {bucket.abnormal, SessionStatus::kAbnormal},
      {bucket.unhandled, SessionStatus::kUnhandled},
      {bucket.crashed, SessionStatus::kCrashed}};
  for (const auto& [count, status] : classes) {
    if (count > 0) AddSessionUser(hour, status, *bucket.user_hash, users);
  }
}

void AddAggregates(DigestRun& run, const std::set<RepeatKey>& fresh, Hours& hours,
                   SessionUsers& users) {
  std::set<RepeatKey> taken;
  ForEachTyped<SessionAggregate>(
      run, [&](const PendingTyped& pending, const SessionAggregate& aggregate) {
        const std::int64_t project = pending.source->project.value;
        const RepeatKey key{project, aggregate.repeat};
        const bool repeated =
            !aggregate.repeat.IsNil() && (!fresh.contains(key) || !taken.insert(key).second);
        Settle(run, pending, repeated ? "duplicate" : "");
        if (repeated) return;
        for (const SessionBucket& bucket : aggregate.buckets) {
          const SessionHourKey hour{project, FloorToHour(bucket.started), pending.release,
                                    pending.environment};
          AddBucket(bucket, hour, hours, users);
        }
      });
}

void StoreHours(PqSession& pg, const Hours& hours) {
  using enum PqArray::Type;
  PqArray projects(kInt8), times(kTime), releases(kInt4), environments(kInt4);
  constexpr std::int64_t SessionCounts::*kColumns[] = {
      &SessionCounts::total,          &SessionCounts::exited,         &SessionCounts::errored,
      &SessionCounts::crashed,        &SessionCounts::abnormal,       &SessionCounts::unhandled,
      &SessionCounts::anr_foreground, &SessionCounts::anr_background, &SessionCounts::duration_ms,
      &SessionCounts::durations};
  std::vector<PqArray> columns(std::size(kColumns), PqArray(kInt8));
  for (const auto& [key, counts] : hours) {
    if (counts == SessionCounts()) continue;
    projects.Int8(key.project);
    times.Time(key.hour);
    releases.Int4(key.release);
    environments.Int4(key.environment);
    for (std::size_t i = 0; i < columns.size(); ++i) columns[i].Int8(counts.*kColumns[i]);
  }
  if (projects.Count() == 0) return;
  PqParams params;
  for (PqArray* column : {&projects, &times, &releases, &environments}) {
    params.Array(std::move(*column));
  }
  for (PqArray& column : columns) params.Array(std::move(column));
  pg.Run("digest_session_hour", params);
}

}  // namespace

void StoreSessions(DigestRun& run, const std::set<RepeatKey>& fresh) {
  Hours hours;
  SessionUsers users;
  Sessions sessions = Collect(run);
  if (!sessions.empty()) {
    Load(run.pg, sessions);
    Apply(run, sessions, hours, users);
    StoreStates(run.pg, sessions);
  }
  AddAggregates(run, fresh, hours, users);
  StoreHours(run.pg, hours);
  StoreSessionUsers(run, users);
}

}  // namespace mishap
