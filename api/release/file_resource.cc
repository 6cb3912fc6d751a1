// Files of a release one by one (web-api 1.1.4, 2.11): what older tools upload instead of bundles.
// The bytes are kept once, under their checksum.
#include "api/download.h"
#include "api/json_body.h"
#include "api/release/artifact_port.h"
#include "api/release/release_scope.h"
#include "api/release/resources.h"
#include "base/bytes.h"
#include "base/json_writer.h"
#include "net/multipart.h"
#include "storage/release/release_file_store.h"

namespace mishap {
namespace {

constexpr std::size_t kNameBytesMax = 1024;
constexpr std::size_t kDistBytesMax = 64;
constexpr std::size_t kHeadersMax = 50;
constexpr std::size_t kHeaderBytesMax = 1024;

void WriteFile(const ReleaseFileRow& file, JsonWriter& json) {
  json.BeginObject().Field("id", std::to_string(file.id)).Field("name", file.name);
  json.Field("sha1", file.checksum).Key("dist");
  file.dist.empty() ? json.Null() : json.String(file.dist);
  json.Key("headers").Raw(file.headers).Field("size", file.bytes);
  json.Field("dateCreated", file.created_at).EndObject();
}

Answer RespondFile(int status, const ReleaseFileRow& file) {
  std::string body;
  JsonWriter json(body);
  WriteFile(file, json);
  return RespondJson(status, std::move(body));
}

// "Content-Type: text/plain", as a name and a value; nullopt without a colon or a name.
std::optional<std::pair<std::string, std::string>> HeaderOf(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || text.size() > kHeaderBytesMax) return std::nullopt;
  const auto name = TrimAscii(text.substr(0, colon));
  if (name.empty() || !IsStorableText(text)) return std::nullopt;
  return std::pair(std::string(name), std::string(TrimAscii(text.substr(colon + 1))));
}

std::string HeadersJson(const std::vector<std::pair<std::string, std::string>>& headers) {
  std::string out;
  JsonWriter json(out);
  json.BeginObject();
  for (std::size_t i = 0; i < headers.size(); ++i) {
    bool again = false;  // a name counts once, the first
    for (std::size_t k = 0; k < i; ++k) again = again || headers[k].first == headers[i].first;
    if (!again) json.Field(headers[i].first, headers[i].second);
  }
  json.EndObject();
  return out;
}

struct SentFile {
  ReleaseFileRow row;
  std::string_view bytes;  // into the request
};

tl::expected<std::string, HttpMessageResponse> FieldText(const FormPart& part, std::size_t max) {
  if (part.body.size() > max || !IsStorableText(part.body)) {
    return tl::unexpected(RespondFieldError(
        {part.name}, "Expected text of at most " + std::to_string(max) + " bytes."));
  }
  return std::string(TrimAscii(part.body));
}

// Parts file, name, dist and any number of header.
tl::expected<SentFile, HttpMessageResponse> ReadSentFile(const std::vector<FormPart>& parts) {
  SentFile out;
  bool has_file = false;
  std::string filename;
  std::vector<std::pair<std::string, std::string>> headers;
  for (const auto& part : parts) {
    if (part.name == "file") {
      has_file = true;
      out.bytes = part.body;
      filename = part.filename;
    } else if (part.name == "header") {
      auto header = HeaderOf(part.body);
      if (!header) return tl::unexpected(RespondFieldError({"header"}, "Expected \"name:value\"."));
      headers.push_back(std::move(*header));
    } else if (part.name == "name" || part.name == "dist") {
      auto text = FieldText(part, part.name == "name" ? kNameBytesMax : kDistBytesMax);
      if (!text) return tl::unexpected(std::move(text.error()));
      (part.name == "name" ? out.row.name : out.row.dist) = std::move(*text);
    }
  }
  if (!has_file) return tl::unexpected(RespondDetail(400, "Missing uploaded file"));
  if (out.row.name.empty()) out.row.name = filename;
  if (out.row.name.empty() || out.row.name.size() > kNameBytesMax ||
      !IsStorableText(out.row.name)) {
    return tl::unexpected(RespondDetail(400, "File name must be specified"));
  }
  out.row.headers = HeadersJson(headers);
  return out;
}

Result<std::int64_t> FileOnPath(const ApiCall& call) {
  auto id = ParseDigits(call.path.Get("file"));
  if (!id) return NotFound();
  return *id;
}

}  // namespace

