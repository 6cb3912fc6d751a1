#include "ingest/ticket.h"

#include <utility>

namespace mishap {

void Ledger::Add(Category category, Outcome outcome, std::string_view reason,
                 std::int64_t quantity) {
  for (OutcomeCount& count : counts_) {
    if (count.category == category && count.outcome == outcome && count.reason == reason) {
      count.quantity += quantity;
      return;
    }
  }
  OutcomeCount& count = counts_.emplace_back();
  count.project = project_;
  count.key = key_;
  count.timestamp = now_;
  count.category = category;
  count.outcome = outcome;
  count.reason = reason;
  count.quantity = quantity;
}

std::vector<OutcomeCount> Ledger::Take() {
  return std::exchange(counts_, {});
}

Ticket::Ticket(Ticket&& other) noexcept
    : ledger_(std::exchange(other.ledger_, nullptr)),
      category_(other.category_),
      quantity_(other.quantity_) {}

Ticket::~Ticket() {
  if (ledger_ != nullptr) ledger_->Add(category_, Outcome::kInvalid, "internal", quantity_);
}

void Ticket::Settle(Outcome outcome, std::string_view reason) {
  if (ledger_ == nullptr) return;
  ledger_->Add(category_, outcome, reason, quantity_);
  ledger_ = nullptr;
}

}  // namespace mishap
