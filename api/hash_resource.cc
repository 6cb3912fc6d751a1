// The hashes of an issue and why its events were grouped (web-api 2.4; the explanation is our own
// route, decisions 3.11).
#include "api/event_shape.h"
#include "api/resources.h"
#include "base/bytes.h"

namespace mishap {
namespace {

constexpr std::size_t kExplanationBytesMax = 4u << 20;

Result<std::vector<HashRow>> HashesOf(ApiCall& call, const IssueOnPath& found) {
  return ReadHashes(call.session, found.scope, found.issue.id);
}

// {"id","latestEvent","mergedBySeer"}; null where the event has left with its day.
Status WriteHash(ApiCall& call, const IssueOnPath& found, const HashRow& hash, JsonWriter& json) {
  json.BeginObject().Field("id", hash.hash).Key("latestEvent");
  auto row = ReadEvent(call.session, found.scope, hash.last_event_id);
  if (row) {
    auto event = DecodeStored(call, *row);
    if (!event) return Fail(event.error());
    WriteEventSimple(*event, *row, json);
  } else if (row.error().reason == Reason::kNotFound) {
    json.Null();
  } else {
    return Fail(row.error());
  }
  json.Field("mergedBySeer", false).EndObject();
  return {};
}

Status WriteExplanation(ApiCall& call, const HashRow& hash, JsonWriter& json) {
  json.BeginObject().Field("hash", hash.hash).Field("algorithm", hash.algorithm);
  json.Field("kind", hash.kind).Field("origin", hash.origin);
  json.Field("timesSeen", hash.times_seen).Field("firstSeen", hash.first_seen);
  json.Field("lastSeen", hash.last_seen).Key("explanation");
  if (hash.explanation.empty()) {
    json.Null();
  } else {
    auto text = call.codec.Decompress(hash.explanation, kExplanationBytesMax);
    if (!text) return Fail(text.error());
    json.Raw(*text);
  }
  json.EndObject();
  return {};
}

}  // namespace

Answer ListIssueHashes(ApiCall& call) {
  auto found = IssueFromPath(call);
  if (!found) return Fail(found.error());
  auto hashes = HashesOf(call, *found);
  if (!hashes) return Fail(hashes.error());
  auto page = PageOf(call, hashes->size());
  if (!page) return Fail(page.error());
  std::string body;
  JsonWriter json(body);
  json.BeginArray();
  for (auto i = page->begin; i < page->end; ++i) {
    if (auto ok = WriteHash(call, *found, (*hashes)[i], json); !ok) return Fail(ok.error());
  }
  json.EndArray();
  return RespondPage(call, std::move(body), *page, hashes->size());
}

Answer GetIssueExplanation(ApiCall& call) {
  auto found = IssueFromPath(call);
  if (!found) return Fail(found.error());
  auto hashes = HashesOf(call, *found);
  if (!hashes) return Fail(hashes.error());
  std::string body;
  JsonWriter json(body);
  json.BeginObject().Field("issue", std::to_string(found->issue.id.value));
  json.Key("hashes").BeginArray();
  for (const auto& hash : *hashes) {
    if (auto ok = WriteExplanation(call, hash, json); !ok) return Fail(ok.error());
  }
  json.EndArray().EndObject();
  return RespondJson(200, std::move(body));
}

Answer GetHashExplanation(ApiCall& call) {
  auto found = IssueFromPath(call);
  if (!found) return Fail(found.error());
  auto hashes = HashesOf(call, *found);
  if (!hashes) return Fail(hashes.error());
  for (const auto& hash : *hashes) {
    if (hash.hash != ToLowerAscii(call.path.Get("h"))) continue;
    std::string body;
    JsonWriter json(body);
    if (auto ok = WriteExplanation(call, hash, json); !ok) return Fail(ok.error());
    return RespondJson(200, std::move(body));
  }
  return NotFound();
}

}  // namespace mishap