Answer ListFilesUploaded(ApiCall& call) {
  auto where = ReleaseScopeFromPath(call);
  if (!where) return Fail(where.error());
  auto files = ListReleaseFiles(call.session, where->scope, call.path.Get("v"),
                                call.query.GetOr("query", ""), call.query.All("checksum"));
  if (!files) return Fail(files.error());
  auto page = PageOf(call, files->size());
  if (!page) return Fail(page.error());
  std::string body;
  JsonWriter json(body);
  json.BeginArray();
  for (auto i = page->begin; i < page->end; ++i) WriteFile((*files)[i], json);
  json.EndArray();
  return RespondPage(call, std::move(body), *page, files->size());
}

Answer PostReleaseFile(ApiCall& call) {
  auto where = ReleaseScopeFromPath(call);
  if (!where) return Fail(where.error());
  auto release = FindRelease(call.session, where->scope, call.path.Get("v"));
  if (!release) return Fail(release.error());
  const auto boundary = FormBoundary(call.request.Header("Content-Type"));
  if (boundary.empty()) return BadRequest("expected multipart/form-data");
  auto parts = ReadForm(call.request.body, boundary, kHeadersMax + 3);
  if (!parts) return BadRequest(parts.error().detail);
  auto sent = ReadSentFile(*parts);
  if (!sent) return std::move(sent.error());
  auto checksum = call.front.artifacts.put_file(sent->bytes);
  if (!checksum) return Fail(checksum.error());
  sent->row.checksum = std::move(*checksum);
  sent->row.bytes = static_cast<std::int64_t>(sent->bytes.size());
  auto added = AddReleaseFile(call.session, where->scope, release->version, sent->row);
  if (!added) return Fail(added.error());
  return RespondFile(201, *added);
}

// With ?download=1 the bytes.
Answer GetReleaseFile(ApiCall& call) {
  auto where = ReleaseScopeFromPath(call);
  if (!where) return Fail(where.error());
  auto id = FileOnPath(call);
  if (!id) return Fail(id.error());
  auto file = FindReleaseFile(call.session, where->scope, call.path.Get("v"), *id);
  if (!file) return Fail(file.error());
  if (!call.query.Has("download")) return RespondFile(200, *file);
  auto bytes = call.front.artifacts.read_file(file->checksum, kDownloadBytesMax);
  if (!bytes) return Fail(bytes.error());
  const auto slash = file->name.find_last_of("/\\");
  const auto name = slash == std::string::npos ? file->name : file->name.substr(slash + 1);
  return RespondDownload(name, "application/octet-stream", std::move(*bytes));
}

Answer PutReleaseFile(ApiCall& call) {
  auto where = ReleaseScopeFromPath(call);
  if (!where) return Fail(where.error());
  auto id = FileOnPath(call);
  if (!id) return Fail(id.error());
  JsonBody body(call.request.body);
  const auto name = body.Text("name", kNameBytesMax);
  const auto dist = body.Text("dist", kDistBytesMax);
  if (name && name->empty()) body.Refuse("name", "This field may not be blank.");
  if (body.Problem()) return *body.Problem();
  auto file = RenameReleaseFile(call.session, where->scope, call.path.Get("v"), *id, name, dist);
  if (!file) return Fail(file.error());
  return RespondFile(200, *file);
}

Answer DeleteReleaseFile(ApiCall& call) {
  auto where = ReleaseScopeFromPath(call);
  if (!where) return Fail(where.error());
  auto id = FileOnPath(call);
  if (!id) return Fail(id.error());
  auto removed = RemoveReleaseFile(call.session, where->scope, call.path.Get("v"), *id);
  if (!removed) return Fail(removed.error());
  return RespondEmpty(204);
}

}  // namespace mishap
