#include "api/release/assemble.h"

#include "api/release/artifact_port.h"
#include "base/bytes.h"
#include "base/sha1.h"
#include "storage/release/artifact_store.h"

namespace mishap {
namespace {

// The size of a file the scope has already; nullopt: none, or its bytes are gone.
Result<std::optional<std::uint64_t>> KnownSize(const ApiCall& call, const Scope& scope,
                                               const std::string& checksum) {
  auto known = HasArtifact(call.session, scope, checksum);
  if (!known) return Fail(known.error());
  if (!*known) return std::optional<std::uint64_t>();
  auto size = call.front.artifacts.file_size(checksum);
  return size ? std::optional<std::uint64_t>(*size) : std::nullopt;
}

}  // namespace

Result<AssembleState> TryAssemble(const ApiCall& call, const Scope& scope,
                                  const std::string& checksum,
                                  const std::vector<std::string>& chunks) {
  auto known = KnownSize(call, scope, checksum);
  if (!known) return Fail(known.error());
  if (*known) return AssembleState{"ok", {}, {}, **known};
  const auto& artifacts = call.front.artifacts;
  const auto owner = scope.Organization();
  AssembleState out{"not_found", {}, {}, 0};
  for (const auto& chunk : chunks) {
    if (!artifacts.has_chunk(owner, chunk)) out.missing.push_back(chunk);
  }
  if (!out.missing.empty() || chunks.empty()) return out;
  auto bytes = artifacts.assemble(owner, checksum, chunks);
  if (!bytes && bytes.error().reason == Reason::kNotFound) {
    out.missing = chunks;  // expired meanwhile
    return out;
  }
  out.state = bytes ? "ok" : "error";
  if (!bytes) out.detail = bytes.error().detail;
  out.bytes = bytes.value_or(0);
  return out;
}

void WriteState(const AssembleState& state, JsonWriter& json) {
  json.Field("state", state.state).Key("missingChunks").BeginArray();
  for (const auto& chunk : state.missing) json.String(chunk);
  json.EndArray().Key("detail");
  state.detail.empty() ? json.Null() : json.String(state.detail);
}

std::string TakeChecksum(JsonBody& body, std::string_view name) {
  auto checksum = ToLowerAscii(body.RequiredText(name, 40));
  if (!IsSha1Hex(checksum)) body.Refuse(name, "Expected a SHA-1 checksum of 40 digits.");
  return checksum;
}

std::vector<std::string> TakeChunks(JsonBody& body) {
  auto chunks = body.Texts("chunks", kChunksPerFile, 40);
  if (!chunks) {
    body.Refuse("chunks", "This field is required.");
    return {};
  }
  for (auto& chunk : *chunks) {
    chunk = ToLowerAscii(chunk);
    if (!IsSha1Hex(chunk)) body.Refuse("chunks", "Expected SHA-1 checksums of 40 digits.");
  }
  return std::move(*chunks);
}

}  // namespace mishap
