// NameResolver: ids of the environments, releases, tag keys and tag values of a batch. First
// Find(); if that leaves names unknown, the caller locks the projects' counters and calls Create().
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "storage/digest_transaction.h"

namespace mishap {

// Next free numbers of a project, while its counter row is locked.
struct ProjectCounters {
  static constexpr std::int64_t kOneIssue = 1'000'000;

  std::int64_t issue = 1;
  std::int64_t hash_row = 1;
  std::int32_t environment = 1;
  std::int32_t release = 1;
  std::int32_t tag_key = 1;
  std::int64_t tag_value = 1;
  std::int64_t issue_credit = 0;  // issues that may be opened now, times kOneIssue
  std::int64_t flood_issue = 0;   // where the others go; 0: none yet
};
using Counters = std::map<std::int64_t, ProjectCounters>;  // by project

class NameResolver {
 public:
  explicit NameResolver(DigestRun& run) : run_(run) {}

  void Find();
  // Projects that have names without an id.
  std::set<std::int64_t> Projects() const;
  // Looks again for what is missing, then inserts the rest.
  // Names beyond the limits get no id.
  void Create(Counters& counters);
  // Writes the ids into the events.
  void Apply();

 private:
  using Missing = std::map<NameRef, std::int64_t>;  // 0: not known yet

  void Collect(const NameRef& name);
  std::int64_t IdOf(const NameRef& name);
  void CollectTagValues();
  void Select(NameTable table);
  void Insert(NameTable table, Counters& counters);
  std::int64_t NextId(NameTable table, ProjectCounters& counters) const;
  std::int64_t LimitOf(NameTable table) const;
  bool IsFull(const NameRef& name) const;
  void CountNames(NameTable table, const Counters& counters);

  DigestRun& run_;
  Missing names_;  // those the facts did not know; views into the batch
  Missing sizes_;  // by SizeOf, of the dictionaries that names are added to
};

}  // namespace mishap
