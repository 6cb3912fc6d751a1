// Comments on an issue (web-api 2.4): list, write, change and delete one's own.
#include <boost/json.hpp>
#include <charconv>

#include "api/issue_shape.h"
#include "api/pagination.h"
#include "api/resources.h"
#include "api/triage/resources.h"
#include "storage/triage/notes.h"

namespace mishap {
namespace {

namespace json = boost::json;

std::string Text(const json::value& value) {
  return {value.get_string().data(), value.get_string().size()};
}

// "user:1" and 1; teams ("team:2") are no persons.
void AddMention(const json::value& value, std::vector<std::int64_t>& out) {
  if (value.is_int64()) {
    out.push_back(value.get_int64());
    return;
  }
  auto text = value.is_string() ? Text(value) : std::string();
  std::string_view digits = text;
  if (digits.starts_with("user:")) digits.remove_prefix(5);
  std::int64_t id = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), id);
  if (error == std::errc() && end == digits.data() + digits.size()) out.push_back(id);
}

tl::expected<NoteText, HttpMessageResponse> ParseNote(std::string_view body) {
  auto refused = [](std::string_view message) {
    return tl::unexpected(RespondFieldError({"text"}, message));
  };
  boost::system::error_code error;
  auto value = json::parse(json::string_view(body.data(), body.size()), error);
  if (error || !value.is_object()) {
    return tl::unexpected(RespondDetail(400, "JSON parse error: the body must be an object."));
  }
  const auto* text = value.get_object().if_contains("text");
  if (!text) return refused("This field is required.");
  if (text->is_null()) return refused("This field may not be null.");
  if (!text->is_string()) return refused("Not a valid string.");
  NoteText out;
  out.text = Text(*text);
  if (out.text.find_first_not_of(" \t\r\n") == std::string::npos) {
    return refused("This field may not be blank.");
  }
  if (out.text.size() > kNoteBytesMax) {
    return refused("Ensure this field has no more than " + std::to_string(kNoteBytesMax) +
                   " bytes.");
  }
  if (out.text.find('\0') != std::string::npos) {
    return refused("Null characters are not allowed.");
  }
  const auto* mentions = value.get_object().if_contains("mentions");
  if (mentions && mentions->is_array()) {
    for (const auto& one : mentions->get_array()) {
      if (out.mentioned.size() < kMentionsMax) AddMention(one, out.mentioned);
    }
  }
  return out;
}

Answer RespondNote(int status, const ActivityRow& note) {
  std::string body;
  JsonWriter json(body);
  WriteActivityRow(note, json);
  return RespondJson(status, std::move(body));
}

// The comment's id in the path; anything that is no id names nothing.
Result<std::string> NoteIdOf(const ApiCall& call) {
  auto id = ParseHex128(call.path.Get("n"));
  if (!id) return NotFound();
  return HexOf(*id);
}

}  // namespace

Answer ListNotes(ApiCall& call) {
  auto found = IssueFromPath(call);
  if (!found) return Fail(found.error());
  auto total = CountNotes(call.session, found->scope, found->issue.id);
  if (!total) return Fail(total.error());
  auto page = PageOf(call, static_cast<std::size_t>(*total));
  if (!page) return Fail(page.error());
  auto notes =
      ReadNotes(call.session, found->scope, found->issue.id, page->begin, page->end - page->begin);
  if (!notes) return Fail(notes.error());
  std::string body;
  JsonWriter json(body);
  json.BeginArray();
  for (const auto& note : *notes) WriteActivityRow(note, json);
  json.EndArray();
  return RespondPage(call, std::move(body), *page, static_cast<std::size_t>(*total));
}

Answer PostNote(ApiCall& call) {
  auto found = IssueFromPath(call);
  if (!found) return Fail(found.error());
  auto note = ParseNote(call.request.body);
  if (!note) return std::move(note.error());
  auto made = AddNote(call.session, found->scope, found->issue.id, *note, call.now);
  if (!made) return Fail(made.error());
  return RespondNote(201, *made);
}

Answer PutNote(ApiCall& call) {
  auto found = IssueFromPath(call);
  if (!found) return Fail(found.error());
  auto id = NoteIdOf(call);
  if (!id) return Fail(id.error());
  auto note = ParseNote(call.request.body);
  if (!note) return std::move(note.error());
  auto changed = EditNote(call.session, found->scope, found->issue.id, *id, *note, call.now);
  if (!changed) return Fail(changed.error());
  return RespondNote(200, *changed);
}

Answer DeleteOwnNote(ApiCall& call) {
  auto found = IssueFromPath(call);
  if (!found) return Fail(found.error());
  auto id = NoteIdOf(call);
  if (!id) return Fail(id.error());
  auto gone = DeleteNote(call.session, found->scope, found->issue.id, *id);
  if (!gone) return Fail(gone.error());
  return RespondEmpty(204);
}

}  // namespace mishap
