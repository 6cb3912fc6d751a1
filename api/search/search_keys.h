// The table of search keys (web-api 3.3): which name means what, of which type. A name that is not
// here is a tag.
#pragma once

#include <string>
#include <string_view>

namespace mishap {

enum class SearchKeyKind {
  kIs,
  kStatus,
  kFirstSeen,
  kLastSeen,
  kEventTime,
  kTimesSeen,
  kUserCount,
  kIssue,
  kIssueId,
  kCategory,
  kIssueType,
  kPriority,
  kProject,
  kProjectId,
  kTeam,
  kAssigned,
  kBookmarked,
  kSubscribed,
  kFirstRelease,
  kRegressedIn,
  kTitle,
  kCulprit,
  kPlatform,
  kEventType,
  kMessage,
  kEventId,
  kTag,         // target: the tag's key
  kTagAnyCase,  // the same, compared without case
  kRelease,
  kReleaseVersion,
  kReleasePackage,
  kReleaseBuild,
  kUser,  // id:, email:, username:, ip: or any of them
  kHandled,
  kUnhandled,
  kFact,        // target: the key of the fact
  kFactNumber,  // the same
  kFactBool,    // the same
  kRefused,     // target: what to do instead
};

struct SearchKey {
  SearchKeyKind kind = SearchKeyKind::kTag;
  std::string target;
};

// Any case for the built-in names; everything else is the tag of exactly that name.
SearchKey FindSearchKey(std::string_view name);

}  // namespace mishap
