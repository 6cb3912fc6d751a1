// Ticket and Ledger: the promise that every item a client sent ends in exactly one outcome
// (house.md 3). A Ticket owes one for one item; the Ledger of the request collects what the door
// itself settles.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "event/outcome.h"

namespace mishap {

// What all outcomes of one request have in common, and those settled so far.
class Ledger {
 public:
  Ledger(ProjectId project, KeyId key, Timestamp now) : project_(project), key_(key), now_(now) {}

  // Equal ones are added up.
  void Add(Category category, Outcome outcome, std::string_view reason, std::int64_t quantity);
  std::vector<OutcomeCount> Take();
  const std::vector<OutcomeCount>& Counts() const { return counts_; }

 private:
  const ProjectId project_;
  const KeyId key_;
  const Timestamp now_;
  std::vector<OutcomeCount> counts_;
};

class Ticket {
 public:
  // The ledger outlives the ticket. quantity: items, or bytes for attachments.
  Ticket(Ledger& ledger, Category category, std::int64_t quantity = 1)
      : ledger_(&ledger), category_(category), quantity_(quantity) {}
  // Unsettled: a bug of ours, counted as invalid / internal.
  ~Ticket();
  Ticket(Ticket&& other) noexcept;
  Ticket& operator=(Ticket&&) = delete;

  void Settle(Outcome outcome, std::string_view reason);
  // The item is in the spool; the digest will settle it (accepted, duplicate, dead_letter).
  void HandOn() { ledger_ = nullptr; }

 private:
  Ledger* ledger_;  // null: settled
  Category category_;
  std::int64_t quantity_;
};

}  // namespace mishap
