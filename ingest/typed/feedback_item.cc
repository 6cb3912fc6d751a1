#include "ingest/typed/feedback_item.h"

#include "base/bytes.h"
#include "ingest/normalise_limits.h"
#include "ingest/scrub.h"

namespace mishap {
namespace {

constexpr std::size_t kWordBytesMax = 128;
constexpr std::size_t kEmailBytesMax = 254;
constexpr std::size_t kUrlBytesMax = 2048;

EventId IdIn(const JsonFields& fields, std::string_view name) {
  auto id = ParseId128<EventId>(fields.Text(name, kWordBytesMax));
  return id ? *id : EventId{};
}

std::string First(std::string a, std::string b) {
  return a.empty() ? std::move(b) : std::move(a);
}

}  // namespace

ItemResult<Feedback> MakeUserReport(const ReportForm& form, const EventId& event_id,
                                    std::string_view source, Timestamp received_at,
                                    const ProjectEntry& project, const IngestLimits& limits) {
  Feedback report;
  report.kind = FeedbackKind::kUserReport;
  report.id = report.event_id = event_id;
  report.occurred_at = received_at;
  auto text = [&](std::string_view value, std::size_t bytes_max) {
    std::string cut(Utf8Prefix(TrimAscii(value), bytes_max));
    return ScrubbedText(RepairUtf8(cut), project);
  };
  report.name = text(form.name, kWordBytesMax);
  report.email = text(form.email, kEmailBytesMax);
  report.comments = text(form.comments, limits.feedback_bytes_max);
  report.source = source;
  if (report.comments.empty() || event_id.IsNil()) return RefuseItem("payload");
  return report;
}

ItemResult<Feedback> ReadUserReport(JsonValue item, const EventId& event_id, Timestamp received_at,
                                    const ProjectEntry& project, const IngestLimits& limits) {
  const JsonFields fields(item);
  const std::string name = fields.Text("name", kWordBytesMax);
  const std::string email = fields.Text("email", kEmailBytesMax);
  const std::string comments = fields.Text("comments", limits.feedback_bytes_max);
  const EventId id = event_id.IsNil() ? IdIn(fields, "event_id") : event_id;
  return MakeUserReport({name, email, comments}, id, "user_report", received_at, project, limits);
}

ItemResult<Feedback> ReadFeedbackEvent(JsonValue event, const EventId& id, Timestamp received_at,
                                       const IngestLimits& limits) {
  const JsonFields fields(event);
  auto contexts = fields.Object("contexts");
  auto said = contexts ? contexts->Object("feedback") : std::nullopt;
  if (!said) return RefuseItem("payload");
  Feedback feedback;
  feedback.id = id;
  feedback.comments = said->Text("message", limits.feedback_bytes_max + 1);
  if (feedback.comments.empty()) return RefuseItem("payload");
  if (feedback.comments.size() > limits.feedback_bytes_max) {
    return RefuseItem("too_large:feedback");
  }
  auto user = fields.Object("user");
  auto of_user = [&](std::string_view name) {
    return user ? user->Text(name, kWordBytesMax) : std::string();
  };
  feedback.event_id = IdIn(*said, "associated_event_id");
  feedback.name =
      First(said->Text("name", kWordBytesMax), First(of_user("name"), of_user("username")));
  feedback.email = First(said->Text("contact_email", kEmailBytesMax), of_user("email"));
  feedback.url = said->Text("url", kUrlBytesMax);
  feedback.replay_id = said->Text("replay_id", kWordBytesMax);
  feedback.source = First(said->Text("source", kWordBytesMax), "feedback");
  feedback.occurred_at = fields.Time("timestamp").value_or(received_at);
  feedback.release = fields.Text("release", kReleaseBytesMax);
  feedback.environment = fields.Text("environment", kEnvironmentBytesMax);
  return feedback;
}

}  // namespace mishap
