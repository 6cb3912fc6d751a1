// Comments on issues: activities of kind note, and who may change them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "storage/read_issues.h"

namespace mishap {

inline constexpr std::size_t kNoteBytesMax = 64u << 10;
inline constexpr std::size_t kMentionsMax = 50;

struct NoteText {
  std::string text;
  std::vector<std::int64_t>
      mentioned;  // users, who become subscribed; others than members are passed over
};

Result<std::int64_t> CountNotes(Session& session, const Scope& scope, IssueId issue);
// Newest first.
Result<std::vector<ActivityRow>> ReadNotes(Session& session, const Scope& scope, IssueId issue,
                                           std::size_t offset, std::size_t limit);
// Writes the comment, subscribes its author and whom it mentions, and tells those who follow.
Result<ActivityRow> AddNote(Session& session, const Scope& scope, IssueId issue,
                            const NoteText& note, Timestamp now);
// The scope's user's own comment. Errors: not_found.
Result<ActivityRow> EditNote(Session& session, const Scope& scope, IssueId issue,
                             const std::string& id, const NoteText& note, Timestamp now);
Status DeleteNote(Session& session, const Scope& scope, IssueId issue, const std::string& id);

}  // namespace mishap
