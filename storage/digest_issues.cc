// Steps of a digest transaction: issue summaries with their effects, outcomes, dead letters and the
// position. What brings issues back: triage/digest_reopen.cc.
#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "base/bytes.h"
#include "storage/digest_transaction.h"
#include "storage/triage/digest_steps.h"

namespace mishap {
namespace {

constexpr std::size_t kNotifyBytesMax = 7'900;  // PostgreSQL's limit is 8,000

using IssueList = std::vector<std::pair<RowKey, const Span*>>;

IssueList ListOf(const std::map<RowKey, Span>& issues) {
  IssueList list;
  for (const auto& [key, span] : issues) list.emplace_back(key, &span);
  return list;
}

// `rows`: positions in `issues`, from 1, in their first column.
void WriteFor(PqSession& pg, const char* statement, const char* kind, const IssueList& chosen) {
  if (chosen.empty()) return;
  PqArray projects(PqArray::Type::kInt8), ids(PqArray::Type::kInt8), events(PqArray::Type::kUuid);
  for (const auto& [key, span] : chosen) {
    projects.Int8(key.first);
    ids.Int8(key.second);
    events.Uuid(span->last->event->event_id);
  }
  pg.Run(statement, PqParams()
                        .Text(kind)
                        .Array(std::move(projects))
                        .Array(std::move(ids))
                        .Array(std::move(events)));
}

PqParams SummaryParams(const DigestRun& run, const IssueList& issues) {
  using enum PqArray::Type;
  PqArray projects(kInt8), ids(kInt8), counts(kInt8), users(kInt8);
  PqArray first_times(kTime), first_events(kUuid), first_releases(kInt4), first_environments(kInt4);
  PqArray last_times(kTime), last_events(kUuid), last_releases(kInt4), last_environments(kInt4);
  PqArray levels(kInt2), types(kText), platforms(kText), loggers(kText), titles(kText);
  PqArray culprits(kText), metadata(kText), unhandled(kBool);
  for (const auto& [key, span] : issues) {
    const DigestEvent& first = *span->first->event;
    const DigestEvent& last = *span->last->event;
    projects.Int8(key.first);
    ids.Int8(key.second);
    counts.Int8(span->count);
    auto changed = run.users.find(key);
    users.Int8(changed == run.users.end() ? -1 : changed->second);
    first_times.Time(first.received_at);
    first_events.Uuid(first.event_id);
    first_releases.Int4(span->first->release);
    first_environments.Int4(span->first->environment);
    last_times.Time(last.received_at);
    last_events.Uuid(last.event_id);
    last_releases.Int4(span->last->release);
    last_environments.Int4(span->last->environment);
    levels.Int2(static_cast<std::int16_t>(last.level));
    types.Text(last.type);
    platforms.Text(last.platform);
    loggers.Text(last.logger);
    titles.Text(last.title);
    culprits.Text(last.culprit);
    metadata.Text(last.metadata_json.empty() ? "{}" : last.metadata_json);
    unhandled.Bool(last.unhandled);
  }
  PqParams params;
  for (PqArray* column : {&projects,    &ids,          &counts,         &users,
                          &first_times, &first_events, &first_releases, &first_environments,
                          &last_times,  &last_events,  &last_releases,  &last_environments,
                          &levels,      &types,        &platforms,      &loggers,
                          &titles,      &culprits,     &metadata,       &unhandled}) {
    params.Array(std::move(*column));
  }
  return params;
}

// Live tail: project ids only, best effort (decisions 3.13).
void Notify(DigestRun& run) {
  std::set<std::int64_t> projects;
  for (const auto& [key, span] : run.issues) projects.insert(key.first);
  std::string text = fmt::format("{}", fmt::join(projects, ","));
  if (text.size() > kNotifyBytesMax) text = "*";
  run.pg.Run("digest_notify", PqParams().Text(text));
}

// PostgreSQL keeps neither NUL nor broken UTF-8, and a dead letter must not be a second poison.
std::string SafeText(std::string_view text) {
  std::string safe = RepairUtf8(text);
  std::replace(safe.begin(), safe.end(), '\0', ' ');
  return safe;
}

}  // namespace

void LockIssues(DigestRun& run) {
  if (run.issues.empty()) return;
  PqArray projects(PqArray::Type::kInt8), ids(PqArray::Type::kInt8);
  for (const auto& [key, span] : run.issues) {
    projects.Int8(key.first);
    ids.Int8(key.second);
  }
  run.pg.Run("digest_issue_lock", PqParams().Array(std::move(projects)).Array(std::move(ids)));
}

void UpdateIssues(DigestRun& run) {
  SettleNextReleases(run);
  if (run.issues.empty()) return;
  const IssueList issues = ListOf(run.issues);
  ReopenIssues(run);
  const PqRows rows = run.pg.Run("digest_issue_count", SummaryParams(run, issues));
  IssueList fresh;
  for (int i = 0; i < rows.Count(); ++i) {
    // Whoever takes times_seen away from 0 announces the issue: one effect per first sighting.
    if (rows.Int8(i, 1) == 0)
      fresh.push_back(issues[static_cast<std::size_t>(rows.Int8(i, 0) - 1)]);
  }
  std::sort(fresh.begin(), fresh.end());
  WriteFor(run.pg, "digest_outbox", "issue_new", fresh);
  Notify(run);
}

void CountOutcomes(DigestRun& run) {
  using Key = std::tuple<std::int64_t, std::int64_t, std::int64_t, std::string_view, std::int16_t,
                         std::string_view>;
  std::map<Key, std::int64_t> counts;
  auto add = [&](const OutcomeCount& c, std::string_view category) {
    counts[{c.project.value, FloorToHour(c.timestamp).micros, c.key.value, category,
            static_cast<std::int16_t>(c.outcome), c.reason}] += c.quantity;
  };
  for (const OutcomeCount& c : run.batch.outcomes) add(c, CategoryName(c.category));
  for (const OutcomeCount& c : run.settled) add(c, CategoryName(c.category));
  for (const ClientLoss& loss : run.losses) add(loss.count, loss.category);
  if (counts.empty()) return;
  using enum PqArray::Type;
  PqArray projects(kInt8), hours(kTime), keys(kInt8), categories(kText), outcomes(kInt2);
  PqArray reasons(kText), quantities(kInt8);
  for (const auto& [key, quantity] : counts) {
    projects.Int8(std::get<0>(key));
    hours.Time(Timestamp{std::get<1>(key)});
    keys.Int8(std::get<2>(key));
    categories.Text(std::get<3>(key));
    outcomes.Int2(std::get<4>(key));
    reasons.Text(std::get<5>(key));
    quantities.Int8(quantity);
  }
  PqParams params;
  for (PqArray* column :
       {&projects, &hours, &keys, &categories, &outcomes, &reasons, &quantities}) {
    params.Array(std::move(*column));
  }
  run.pg.Run("digest_outcome", params);
}

void StoreDeadLetters(DigestRun& run) {
  if (run.batch.dead_letters.empty()) return;
  using enum PqArray::Type;
  PqArray projects(kInt8), seqs(kInt8), types(kInt2), reasons(kText), details(kText),
      payloads(kBytes);
  for (const DeadLetter& letter : run.batch.dead_letters) {
    projects.Int8(letter.project.value);
    seqs.Int8(static_cast<std::int64_t>(letter.seq));
    types.Int2(letter.type);
    reasons.Text(SafeText(letter.reason));
    details.Text(SafeText(letter.detail));
    payloads.Bytes(letter.payload);
    run.settled.push_back({letter.project, letter.key, run.now, letter.category, Outcome::kInvalid,
                           "dead_letter", letter.quantity});
  }
  const auto& spool = run.batch.spool.bytes;
  run.pg.Run("digest_dead_letter",
             PqParams()
                 .Bytes({reinterpret_cast<const char*>(spool.data()), spool.size()})
                 .Array(std::move(projects))
                 .Array(std::move(seqs))
                 .Array(std::move(types))
                 .Array(std::move(reasons))
                 .Array(std::move(details))
                 .Array(std::move(payloads)));
}

bool MovePosition(DigestRun& run) {
  const auto& spool = run.batch.spool.bytes;
  return run.pg
             .Run("digest_position_move",
                  PqParams()
                      .Bytes({reinterpret_cast<const char*>(spool.data()), spool.size()})
                      .Int8(static_cast<std::int64_t>(run.batch.expected_seq))
                      .Int8(static_cast<std::int64_t>(run.batch.next_seq)))
             .Affected() == 1;
}

}  // namespace mishap
