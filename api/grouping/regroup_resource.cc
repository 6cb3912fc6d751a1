// Unmerge, split by message, discard, the release of a flood, and undoing them (web-api 2.7;
// what Sentry has no route for stands below mishap/). Merging is an update of issues.
#include <boost/json.hpp>

#include "api/grouping/project_grouping.h"
#include "api/grouping/resources.h"
#include "api/resources.h"
#include "base/json_writer.h"

namespace mishap {
namespace {

namespace json = boost::json;

// Hashes as 32 hex digits. Errors: invalid_argument.
Result<std::vector<Hash128>> ParseHashes(const std::vector<std::string>& texts) {
  std::vector<Hash128> out;
  for (const std::string& text : texts) {
    auto hash = ParseId128<Hash128>(text);
    if (!hash) return BadRequest("\"" + text + "\" is no hash: 32 hexadecimal digits.");
    out.push_back(*hash);
  }
  return out;
}

// Above a limit of grouping's own: the request is wrong, not its size.
template <class T>
tl::unexpected<Error> Refused(const Result<T>& result) {
  Error error = result.error();
  if (error.reason == Reason::kTooLarge) error.reason = Reason::kInvalidArgument;
  return Fail(std::move(error));
}

void WriteIds(const char* name, const std::vector<IssueId>& ids, JsonWriter& out) {
  out.Key(name).BeginArray();
  for (IssueId id : ids) out.String(std::to_string(id.value));
  out.EndArray();
}

void WriteLogRow(const RegroupLogRow& row, JsonWriter& out) {
  out.BeginObject().Field("id", row.id).Field("action", row.action);
  out.Field("dateCreated", row.at).Key("userId");
  row.user ? out.String(std::to_string(*row.user)) : out.Null();
  WriteIds("from", row.from, out);
  out.Key("to");
  row.to ? out.String(std::to_string(row.to->value)) : out.Null();
  WriteIds("made", row.made, out);
  out.Field("hashes", row.hash_rows).Key("dateUndone");
  row.undone_at ? out.Time(*row.undone_at) : out.Null();
  out.EndObject();
}

struct SplitBody {
  std::vector<std::string> hashes;
  bool force = false;
};

Result<SplitBody> ParseSplitBody(const std::string& text) {
  SplitBody out;
  if (text.empty()) return out;
  boost::system::error_code error;
  auto value = json::parse(json::string_view(text.data(), text.size()), error);
  if (error || !value.is_object()) return BadRequest("The body must be a JSON object.");
  const auto& body = value.get_object();
  if (const auto* force = body.if_contains("force")) {
    if (!force->is_bool()) return BadRequest("force: true or false.");
    out.force = force->get_bool();
  }
  if (const auto* hashes = body.if_contains("hashes")) {
    if (!hashes->is_array()) return BadRequest("hashes: a list of hashes.");
    for (const auto& hash : hashes->get_array()) {
      if (!hash.is_string()) return BadRequest("hashes: a list of hashes.");
      out.hashes.emplace_back(hash.get_string().data(), hash.get_string().size());
    }
  }
  return out;
}

// The text of one event of an offer; "" where the event has left.
std::string TitleOf(ApiCall& call, const Scope& scope, const FaceReader& faces, EventId event) {
  auto row = ReadEvent(call.session, scope, event);
  if (!row) return {};
  auto face = faces(row->project, row->payload);
  return face ? face->title : std::string();
}

}  // namespace

Answer UnmergeIssueHashes(ApiCall& call) {
  auto found = IssueFromPath(call);
  if (!found) return Fail(found.error());
  auto hashes = ParseHashes(call.query.All("id"));
  if (!hashes) return Fail(hashes.error());
  auto version = GroupingOf(call, found->scope, found->project.id);
  if (!version) return Fail(version.error());
  auto unmerged = UnmergeHashes(call.session, found->scope, found->issue.id, *hashes,
                                FacesOf(call, *version), call.now);
  if (!unmerged) return Refused(unmerged);
  std::string body;
  JsonWriter out(body);
  out.BeginObject().Field("issue", std::to_string(unmerged->source.value));
  out.Field("made", std::to_string(unmerged->issue.value)).Field("log", unmerged->log);
  if (!unmerged->siblings.empty()) {
    out.Key("alsoMoved").BeginArray();
    for (const Hash128& hash : unmerged->siblings) out.String(ToHex(hash));
    out.EndArray();
    out.Field("detail",
              "The grouping changed in between: these are the same errors' other hashes.");
  }
  out.EndObject();
  return RespondJson(202, std::move(body));
}

Answer GetSplitOffers(ApiCall& call) {
  auto found = IssueFromPath(call);
  if (!found) return Fail(found.error());
  auto version = GroupingOf(call, found->scope, found->project.id);
  if (!version) return Fail(version.error());
  auto offers = ReadSplitOffers(call.session, found->scope, found->issue.id);
  if (!offers) return Fail(offers.error());
  const FaceReader faces = FacesOf(call, *version);
  std::string body;
  JsonWriter out(body);
  out.BeginObject().Field("issue", std::to_string(found->issue.id.value));
  out.Key("hashes").BeginArray();
  for (const SplitOffer& offer : *offers) {
    out.BeginObject().Field("hash", ToHex(offer.hash)).Field("isSplit", offer.is_split);
    out.Field("tooMany", offer.texts.size() > kSplitTextsMax).Key("texts").BeginArray();
    for (const MessageShare& text : offer.texts) {
      out.BeginObject().Field("hash", ToHex(text.message)).Field("count", text.events);
      out.Field("title", TitleOf(call, found->scope, faces, text.newest));
      out.Field("latestEventId", ToHex(text.newest)).EndObject();
    }
    out.EndArray().EndObject();
  }
  out.EndArray().EndObject();
  return RespondJson(200, std::move(body));
}

Answer PostSplit(ApiCall& call) {
  auto found = IssueFromPath(call);
  if (!found) return Fail(found.error());
  auto wanted = ParseSplitBody(call.request.body);
  if (!wanted) return Fail(wanted.error());
  auto hashes = ParseHashes(wanted->hashes);
  if (!hashes) return Fail(hashes.error());
  auto split =
      SplitByMessage(call.session, found->scope, found->issue.id, *hashes, wanted->force, call.now);
  if (!split) return Refused(split);
  std::string body;
  JsonWriter out(body);
  out.BeginObject().Field("issue", std::to_string(split->issue.value)).Key("hashes").BeginArray();
  for (const Hash128& hash : split->hashes) out.String(ToHex(hash));
  out.EndArray().Field("log", split->log).EndObject();
  return RespondJson(200, std::move(body));
}

Answer PostDiscard(ApiCall& call) {
  auto found = IssueFromPath(call);
  if (!found) return Fail(found.error());
  auto discarded = DiscardIssues(call.session, found->scope, {found->issue.id}, call.now);
  if (!discarded) return Refused(discarded);
  if (discarded->logs.empty()) return NotFound();
  std::string body;
  JsonWriter out(body);
  out.BeginObject().Field("issue", std::to_string(found->issue.id.value));
  out.Field("log", discarded->logs.front()).EndObject();
  return RespondJson(200, std::move(body));
}

Answer PostFloodRelease(ApiCall& call) {
  auto found = IssueFromPath(call);
  if (!found) return Fail(found.error());
  auto version = GroupingOf(call, found->scope, found->project.id);
  if (!version) return Fail(version.error());
  auto released =
      ReleaseFlood(call.session, found->scope, found->issue.id, FacesOf(call, *version), call.now);
  if (!released) return Refused(released);
  std::string body;
  JsonWriter out(body);
  out.BeginObject().Field("flood", std::to_string(released->flood.value));
  WriteIds("issues", released->issues, out);
  out.Field("log", released->log).EndObject();
  return RespondJson(200, std::move(body));
}

Answer ListGroupingLog(ApiCall& call) {
  auto found = ProjectFromPath(call);
  if (!found) return Fail(found.error());
  auto rows = ReadRegroupLog(call.session, found->scope, found->project.id);
  if (!rows) return Fail(rows.error());
  auto page = PageOf(call, rows->size());
  if (!page) return Fail(page.error());
  std::string body;
  JsonWriter out(body);
  out.BeginArray();
  for (auto i = page->begin; i < page->end; ++i) WriteLogRow((*rows)[i], out);
  out.EndArray();
  return RespondPage(call, std::move(body), *page, rows->size());
}

Answer PostUndo(ApiCall& call) {
  auto found = ProjectFromPath(call);
  if (!found) return Fail(found.error());
  auto version = GroupingOf(call, found->scope, found->project.id);
  if (!version) return Fail(version.error());
  auto undone = UndoRegroup(call.session, found->scope, found->project.id, call.path.Get("log"),
                            FacesOf(call, *version), call.now);
  if (!undone) return Refused(undone);
  std::string body;
  JsonWriter out(body);
  WriteLogRow(*undone, out);
  return RespondJson(200, std::move(body));
}

}  // namespace mishap
