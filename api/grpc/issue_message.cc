// Issues as messages.
#include "api/grpc/resource_message.h"
#include "api/grpc/resource_name.h"
#include "api/grpc/rpc_call.h"
#include "api/issue_shape.h"
#include "api/short_id.h"

namespace mishap {
namespace {

std::string UserWord(std::int64_t id) {
  return id == 0 ? std::string() : "user:" + std::to_string(id);
}

void WriteSnooze(const SnoozeFacts& snooze, MessageWriter& out) {
  out.Time("ignore_until", snooze.until).Int("ignore_count", snooze.times.value_or(0));
  out.Int("ignore_window", snooze.window_min.value_or(0));
  out.Int("ignore_user_count", snooze.users.value_or(0));
  out.Int("ignore_user_window", snooze.user_window_min.value_or(0));
}

void WriteResolution(const TriageFacts& facts, MessageWriter& out) {
  if (facts.resolution == ResolutionKind::kRelease) {
    out.Text("in_release", facts.resolution_version);
  } else if (facts.resolution == ResolutionKind::kNextRelease) {
    out.Bool("in_next_release", true);
  } else if (facts.resolution == ResolutionKind::kCommit) {
    std::string commit;
    MessageWriter(out.TypeOf("in_commit"), commit)
        .Text("repository", facts.repository)
        .Text("commit", facts.commit_id);
    out.Message("in_commit", commit);
  }
}

// Empty where a status waits for nothing and nobody is known to have chosen it.
std::string Details(const IssueRow& issue, const TriageFacts& facts, const ProtoMessageType& type) {
  std::string bytes;
  MessageWriter out(type, bytes);
  if (issue.status == IssueStatus::kUnresolved) return bytes;
  if (issue.status == IssueStatus::kResolved) WriteResolution(facts, out);
  if (issue.status == IssueStatus::kIgnored) {
    if (facts.snooze) WriteSnooze(*facts.snooze, out);
    out.Bool("until_escalating", issue.substatus == IssueSubstatus::kArchivedUntilEscalating);
  }
  out.Text("actor", UserWord(facts.decided_by.id));
  return bytes;
}

// Numbers of mishap.v1.IssueStatus: one more than storage's. Levels, substatus and priorities have
// the same numbers here and there.
std::int64_t StatusNumber(IssueStatus status) {
  return status <= IssueStatus::kIgnored ? static_cast<std::int64_t>(status) + 1 : 1;
}

void WriteAssignee(const TriageFacts& facts, MessageWriter& out) {
  if (facts.assigned_user.id != 0) {
    const auto& user = facts.assigned_user;
    out.Text("assigned_to", UserWord(user.id));
    out.Text("assigned_to_name", user.name.empty() ? user.email : user.name);
  } else if (facts.assigned_team != 0) {
    out.Text("assigned_to", "team:" + std::to_string(facts.assigned_team));
    out.Text("assigned_to_name", facts.team_slug);
  }
}

}  // namespace

std::string IssueMessage(const IssueRow& issue, const ProjectRow& project, const TriageFacts& facts,
                         std::string_view organization, std::string_view public_url) {
  static const auto& type = ContractType("mishap.v1.Issue");
  const auto name = IssueName(organization, issue.id);
  std::string bytes;
  MessageWriter out(type, bytes);
  out.Text("name", name);
  out.Text("short_id", FormatShortId(project.slug, ShortNumberOf(issue.id)));
  out.Text("project", ProjectName(organization, project.slug));
  out.Text("title", issue.title).Text("culprit", issue.culprit);
  out.Text("permalink", std::string(public_url) + "/" + name + "/");
  out.Text("type", issue.type).Int("level", issue.level);
  out.Text("platform", issue.platform.empty() ? "other" : issue.platform);
  out.Text("logger", issue.logger).Text("metadata_json", issue.metadata);
  out.Int("status", StatusNumber(issue.status));
  out.Int("substatus", static_cast<std::int64_t>(issue.substatus));
  const auto details = Details(issue, facts, out.TypeOf("status_details"));
  if (!details.empty()) out.Message("status_details", details);
  out.Int("priority", static_cast<std::int64_t>(issue.priority));
  out.Time("priority_locked_at", issue.priority_locked_at);
  WriteAssignee(facts, out);
  out.Bool("is_unhandled", issue.is_unhandled);
  out.Time("first_seen", issue.first_seen).Time("last_seen", issue.last_seen);
  out.Int("times_seen", issue.times_seen).Int("user_count", issue.users_seen);
  out.Text("first_release", issue.first_release).Text("last_release", issue.last_release);
  out.Text("last_event", EventName(organization, project.slug, issue.last_event_id));
  out.Int("comment_count", facts.comments).Bool("is_bookmarked", facts.bookmarked);
  out.Bool("is_subscribed", facts.subscribed.value_or(false)).Bool("has_seen", facts.seen);
  out.Bool("is_public", !facts.share_id.empty());
  out.Bool("inbox", facts.inbox_reason.has_value());
  return bytes;
}

}  // namespace mishap
