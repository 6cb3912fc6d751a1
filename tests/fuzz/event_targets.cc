// Events: the whole stage from a client's bytes to canonical JSON, and the scrubber on texts.
#include <optional>
#include <string>

#include "base/bytes.h"
#include "event/derived_tags.h"
#include "event/event_json.h"
#include "event/payload_codec.h"
#include "event/title.h"
#include "grouping/grouping.h"
#include "ingest/event_stage.h"
#include "ingest/normalise.h"
#include "ingest/scrub.h"
#include "ingest/scrub_text.h"
#include "tests/fuzz/fuzz_target.h"

namespace mishap {
namespace {

class FixedRandom final : public Random {
 public:
  void Fill(void* out, std::size_t bytes) override {
    auto* p = static_cast<std::uint8_t*>(out);
    for (std::size_t i = 0; i < bytes; ++i) p[i] = static_cast<std::uint8_t>(i + 1);
  }
};

ProjectEntry StrictProject() {
  ProjectEntry project;
  project.scrub_data = true;
  project.scrub_ip_addresses = true;
  return project;
}

void CheckGrouping(const Event& event) {
  const GroupingAlgorithm& algorithm = CurrentGrouping();
  Grouped grouped = algorithm.Group(event);
  Require(!grouped.decided_by.empty(), "grouping says what decided");
  Require(event.exceptions.empty() || grouped.main_exception < event.exceptions.size(),
          "the main exception is one of them");
  Require(!algorithm.Explain(event).empty(), "grouping explains itself");
  MakeTitle(event, grouped.main_exception);
  AllTags(event);
}

}  // namespace

void FuzzEvent(std::string_view input) {
  static FixedRandom random;
  static const ProjectEntry kProject = StrictProject();
  static thread_local auto stage = MakeEventStage(random);
  static thread_local EventReader reader;
  static thread_local PayloadCodec codec;
  EventContext context;
  context.project = &kProject;
  context.received_at = Timestamp{1'795'364'400LL * kMicrosPerSecond};
  context.client_ip = "203.0.113.7";
  context.sentry_client = "fuzz/1.0";
  auto ready = stage->Run(input, context);
  if (!ready || !ready->filtered_by.empty()) return;
  const std::string& canonical = ready->canonical_json;
  Require(IsUtf8(canonical) && canonical.find('\0') == std::string::npos, "UTF-8 without NUL");
  auto event = reader.Read(canonical);
  Require(event.has_value(), "canonical JSON is readable");
  Require(WriteEventJson(*event) == canonical, "reading and writing loses nothing");
  Event again = *event;
  context.client_ip.clear();  // else the address that was scrubbed comes back
  Normalize(again, context);
  Require(WriteEventJson(again) == canonical, "normalising twice changes nothing");
  Scrub(again, kProject);
  Require(WriteEventJson(again) == canonical, "scrubbing twice changes nothing");
  Require(codec.Decompress(codec.Compress(canonical), 64 << 20).value_or("") == canonical,
          "what is packed can be unpacked");
  CheckGrouping(*event);
}

// First byte: which rules; the rest is one text.
void FuzzScrub(std::string_view input) {
  if (input.empty()) return;
  const auto bits = static_cast<unsigned char>(input[0]);
  TextRules rules;
  rules.shapes = (bits & 1) != 0;
  rules.emails = (bits & 2) != 0;
  rules.addresses = (bits & 4) != 0;
  rules.typed = (bits & 8) != 0;
  const std::string text = RepairUtf8(input.substr(1));  // the reader's promise
  std::string_view rule;
  std::optional<std::string> clean = WithoutSecrets(text, rules, rule);
  HasSecretWord(text);
  IsSecretName(text);
  IsSessionCookie(text);
  MayHoldSecrets(text);
  if (!clean) return;
  Require(!rule.empty(), "a rule that acted has a name");
  Require(IsUtf8(*clean), "texts stay UTF-8");
  Require(!WithoutSecrets(*clean, rules, rule), "a second time finds nothing");
}

}  // namespace mishap
