#include "grouping/g1/algorithm.h"

#include "grouping/g1/explain.h"
#include "grouping/g1/judge.h"

namespace mishap::g1 {
namespace {

// Holds buffers and memo only: no answer depends on what a thread saw before.
Judge& ThreadJudge() {
  thread_local Judge judge;
  return judge;
}

}  // namespace

Grouped Algorithm::Group(const Event& event) const {
  Judge& judge = ThreadJudge();
  const Decision& decision = judge.Decide(event, false);
  Grouped grouped;
  grouped.keys = judge.Keys(event);
  grouped.main_exception = decision.plan.main;
  grouped.decided_by = GroundName(decision.decided_by);
  return grouped;
}

std::string Algorithm::Explain(const Event& event) const {
  Judge& judge = ThreadJudge();
  const Decision& decision = judge.Decide(event, true);
  return WriteExplanation(event, decision, judge.Keys(event));
}

}  // namespace mishap::g1
