#include "base/crash_point.h"

#include <atomic>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <string>

namespace mishap {
namespace {

struct Plan {
  std::string point;  // empty: none
  int passage = 1;
  std::string poison;  // empty: none
};

Plan ReadPlan() {
  Plan plan;
  if (const char* text = std::getenv("MISHAP_TEST_POISON_MESSAGE")) plan.poison = text;
  const char* text = std::getenv("MISHAP_CRASH_AT");
  if (text == nullptr) return plan;
  std::string_view at(text);
  const auto colon = at.rfind(':');
  plan.point = at.substr(0, colon);
  if (colon != std::string_view::npos) {
    std::string_view number = at.substr(colon + 1);
    std::from_chars(number.data(), number.data() + number.size(), plan.passage);
  }
  return plan;
}

const Plan& ThePlan() {
  static const Plan kPlan = ReadPlan();
  return kPlan;
}

std::atomic<int> passages{0};

}  // namespace

void CrashPoint(std::string_view point) {
  const Plan& plan = ThePlan();
  if (plan.point.empty() || plan.point != point) return;
  if (passages.fetch_add(1) + 1 == plan.passage) std::raise(SIGKILL);
}

void AbortOnPoison(std::string_view message) {
  const Plan& plan = ThePlan();
  if (!plan.poison.empty() && plan.poison == message) std::abort();
}

}  // namespace mishap
