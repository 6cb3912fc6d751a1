// Uploads of build tools (web-api 1.1.3, 1.1.4): pieces, then bundles put together from them.
// Everything is kept under its checksum; what uses source maps comes later.
#include <libdeflate.h>

#include <algorithm>
#include <memory>

#include "api/json_body.h"
#include "api/release/artifact_port.h"
#include "api/release/assemble.h"
#include "api/release/release_scope.h"
#include "api/release/resources.h"
#include "base/bytes.h"
#include "base/json_writer.h"
#include "base/sha1.h"
#include "event/release_version.h"
#include "net/multipart.h"
#include "storage/release/artifact_store.h"

namespace mishap {
namespace {

constexpr std::size_t kDistBytesMax = 64;

HttpMessageResponse RespondUploadError(int status, std::string_view text) {
  std::string body;
  JsonWriter json(body);
  json.BeginObject().Field("error", text).EndObject();
  return RespondJson(status, std::move(body));
}

// At most kChunkBytes; nullopt: no gzip, or more.
std::optional<std::string> Gunzip(std::string_view packed) {
  const std::unique_ptr<libdeflate_decompressor, void (*)(libdeflate_decompressor*)> engine(
      libdeflate_alloc_decompressor(), &libdeflate_free_decompressor);
  std::string out(kChunkBytes, '\0');
  std::size_t size = 0;
  if (libdeflate_gzip_decompress(engine.get(), packed.data(), packed.size(), out.data(), out.size(),
                                 &size) != LIBDEFLATE_SUCCESS) {
    return std::nullopt;
  }
  out.resize(size);
  return out;
}

// One piece: its checksum is its file name.
std::optional<HttpMessageResponse> StoreChunk(const ArtifactPort& artifacts, OrganizationId owner,
                                              const FormPart& part) {
  if (part.name != "file" && part.name != "file_gzip") {
    return RespondUploadError(400, "unknown part " + part.name + ": expected file or file_gzip");
  }
  std::optional<std::string> unpacked;
  if (part.name == "file_gzip") {
    unpacked = Gunzip(part.body);
    if (!unpacked) {
      return RespondUploadError(400, "a chunk is no gzip, or larger than 8388608 bytes");
    }
  }
  const std::string_view bytes = unpacked ? std::string_view(*unpacked) : part.body;
  if (bytes.size() > kChunkBytes) {
    return RespondUploadError(400, "a chunk is larger than 8388608 bytes");
  }
  const auto stored = artifacts.put_chunk(owner, ToLowerAscii(part.filename), bytes);
  if (stored) return std::nullopt;
  if (stored.error().reason == Reason::kInvalidArgument) {
    return RespondUploadError(400, stored.error().detail);
  }
  return RespondError(stored.error(), "");
}

Answer RespondState(const AssembleState& state) {
  std::string body;
  JsonWriter json(body);
  json.BeginObject();
  WriteState(state, json);
  json.EndObject();
  return RespondJson(200, std::move(body));
}

}  // namespace

Answer GetChunkUpload(ApiCall& call) {
  auto scope = OrganizationScope(call);
  if (!scope) return Fail(scope.error());
  call.front.artifacts.drop_old_chunks(call.now);
  std::string body;
  JsonWriter json(body);
  json.BeginObject().Field("url", call.public_url + "/api/0/organizations/" +
                                      scope->OrganizationSlug() + "/chunk-upload/");
  json.Field("chunkSize", static_cast<std::int64_t>(kChunkBytes));
  json.Field("chunksPerRequest", static_cast<std::int64_t>(kChunksPerRequest));
  json.Field("maxFileSize", static_cast<std::int64_t>(kArtifactBytesMax));
  json.Field("maxRequestSize", static_cast<std::int64_t>(kUploadBytesMax));
  json.Field("concurrency", 4).Field("hashAlgorithm", "sha1").Key("compression").BeginArray();
  json.String("gzip").EndArray().Key("accept").BeginArray();
  for (auto kind : {"debug_files", "release_files", "pdbs", "sources", "bcsymbolmaps", "il2cpp",
                    "portablepdbs", "artifact_bundles", "artifact_bundles_v2", "proguard"}) {
    json.String(kind);
  }
  json.EndArray().EndObject();
  return RespondJson(200, std::move(body));
}

Answer PostChunks(ApiCall& call) {
  auto scope = OrganizationScope(call);
  if (!scope) return Fail(scope.error());
  const auto boundary = FormBoundary(call.request.Header("Content-Type"));
  if (boundary.empty()) return RespondUploadError(400, "expected multipart/form-data");
  auto parts = ReadForm(call.request.body, boundary, kChunksPerRequest);
  if (!parts) return RespondUploadError(400, parts.error().detail);
  for (const auto& part : *parts) {
    if (auto problem = StoreChunk(call.front.artifacts, scope->Organization(), part)) {
      return std::move(*problem);
    }
  }
  return RespondEmpty(200);
}

Answer PostArtifactBundle(ApiCall& call) {
  auto where = ReleaseScopeFromPath(call);
  if (!where) return Fail(where.error());
  JsonBody body(call.request.body);
  ArtifactBundleRow bundle;
  bundle.checksum = TakeChecksum(body, "checksum");
  const auto chunks = TakeChunks(body);
  const auto slugs = body.Texts("projects", 1'000, 200);
  bundle.version = std::string(TrimAscii(body.Text("version", 250).value_or("")));
  bundle.dist = body.Text("dist", kDistBytesMax).value_or("");
  if (!bundle.dist.empty() && bundle.version.empty()) {
    body.Refuse("dist", "You need to specify a release together with a dist.");
  }
  if (!slugs || slugs->empty())
    body.Refuse("projects", "You need to specify at least one project.");
  if (body.Problem()) return *body.Problem();
  auto projects = ProjectsOfBody(call, *where, slugs);
  if (!projects) return std::move(projects.error());
  auto tried = TryAssemble(call, where->organization, bundle.checksum, chunks);
  if (!tried) return Fail(tried.error());
  auto& state = *tried;
  if (state.state == "ok") {
    bundle.bytes = static_cast<std::int64_t>(state.bytes);
    auto saved = SaveArtifactBundle(call.session, where->scope, bundle, *projects);
    if (!saved) return Fail(saved.error());
  }
  return RespondState(state);
}

Answer PostReleaseAssemble(ApiCall& call) {
  auto where = ReleaseScopeFromPath(call);
  if (!where) return Fail(where.error());
  auto release = FindRelease(call.session, where->scope, call.path.Get("v"));
  if (!release) return Fail(release.error());
  JsonBody body(call.request.body);
  ArtifactBundleRow bundle;
  bundle.checksum = TakeChecksum(body, "checksum");
  const auto chunks = TakeChunks(body);
  if (body.Problem()) return *body.Problem();
  auto tried = TryAssemble(call, where->organization, bundle.checksum, chunks);
  if (!tried) return Fail(tried.error());
  auto& state = *tried;
  if (state.state == "ok") {
    bundle.version = release->version;
    bundle.bytes = static_cast<std::int64_t>(state.bytes);
    std::vector<ProjectId> projects;
    projects.reserve(release->projects.size());
    for (const auto& project : release->projects) projects.push_back(project.id);
    auto saved = SaveArtifactBundle(call.session, where->scope, bundle, projects);
    if (!saved) return Fail(saved.error());
  }
  return RespondState(state);
}

Answer ListArtifactBundlesOfProject(ApiCall& call) {
  auto found = ProjectFromPath(call);
  if (!found) return Fail(found.error());
  auto bundles = ListArtifactBundles(call.session, found->scope);
  if (!bundles) return Fail(bundles.error());
  auto page = PageOf(call, bundles->size());
  if (!page) return Fail(page.error());
  std::string body;
  JsonWriter json(body);
  json.BeginArray();
  for (auto i = page->begin; i < page->end; ++i) {
    const auto& bundle = (*bundles)[i];
    json.BeginObject().Field("bundleId", bundle.checksum).Field("size", bundle.bytes);
    json.Field("date", bundle.created_at).Key("associations").BeginArray();
    if (!bundle.version.empty()) {
      json.BeginObject().Field("release", bundle.version).Field("dist", bundle.dist).EndObject();
    }
    json.EndArray().EndObject();
  }
  json.EndArray();
  return RespondPage(call, std::move(body), *page, bundles->size());
}

}  // namespace mishap
