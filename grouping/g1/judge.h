// From an event to a Decision: what kind of event it is, which parts count, and the canonical
// content. Keeps its buffers and the frame memo between events; one per thread.
#pragma once

#include <string>

#include "event/event.h"
#include "grouping/g1/decision.h"
#include "grouping/g1/rules.h"

namespace mishap::g1 {

class Judge : private MemberFilter {
 public:
  Judge() : chooser_(memo_) {}
  Judge(const Judge&) = delete;
  Judge& operator=(const Judge&) = delete;

  // explain: also note the tokens of texts. The result is the same otherwise, and lives until the
  // next call.
  // rules: of the event's project; null: none.
  const Decision& Decide(const Event& event, bool explain, const Rules* rules = nullptr);
  GroupingKeys Keys(const Event& event) { return MakeKeys(event, decision_, buffer_); }

 private:
  // The kinds of content in the order they are tried; false: the event has nothing of that kind.
  bool DecideSecurity(const Event& event);
  bool DecideExceptions(const Event& event);
  bool DecideMessage(const Event& event);
  bool DecideThreads(const Event& event);
  bool DecideTemplate(const Event& event);
  void DecideFallback(const Event& event);
  void ApplyFingerprint(const Event& event);

  void ReadPart(const Event& event, const PlannedException& planned, ExceptionPart& part);
  std::size_t Limit(std::size_t frames) const;  // under the project's option depth
  // tokens: also note where they stand.
  void Read(std::string_view raw, ReadText& text, bool tokens);
  void KeepDistinct(std::vector<std::size_t>& members) override;
  ExceptionPart& NextPart();

  FrameMemo memo_;
  FrameChooser chooser_;
  Decision decision_;
  std::string buffer_;
  const Event* event_ = nullptr;  // while Decide runs
  const Rules* rules_ = nullptr;  // the same
  const Options* options_ = nullptr;
  bool tokens_ = false;
};

// Content of one exception (spec 9.1).
void AppendException(const ExceptionPart& part, std::string_view platform, std::string& content);

}  // namespace mishap::g1
