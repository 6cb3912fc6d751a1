#include "spool/inspect.h"

#include <fmt/format.h>

#include <map>
#include <vector>

#include "base/json_writer.h"
#include "event/record.h"
#include "spool/segment_files.h"

namespace mishap {
namespace {

struct QuarantinedFile {
  std::string name;
  std::uint64_t bytes = 0;
};

struct Inspection {
  std::string directory;
  std::optional<SpoolId> id;
  bool id_from_segments = false;
  std::vector<SegmentFile> segments;
  std::vector<QuarantinedFile> quarantine;

  const SegmentFile* Newest() const {
    const SegmentFile* newest = nullptr;
    for (const SegmentFile& file : segments) {
      if (file.state == SegmentState::kGood) newest = &file;
    }
    return newest;
  }
  std::map<std::uint8_t, std::uint64_t> RecordsByType() const {
    std::map<std::uint8_t, std::uint64_t> sums;
    for (const SegmentFile& file : segments) {
      for (auto [type, count] : file.scan.records_by_type) sums[type] += count;
    }
    return sums;
  }
};

std::int64_t Signed(std::uint64_t value) {
  return static_cast<std::int64_t>(value);
}

std::string TypeName(std::uint8_t type) {
  std::string_view name = RecordTypeName(static_cast<RecordType>(type));
  return name == "unknown" ? fmt::format("unknown ({})", type) : std::string(name);
}

Result<Inspection> Look(Env& env, const std::string& directory) {
  Inspection seen;
  seen.directory = directory;
  auto files = ListSegments(env, directory);
  if (!files) return Fail(files.error());
  seen.segments = *std::move(files);
  seen.id = ReadIdentity(env, directory);
  if (!seen.id) {
    seen.id = IdentityOfSegments(seen.segments);
    seen.id_from_segments = seen.id.has_value();
  }
  ScanSegments(env, directory, seen.id.value_or(SpoolId{}), seen.segments);
  const std::string quarantine = fmt::format("{}/{}", directory, kQuarantineName);
  for (const std::string& name : env.List(quarantine).value_or(std::vector<std::string>())) {
    seen.quarantine.push_back({name, env.Size(fmt::format("{}/{}", quarantine, name)).value_or(0)});
  }
  return seen;
}

void WriteRange(JsonWriter& json, ByteRange range) {
  json.BeginObject();
  json.Field("offset", Signed(range.begin)).Field("bytes", Signed(range.Bytes()));
  json.EndObject();
}

void WriteSegment(JsonWriter& json, const SegmentFile& file) {
  json.BeginObject();
  json.Field("file", file.name).Field("bytes", Signed(file.bytes));
  json.Field("state", SegmentStateName(file.state));
  json.Field("number", Signed(file.header.number));
  json.Field("records", Signed(file.scan.records));
  json.Field("first_seq", Signed(file.scan.FirstSeq()));
  json.Field("last_seq", Signed(file.scan.LastSeq()));
  json.Key("damage").BeginArray();
  for (ByteRange range : file.scan.damage) WriteRange(json, range);
  json.EndArray();
  json.Field("tail_bytes", Signed(file.scan.tail.Bytes()));
  json.EndObject();
}

std::string AsJson(const Inspection& seen) {
  std::string out;
  JsonWriter json(out);
  json.BeginObject();
  json.Field("directory", seen.directory);
  json.Key("spool_id");
  seen.id ? json.String(ToHex(*seen.id)) : json.Null();
  json.Field("identity_file", seen.id.has_value() && !seen.id_from_segments);
  json.Key("records").BeginObject();
  for (auto [type, count] : seen.RecordsByType()) json.Field(TypeName(type), Signed(count));
  json.EndObject();
  json.Key("segments").BeginArray();
  for (const SegmentFile& file : seen.segments) WriteSegment(json, file);
  json.EndArray();
  json.Key("quarantine").BeginArray();
  for (const QuarantinedFile& file : seen.quarantine) {
    json.BeginObject();
    json.Field("file", file.name).Field("bytes", Signed(file.bytes));
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  return out + "\n";
}

std::string SegmentLine(const SegmentFile& file) {
  std::string range =
      file.scan.Empty() ? "-" : fmt::format("{}-{}", file.scan.FirstSeq(), file.scan.LastSeq());
  return fmt::format("  {:<28} {:<11} {:>12} {:>10} {:>23}\n", file.name,
                     SegmentStateName(file.state), file.bytes, file.scan.records, range);
}

std::string DamageLines(const Inspection& seen) {
  std::string out;
  for (const SegmentFile& file : seen.segments) {
    for (ByteRange range : file.scan.damage) {
      out += fmt::format("  {}: {} bytes at offset {}\n", file.name, range.Bytes(), range.begin);
    }
    if (file.scan.tail.Bytes() == 0) continue;
    out += fmt::format("  {}: {} bytes at the end ({})\n", file.name, file.scan.tail.Bytes(),
                       &file == seen.Newest() ? "being written, or torn by a crash" : "damaged");
  }
  return out.empty() ? "  none\n" : out;
}

std::string AsTable(const Inspection& seen) {
  std::string out = fmt::format(
      "spool      {}\nidentity   {}{}\n\nrecords\n", seen.directory,
      seen.id ? ToHex(*seen.id) : "none (a new one is made at the next start)",
      seen.id_from_segments ? " (from the segments: the file spool_id is missing or damaged)" : "");
  for (auto [type, count] : seen.RecordsByType()) {
    out += fmt::format("  {:<28} {:>10}\n", TypeName(type), count);
  }
  out += fmt::format("\nsegments\n  {:<28} {:<11} {:>12} {:>10} {:>23}\n", "file", "state", "bytes",
                     "records", "sequences");
  for (const SegmentFile& file : seen.segments) out += SegmentLine(file);
  out += "\ndamage\n" + DamageLines(seen) + "\nquarantine\n";
  if (seen.quarantine.empty()) out += "  empty\n";
  for (const QuarantinedFile& file : seen.quarantine) {
    out += fmt::format("  {:<44} {:>12}\n", file.name, file.bytes);
  }
  return out;
}

}  // namespace

Result<std::string> InspectSpool(Env& env, const std::string& directory, bool json) {
  auto seen = Look(env, directory);
  if (!seen) return Fail(seen.error());
  return json ? AsJson(*seen) : AsTable(*seen);
}

}  // namespace mishap
