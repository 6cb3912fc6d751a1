#include "api/search/search_keys.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "base/bytes.h"

namespace mishap {
namespace {

using K = SearchKeyKind;

struct Row {
  std::string_view name;  // lower case
  K kind;
  std::string_view target;
};

constexpr std::string_view kNoSessions = "sessions are not kept; use release or release.version";
constexpr std::string_view kNoTraces = "only errors are kept, no transactions or spans";
constexpr std::string_view kNoSuggestions = "nobody is suggested here; use assigned";

constexpr Row kRows[] = {
    {"is", K::kIs, {}},
    {"status", K::kStatus, {}},
    {"substatus", K::kStatus, {}},
    {"age", K::kFirstSeen, {}},
    {"firstseen", K::kFirstSeen, {}},
    {"first_seen", K::kFirstSeen, {}},
    {"activesince", K::kFirstSeen, {}},
    {"active_at", K::kFirstSeen, {}},
    {"lastseen", K::kLastSeen, {}},
    {"last_seen", K::kLastSeen, {}},
    {"date", K::kEventTime, {}},
    {"timestamp", K::kEventTime, {}},
    {"event.timestamp", K::kEventTime, {}},
    {"timesseen", K::kTimesSeen, {}},
    {"times_seen", K::kTimesSeen, {}},
    {"usercount", K::kUserCount, {}},
    {"user_count", K::kUserCount, {}},
    {"issue", K::kIssue, {}},
    {"issue.id", K::kIssueId, {}},
    {"issue.category", K::kCategory, {}},
    {"issue.type", K::kIssueType, {}},
    {"issue.priority", K::kPriority, {}},
    {"priority", K::kPriority, {}},
    {"issue.seer_actionability", K::kRefused, "there is no such score"},
    {"project", K::kProject, {}},
    {"project.name", K::kProject, {}},
    {"project.id", K::kProjectId, {}},
    {"assigned", K::kAssigned, {}},
    {"assigned_to", K::kAssigned, {}},
    {"assigned_or_suggested", K::kRefused, kNoSuggestions},
    {"bookmarks", K::kBookmarked, {}},
    {"bookmarked_by", K::kBookmarked, {}},
    {"subscribed", K::kSubscribed, {}},
    {"subscribed_by", K::kSubscribed, {}},
    {"firstrelease", K::kFirstRelease, {}},
    {"first-release", K::kFirstRelease, {}},
    {"first_release", K::kFirstRelease, {}},
    {"regressed_in_release", K::kRegressedIn, {}},
    {"team", K::kTeam, {}},
    {"detector", K::kRefused, "there are no detectors"},
    {"title", K::kTitle, {}},
    {"culprit", K::kCulprit, {}},
    {"location", K::kFact, "location"},
    {"platform", K::kPlatform, {}},
    {"platform.name", K::kPlatform, {}},
    {"event.type", K::kEventType, {}},
    {"message", K::kMessage, {}},
    {"id", K::kEventId, {}},
    {"level", K::kTagAnyCase, "level"},
    {"release", K::kRelease, {}},
    {"release.version", K::kReleaseVersion, {}},
    {"release.package", K::kReleasePackage, {}},
    {"release.build", K::kReleaseBuild, {}},
    {"release.stage", K::kRefused, kNoSessions},
    {"user", K::kUser, {}},
    {"user.display", K::kUser, {}},
    {"user.ip", K::kTag, "user.ip_address"},
    {"replayid", K::kTag, "replayId"},
    {"http.url", K::kTag, "url"},
    {"platform.version", K::kTag, "runtime.version"},
    {"error.mechanism", K::kTag, "mechanism"},
    {"error.handled", K::kHandled, {}},
    {"error.unhandled", K::kUnhandled, {}},
    {"error.type", K::kFact, "error.type"},
    {"error.value", K::kFact, "error.value"},
    {"error.main_thread", K::kFactBool, "error.main_thread"},
    {"stack.filename", K::kFact, "stack.filename"},
    {"stack.abs_path", K::kFact, "stack.abs_path"},
    {"stack.module", K::kFact, "stack.module"},
    {"stack.function", K::kFact, "stack.function"},
    {"stack.package", K::kFact, "stack.package"},
    {"stack.lineno", K::kFactNumber, "stack.lineno"},
    {"stack.colno", K::kFactNumber, "stack.colno"},
    {"stack.stack_level", K::kFactNumber, "stack.stack_level"},
    {"stack.in_app", K::kFactBool, "stack.in_app"},
    {"symbolicated_in_app", K::kRefused, "use stack.in_app"},
    {"transaction.duration", K::kRefused, kNoTraces},
};

constexpr std::array<std::string_view, 2> kRefusedPrefixes = {"span.", "measurements."};

}  // namespace

SearchKey FindSearchKey(std::string_view name) {
  auto lower = ToLowerAscii(name);
  const auto* row = std::find_if(std::begin(kRows), std::end(kRows),
                                 [&](const Row& known) { return known.name == lower; });
  if (row != std::end(kRows)) return {row->kind, std::string(row->target)};
  for (auto prefix : kRefusedPrefixes) {
    if (lower.starts_with(prefix)) return {K::kRefused, std::string(kNoTraces)};
  }
  return {K::kTag, std::string(name)};
}

}  // namespace mishap
