#include "storage/triage/notes.h"

#include "base/json_writer.h"
#include "storage/read_rows.h"
#include "storage/triage/change_in_work.h"

namespace mishap {
namespace {

std::string DetailsOf(const NoteText& note) {
  std::string out;
  JsonWriter json(out);
  json.BeginObject().Field("text", note.text).Key("mentions").BeginArray();
  for (auto user : note.mentioned) json.String("user:" + std::to_string(user));
  json.EndArray().EndObject();
  return out;
}

ChangeGround GroundOf(Work& work, const Scope& scope) {
  ChangeGround ground{work, ArrayParam(scope.Projects()), std::nullopt};
  if (scope.User()) ground.user = scope.User().value;
  return ground;
}

Result<ActivityRow> NoteById(const ChangeGround& ground, IssueId issue, const std::string& id) {
  auto rows = ground.work.Run("note_by_id", ground.projects, issue, id);
  if (rows.empty()) return Fail(Reason::kNotFound, "no such comment");
  return ActivityRowOf(rows[0]);
}

void SubscribeMentioned(const ChangeGround& ground, const Scope& scope, IssueId issue,
                        const NoteText& note) {
  auto issues = ArrayParam(NumbersOf({issue}));
  for (const auto& row :
       ground.work.Run("note_members", scope.Organization(), ArrayParam(note.mentioned))) {
    ground.work.Run("triage_subscribe_quietly", ground.projects, issues, row[0].as<std::int64_t>(),
                    "mentioned");
  }
}

}  // namespace

Result<std::int64_t> CountNotes(Session& session, const Scope& scope, IssueId issue) {
  return Read(session, [&](Work& work) {
    return work.Run("note_count", ArrayParam(scope.Projects()), issue)[0][0].as<std::int64_t>();
  });
}

Result<std::vector<ActivityRow>> ReadNotes(Session& session, const Scope& scope, IssueId issue,
                                           std::size_t offset, std::size_t limit) {
  return Read(session, [&](Work& work) {
    std::vector<ActivityRow> out;
    for (const auto& row :
         work.Run("note_list", ArrayParam(scope.Projects()), issue,
                  static_cast<std::int64_t>(offset), static_cast<std::int64_t>(limit))) {
      out.push_back(ActivityRowOf(row));
    }
    return out;
  });
}

Result<ActivityRow> AddNote(Session& session, const Scope& scope, IssueId issue,
                            const NoteText& note, Timestamp now) {
  return Transact(session, [&](Work& work) -> Result<ActivityRow> {
    auto ground = GroundOf(work, scope);
    auto details = DetailsOf(note);
    auto rows = work.Run("note_insert", ground.projects, issue, ground.user, details, now);
    if (rows.empty()) return Fail(Reason::kNotFound, "no such issue");
    if (ground.user) {
      work.Run("triage_subscribe_quietly", ground.projects, ArrayParam(NumbersOf({issue})),
               *ground.user, "comment");
    }
    if (!note.mentioned.empty()) SubscribeMentioned(ground, scope, issue, note);
    WriteEffects(ground, {issue.value}, "issue_comment", details);
    NotifyIssues(work, {issue.value});
    return NoteById(ground, issue, TextOf(rows[0][0]));
  });
}

Result<ActivityRow> EditNote(Session& session, const Scope& scope, IssueId issue,
                             const std::string& id, const NoteText& note, Timestamp now) {
  return Transact(session, [&](Work& work) -> Result<ActivityRow> {
    auto ground = GroundOf(work, scope);
    auto rows =
        work.Run("note_update", ground.projects, issue, id, ground.user, DetailsOf(note), now);
    if (rows.empty()) return Fail(Reason::kNotFound, "no such comment of yours");
    if (!note.mentioned.empty()) SubscribeMentioned(ground, scope, issue, note);
    return NoteById(ground, issue, id);
  });
}

Status DeleteNote(Session& session, const Scope& scope, IssueId issue, const std::string& id) {
  return Transact(session, [&](Work& work) -> Status {
    auto ground = GroundOf(work, scope);
    if (work.Run("note_delete", ground.projects, issue, id, ground.user).empty()) {
      return Fail(Reason::kNotFound, "no such comment of yours");
    }
    NotifyIssues(work, {issue.value});
    return {};
  });
}

}  // namespace mishap
