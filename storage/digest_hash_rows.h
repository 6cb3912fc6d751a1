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

// Numbers as tenant.hash_row stores them.
inline constexpr std::int16_t kKindMessage = 2;
inline constexpr std::int16_t kKindAlias = 3;

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
    std::int16_t origin = 0;  // 0 first, 1 alias, 2 version, 5 flood
    const PendingEvent* event = nullptr;
    const Hash128* alias = nullptr;  // which alias an unmerge has to close behind this row
    std::int64_t split_of = 0;
    std::int64_t heir_of = 0;  // the row it takes the issue over from
  };
  struct NewIssue {
    const PendingEvent* first = nullptr;
    bool is_flood = false;
  };

  void ReadEpochs();
  bool IsRemembered(const HashKey& key);
  void Select(const std::set<HashKey>& keys);
  void FollowSplits();
  void SelectMissing();
  void FollowSplit(PendingEvent& pending, std::int64_t site_row);
  const HashRowState* Alias(const PendingEvent& pending) const;
  const HashRowState* TakeOver(const PendingEvent& pending, NewRow& heir);
  void OpenIssue(const PendingEvent& pending, ProjectCounters& counters, NewRow& row);
  void Decide(PendingEvent& pending, ProjectCounters& counters);
  void InsertRows();
  void InsertIssues();
  void InsertSamples();
  void MarkHeirs();
  void Use(const HashKey& key);
  bool IsResolved(const PendingEvent& pending) const { return rows_.contains(pending.key); }

  DigestRun& run_;
  std::map<HashKey, HashRowState> rows_;  // found or about to be made
  std::set<HashKey> remembered_;          // of them: id and state from RowMemory, no more
  std::map<HashKey, NewRow> new_rows_;
  std::map<RowKey, NewIssue> new_issues_;
  std::vector<HashKey> gone_;             // prepared as known keys, and they have no row
  std::map<RowKey, std::int32_t> heirs_;  // rows whose issue a new key took over: which version's
};

}  // namespace mishap
