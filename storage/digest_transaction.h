// One attempt at a digest batch: the state its steps share and the steps, in the order they run
// (decisions 1.9). The steps throw SqlFailure; DigestWriter catches. Inside storage only.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "event/payload_codec.h"
#include "storage/digest_batch.h"
#include "storage/digest_facts.h"
#include "storage/digest_writer.h"
#include "storage/pq_session.h"
#include "storage/user_sketch.h"

namespace mishap {

struct TagPair {
  std::int32_t key = 0;
  std::int64_t value = 0;
};

// A hash row as it stands in the table, or as this batch is about to make it.
struct HashRowState {
  std::int64_t id = 0;
  std::int64_t issue = 0;
  std::int16_t state = 0;
  bool no_alias = false;
  std::int32_t heir_version = 0;  // under which another key took its issue over
};

// An event that is neither expired nor a duplicate.
struct PendingEvent {
  const DigestEvent* event = nullptr;
  HashKey key;                     // the one that decides: S or X, or M where S was split
  const Hash128* alias = nullptr;  // PM, if it may join
  std::int64_t split_of = 0;       // the S row that was split, when M decides
  std::int64_t hash_row = 0;
  std::int16_t row_state = 0;
  std::int64_t issue = 0;
  std::int32_t environment = 0;
  std::int32_t release = 0;
  std::vector<TagPair> tags;                // those with ids, in the event's order
  std::vector<std::int64_t> search_values;  // ids of the values of search_tags
  bool discarded = false;
};

// The first, the last and the number of some events. `first` and `last` by (received_at, event_id),
// so that any order of batches gives the same.
struct Span {
  const PendingEvent* first = nullptr;
  const PendingEvent* last = nullptr;
  std::int64_t count = 0;

  void Add(const PendingEvent& event);
  void Add(const Span& other);
};

// How the batch found the hash row of a key.
struct UsedRow {
  KnownRow row;
  bool is_remembered = false;
};

// A release of a project that this batch saw first.
struct NewRelease {
  std::int64_t project = 0;
  std::int32_t id = 0;
  std::string_view version;  // of the batch
};

using RowKey = std::pair<std::int64_t, std::int64_t>;  // project, hash row or issue

// A typed record with the ids of its names; in the order of the spool.
struct PendingTyped {
  const DigestTyped* source = nullptr;
  std::int32_t environment = 0;
  std::int32_t release = 0;
};

// What a client threw away, by the name it gives the category.
struct ClientLoss {
  OutcomeCount count;  // category unused
  std::string category;
};

// Thrown when events came without what belongs to a first sighting, and it is one after all.
struct RowsAreGone {
  std::vector<HashKey> keys;
};

struct DigestRun {
  PqSession& pg;
  const DigestBatch& batch;
  DigestFacts& facts;
  const PayloadCodec& codec;
  const NameLimits& limits;
  const IssueLimits& issue_limits;
  std::int32_t oldest_day = 0;  // days since 1970; events before it are expired
  Timestamp now;                // the database's clock

  std::vector<PendingEvent> events;  // by (project, event id)
  std::vector<PendingTyped> typed;
  std::vector<OutcomeCount> settled;  // decided here
  std::vector<ClientLoss> losses;
  StagedFacts staged;           // become facts when the transaction commits
  std::map<RowKey, Span> rows;  // hash rows that count
  std::map<RowKey, Span> issues;
  std::map<RowKey, std::int64_t> users;         // issues whose number of users changed
  std::map<std::int64_t, std::int64_t> epochs;  // of hash rows, by project: what Resolve went by
  std::map<HashKey, UsedRow> used_rows;         // of the keys that decided
  std::vector<NewRelease> new_releases;
  DigestCommit commit;
};

// What a typed record names; empty: none.
std::string_view EnvironmentOf(const TypedBody& body);
std::string_view ReleaseOf(const TypedBody& body);

// A stored sketch. Throws SqlFailure XX001 on bytes that are none.
UserSketch SketchOrFail(std::string_view bytes);

// Sorts out expired events and duplicates.
void Dedupe(DigestRun& run);
// Gives every event its environment, release, tag ids, hash row and issue, creating what is new.
void Resolve(DigestRun& run);
// Counts on hash_row, which locks them; events of discarded rows are settled here.
void CountHashRows(DigestRun& run);
// After the rows are locked: that what Resolve went by still stands. Throws 40001 if a key has
// another row or state by now, and the batch starts over.
void ConfirmRows(DigestRun& run);
void StoreEvents(DigestRun& run);
void CountHours(DigestRun& run);
void CountReleases(DigestRun& run);
void CountTags(DigestRun& run);
// Locks the issues of the batch: what follows reads and writes what stands in them.
void LockIssues(DigestRun& run);
void CountUsers(DigestRun& run);
// Users of issues whose hash rows' sketches grew, into run.users. `grown`: the users that came.
void EstimateIssueUsers(DigestRun& run, const std::map<RowKey, std::set<std::uint64_t>>& grown);
// Issue summaries, regressions and their effects.
void UpdateIssues(DigestRun& run);
// Sessions, check-ins, feedback, attachments, client reports (storage/typed/).
void StoreTyped(DigestRun& run);
void StoreDeadLetters(DigestRun& run);
void CountOutcomes(DigestRun& run);
// False: the fence did not hold.
bool MovePosition(DigestRun& run);

}  // namespace mishap
