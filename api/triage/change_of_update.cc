#include "api/triage/change_of_update.h"

#include "base/json_writer.h"
#include "storage/triage/assignee.h"
#include "storage/triage/commit_lookup.h"
#include "storage/triage/greatest_version.h"

namespace mishap {
namespace {

constexpr std::string_view kOneProjectText =
    "Cannot set resolved in next release for multiple projects.";

template <class T>
using Made = Result<tl::expected<T, HttpMessageResponse>>;

template <class T>
Made<T> Refused(HttpMessageResponse response) {
  return Made<T>(tl::unexpected(std::move(response)));
}

std::string IgnoreDetails(const IgnoreCondition& ignore, const SnoozeChange& snooze) {
  std::string out;
  JsonWriter json(out);
  auto number = [&](std::string_view name, const std::optional<std::int64_t>& value) {
    json.Key(name);
    value ? json.Int(*value) : json.Null();
  };
  json.BeginObject();
  number("ignoreCount", ignore.count);
  number("ignoreDuration", ignore.duration_min);
  json.Key("ignoreUntil");
  snooze.until ? json.Time(*snooze.until) : json.Null();
  number("ignoreUserCount", ignore.user_count);
  number("ignoreUserWindow", ignore.user_window_min);
  number("ignoreWindow", ignore.window_min);
  json.Field("ignoreUntilEscalating", ignore.until_escalating).EndObject();
  return out;
}

StatusChange IgnoreChange(const IssueUpdate& update, Timestamp now) {
  StatusChange change;
  const auto& ignore = update.ignore;
  change.status = IssueStatus::kIgnored;
  change.substatus = update.substatus;
  if (change.substatus == IssueSubstatus::kNone) {
    change.substatus = ignore.until_escalating ? IssueSubstatus::kArchivedUntilEscalating
                       : ignore.Any()          ? IssueSubstatus::kArchivedUntilConditionMet
                                               : IssueSubstatus::kArchivedForever;
  }
  SnoozeChange snooze;
  if (ignore.duration_min) {
    snooze.until = Timestamp{now.micros + *ignore.duration_min * 60 * kMicrosPerSecond};
  }
  snooze.times = ignore.count;
  snooze.window_min = ignore.count ? ignore.window_min : std::nullopt;
  snooze.users = ignore.user_count;
  snooze.user_window_min = ignore.user_count ? ignore.user_window_min : std::nullopt;
  snooze.until_escalating = change.substatus == IssueSubstatus::kArchivedUntilEscalating;
  change.activity = "set_ignored";
  change.activity_details = IgnoreDetails(ignore, snooze);
  change.details = ignore.Any() ? change.activity_details : "{}";
  // Archived for ever comes back by nothing, whatever else was sent.
  bool waits = ignore.Any() || snooze.until_escalating;
  if (waits && change.substatus != IssueSubstatus::kArchivedForever) change.snooze = snooze;
  change.always =
      ignore.Any() || ignore.until_escalating || update.substatus != IssueSubstatus::kNone;
  return change;
}

std::string ReleaseDetails(std::string_view version, bool next) {
  std::string out;
  JsonWriter json(out);
  json.BeginObject();
  if (next) {
    json.Field("inNextRelease", true);
  } else {
    json.Field("inRelease", version);
  }
  json.EndObject();
  return out;
}

std::string ReleaseActivity(std::string_view version, std::string_view current, bool next) {
  std::string out;
  JsonWriter json(out);
  json.BeginObject().Field("version", next ? std::string_view() : version);
  if (next) json.Field("current_release_version", current).Field("inNextRelease", true);
  json.EndObject();
  return out;
}

// A commit that is in a release already stands for that release.
Made<StatusChange> InCommit(ApiCall& call, const Scope& scope, const CommitName& name,
                            StatusChange change) {
  auto refused = [](std::string_view message) {
    return Refused<StatusChange>(RespondFieldError({"statusDetails", "inCommit"}, message));
  };
  auto commit =
      FindCommit(call.session, scope, scope.Projects().front(), name.repository, name.commit);
  if (!commit) return Fail(commit.error());
  if (!*commit) return refused("Unable to find the given repository.");
  if ((*commit)->sha.empty()) return refused("Unable to find the given commit.");
  auto& resolution = change.resolution;
  resolution.kind = (*commit)->release_id == 0 ? ResolutionKind::kCommit : ResolutionKind::kRelease;
  resolution.release_id = (*commit)->release_id;
  resolution.version = (*commit)->version;
  resolution.repository = (*commit)->repository;
  resolution.commit_id = (*commit)->sha;
  change.details.clear();
  JsonWriter details(change.details);
  details.BeginObject().Key("inCommit").BeginObject().Field("id", (*commit)->sha);
  details.Key("repository").BeginObject().Field("name", (*commit)->repository).EndObject();
  details.EndObject().EndObject();
  change.activity = "set_resolved_in_commit";
  change.activity_details.clear();
  JsonWriter activity(change.activity_details);
  activity.BeginObject().Key("commit").BeginObject().Field("id", (*commit)->sha);
  activity.Key("repository").BeginObject().Field("name", (*commit)->repository).EndObject();
  activity.EndObject().EndObject();
  change.always = true;
  return change;
}

Made<StatusChange> InRelease(ApiCall& call, const Scope& scope, const IssueUpdate& update,
                             StatusChange change) {
  const auto project = scope.Projects().front();
  bool newest = update.in_next_release || *update.in_release == "latest";
  auto release =
      ReadRelease(call.session, scope, project, newest ? std::string() : *update.in_release);
  if (!release) return Fail(release.error());
  if (!*release && update.in_release) {
    return Refused<StatusChange>(RespondFieldError(
        {"statusDetails", "inRelease"}, "Unable to find a release with the given version."));
  }
  if (!*release && update.needs_release) {
    return Refused<StatusChange>(RespondFieldError({"statusDetails", "inNextRelease"},
                                                   "No release data present in the system."));
  }
  if (!*release) return change;  // nothing to be next after: a plain resolve
  const bool next = update.in_next_release;
  auto& resolution = change.resolution;
  resolution.kind = next ? ResolutionKind::kNextRelease : ResolutionKind::kRelease;
  resolution.release_id = static_cast<std::int32_t>((*release)->id);
  resolution.version = (*release)->version;
  if (next) {
    auto greatest = ReadGreatestVersion(call.session, scope, project);
    if (!greatest) return Fail(greatest.error());
    resolution.current_version = std::move(*greatest);
  }
  change.details = ReleaseDetails(resolution.version, next);
  change.activity = "set_resolved_in_release";
  change.activity_details = ReleaseActivity(resolution.version, resolution.current_version, next);
  change.always = true;
  return change;
}

Made<StatusChange> ResolveChange(ApiCall& call, const Scope& scope, const IssueUpdate& update) {
  StatusChange change;
  change.status = IssueStatus::kResolved;
  change.activity = "set_resolved";
  if (!update.in_next_release && !update.in_release && !update.in_commit) return change;
  if (scope.Projects().size() != 1) {
    return Refused<StatusChange>(RespondDetail(400, kOneProjectText));
  }
  return update.in_commit ? InCommit(call, scope, *update.in_commit, std::move(change))
                          : InRelease(call, scope, update, std::move(change));
}

Made<StatusChange> MakeStatusChange(ApiCall& call, const Scope& scope, const IssueUpdate& update) {
  if (update.status == IssueStatus::kIgnored) return IgnoreChange(update, call.now);
  if (update.status == IssueStatus::kResolved) return ResolveChange(call, scope, update);
  StatusChange change;
  change.status = IssueStatus::kUnresolved;
  change.substatus = update.substatus;
  change.activity = "set_unresolved";
  change.always = update.substatus != IssueSubstatus::kNone;
  return change;
}

}  // namespace

Result<tl::expected<IssueChange, HttpMessageResponse>> MakeIssueChange(ApiCall& call,
                                                                       const Scope& scope,
                                                                       const IssueUpdate& update,
                                                                       bool is_single) {
  IssueChange out;
  if (update.status) {
    auto status = MakeStatusChange(call, scope, update);
    if (!status) return Fail(status.error());
    if (!*status) return Refused<IssueChange>(std::move(status->error()));
    out.status = std::move(**status);
    out.status->is_single = is_single;
  }
  if (update.assigned_to && update.assigned_to->empty()) {
    out.assignee = Assignee{};
  } else if (update.assigned_to) {
    auto assignee = FindAssignee(call.session, scope, *update.assigned_to);
    if (!assignee) return Fail(assignee.error());
    if (!*assignee) {
      return Refused<IssueChange>(
          RespondFieldError({"assignedTo"}, "Cannot assign to non-team member"));
    }
    out.assignee = std::move(**assignee);
  }
  out.seen = update.seen;
  out.priority = update.priority;
  out.bookmarked = update.bookmarked;
  out.subscribed = update.subscribed;
  out.is_public = update.is_public;
  out.in_inbox = update.in_inbox;
  out.now = call.now;
  return out;
}

}  // namespace mishap
