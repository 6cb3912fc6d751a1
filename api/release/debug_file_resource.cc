// Debug files of a project: put together from uploaded pieces, listed, given back, removed (web-api
// 1.1.5). What uses them comes later.
#include "api/download.h"
#include "api/entry_parts.h"
#include "api/release/artifact_port.h"
#include "api/release/assemble.h"
#include "api/release/resources.h"
#include "base/bytes.h"
#include "base/sha1.h"
#include "storage/release/artifact_store.h"

namespace mishap {
namespace {

constexpr std::size_t kNameBytesMax = 1024;
constexpr std::size_t kDebugIdBytesMax = 64;
constexpr std::string_view kProguardFolder = "/proguard/";
constexpr std::size_t kFilesPerRequest = 1'000;

void WriteDebugFile(const DebugFileRow& file, JsonWriter& json) {
  json.BeginObject().Field("id", std::to_string(file.id));
  // Clients read it as an id: where there is none, null.
  TextOrNull(json, "uuid", file.debug_id);
  TextOrNull(json, "debugId", file.debug_id);
  json.Key("codeId").Null().Field("cpuName", "any").Field("objectName", file.name);
  json.Field("symbolType", file.name.starts_with(kProguardFolder) ? "proguard" : "unknown");
  json.Field("sha1", file.checksum).Field("size", file.bytes).Key("headers").BeginObject();
  json.EndObject().Field("dateCreated", file.created_at).Key("data").BeginObject();
  json.Key("features").BeginArray().EndArray().EndObject().EndObject();
}

// What the client says, or what its name says: mappings are named "/proguard/<uuid>.txt".
std::string DebugIdOf(std::string_view name, std::string debug_id) {
  constexpr std::string_view kSuffix = ".txt";
  if (!debug_id.empty() || !name.starts_with(kProguardFolder) || !name.ends_with(kSuffix)) {
    return debug_id;
  }
  name.remove_prefix(kProguardFolder.size());
  name.remove_suffix(kSuffix.size());
  return ParseId128<EventId>(name) ? std::string(name) : std::string();
}

// One of the files a difs/assemble names. Errors: those of storage.
Result<std::string> AssembleDebugFile(ApiCall& call, const ProjectOnPath& found,
                                      const std::string& checksum, JsonBody& wanted) {
  const auto name = wanted.Text("name", kNameBytesMax).value_or("");
  const auto debug_id = DebugIdOf(name, wanted.Text("debug_id", kDebugIdBytesMax).value_or(""));
  const auto chunks = TakeChunks(wanted);
  if (wanted.Problem()) return std::string();
  auto known = FindDebugFile(call.session, found.scope, found.project.id, checksum);
  if (!known) return Fail(known.error());
  auto tried = *known ? Result<AssembleState>(AssembleState{"ok", {}, {}, 0})
                      : TryAssemble(call, found.scope, checksum, chunks);
  if (!tried) return Fail(tried.error());
  const auto& state = *tried;
  if (!*known && state.state == "ok") {
    auto saved =
        SaveDebugFile(call.session, found.scope, found.project.id,
                      {0, checksum, name, debug_id, static_cast<std::int64_t>(state.bytes), {}});
    if (!saved) return Fail(saved.error());
    *known = std::move(*saved);
  }
  std::string out;
  JsonWriter json(out);
  json.BeginObject();
  WriteState(state, json);
  json.Key("dif");
  *known ? WriteDebugFile(**known, json) : void(json.Null());
  json.EndObject();
  return out;
}

Answer DownloadDebugFile(ApiCall& call, const ProjectOnPath& found) {
  auto id = ParseDigits(call.query.GetOr("id", ""));
  if (!id) return BadRequest("Give the debug file's id: ?id=1.");
  auto file = ReadDebugFile(call.session, found.scope, found.project.id, *id);
  if (!file) return Fail(file.error());
  auto bytes = call.front.artifacts.read_file(file->checksum, kDownloadBytesMax);
  if (!bytes) return Fail(bytes.error());
  return RespondDownload(file->name, "application/octet-stream", std::move(*bytes));
}

}  // namespace

Answer PostDebugFiles(ApiCall& call) {
  auto found = ProjectFromPath(call);
  if (!found) return Fail(found.error());
  JsonBody body(call.request.body);
  std::string out;
  JsonWriter json(out);
  json.BeginObject();
  Status failed;
  std::size_t count = 0;
  for (const auto& checksum : body.Names()) {
    if (!IsSha1Hex(checksum)) body.Refuse(checksum, "Expected a SHA-1 checksum of 40 digits.");
    if (++count > kFilesPerRequest) body.Refuse(checksum, "At most 1000 files a request.");
    if (body.Problem()) break;
    body.Object(checksum, [&](JsonBody& wanted) {
      auto state = AssembleDebugFile(call, *found, checksum, wanted);
      if (!state) failed = Fail(state.error());
      if (state && !wanted.Problem()) json.Key(checksum).Raw(*state);
    });
    if (!failed) return Fail(failed.error());
  }
  if (body.Problem()) return *body.Problem();
  json.EndObject();
  return RespondJson(200, std::move(out));
}

// With ?id= the bytes of one.
Answer ListDebugFilesOfProject(ApiCall& call) {
  auto found = ProjectFromPath(call);
  if (!found) return Fail(found.error());
  if (call.query.Has("id")) return DownloadDebugFile(call, *found);
  auto files =
      ListDebugFiles(call.session, found->scope, found->project.id, call.query.GetOr("query", ""));
  if (!files) return Fail(files.error());
  auto page = PageOf(call, files->size());
  if (!page) return Fail(page.error());
  std::string body;
  JsonWriter json(body);
  json.BeginArray();
  for (auto i = page->begin; i < page->end; ++i) WriteDebugFile((*files)[i], json);
  json.EndArray();
  return RespondPage(call, std::move(body), *page, files->size());
}

Answer DeleteDebugFile(ApiCall& call) {
  auto found = ProjectFromPath(call);
  if (!found) return Fail(found.error());
  auto id = ParseDigits(call.query.GetOr("id", ""));
  if (!id) return BadRequest("Give the debug file's id: ?id=1.");
  auto removed = RemoveDebugFile(call.session, found->scope, found->project.id, *id);
  if (!removed) return Fail(removed.error());
  return RespondEmpty(204);
}

}  // namespace mishap
