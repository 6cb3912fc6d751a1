// HashResolver: which hash row and issue each event of a batch belongs to (grouping 14.2). First
// Find(); if that leaves events without a row, the caller locks the projects' counters and calls
// Create().
#pragma once

#include <map>
#include <set>
#include <vector>

#include "storage/digest_names.h"
#include "storage/digest_transaction.h"

namespace mishap {

class HashResolver {
 public:
  explicit HashResolver(DigestRun& run) : run_(run) {}

  void Find();
  std::set<std::int64_t> Projects() const;  // with events that have no row
  // Looks again, then decides: an alias's issue or a new one. Inserts hash rows first, and issues
  // only for rows that are ours. Throws 40001 if another writer was faster in spite of the lock.
  void Create(Counters& counters);
  // Writes rows and issues into the events.
  void Apply();

 private:
  struct NewRow {
    HashRowState state;
    std::int16_t origin = 0;  // 0 first, 1 alias
    const PendingEvent* event = nullptr;
  };

  void Select(const std::set<HashKey>& keys);
  void FollowSplits();
  void SelectMissing();
  void Decide(const PendingEvent& pending, ProjectCounters& counters);
  void InsertRows();
  void InsertIssues();
  void InsertSamples();
  bool IsResolved(const PendingEvent& pending) const { return rows_.contains(pending.key); }

  DigestRun& run_;
  std::map<HashKey, HashRowState> rows_;  // found or about to be made
  std::map<HashKey, NewRow> new_rows_;
  std::map<RowKey, const PendingEvent*> new_issues_;
};

}  // namespace mishap
