#include "api/grouping/preview.h"

#include <algorithm>

#include "storage/replay.h"

namespace mishap {
namespace {

constexpr int kChunk = 500;
constexpr std::size_t kEventJsonBytesMax = 64u << 20;

class Replay {
 public:
  Replay(Session& session, const Scope& scope, ProjectId project, const PayloadCodec& codec,
         EventReader& reader, GroupingPreview& preview)
      : session_(session),
        scope_(scope),
        project_(project),
        codec_(codec),
        reader_(reader),
        preview_(preview) {}

  // First all keys there are, then who takes over by the samples.
  Status Rows() {
    std::int64_t after = 0;
    for (bool more = true; more;) {
      auto rows = ReadReplayRows(session_, scope_, project_, after, kChunk);
      if (!rows) return Fail(rows.error());
      for (const ReplayRow& row : *rows) {
        if (row.is_active) preview_.Know(row.algorithm, row.kind, row.hash, row.issue);
        after = row.row;
      }
      more = rows->size() == static_cast<std::size_t>(kChunk);
    }
    after = 0;
    for (bool more = true; more;) {
      auto rows = ReadReplayRows(session_, scope_, project_, after, kChunk);
      if (!rows) return Fail(rows.error());
      for (const ReplayRow& row : *rows) {
        after = row.row;
        if (!row.is_active || row.payload.empty()) continue;
        if (auto event = Decode(row.payload)) preview_.Sample(*event, row.row, row.issue);
      }
      more = rows->size() == static_cast<std::size_t>(kChunk);
    }
    return {};
  }

  Status Events(std::int64_t events_max, const PreviewProgress& progress) {
    auto total = CountReplayEvents(session_, scope_, project_);
    if (!total) return Fail(total.error());
    const std::int64_t expected = std::min(*total, events_max);
    EventId after{};
    std::int64_t done = 0;
    while (done < events_max) {
      const auto limit = static_cast<int>(std::min<std::int64_t>(kChunk, events_max - done));
      auto events = ReadReplayEvents(session_, scope_, project_, after, limit);
      if (!events) return Fail(events.error());
      for (const ReplayEvent& stored : *events) {
        after = stored.id;
        auto event = Decode(stored.payload);
        event ? preview_.Add(*event, stored.row, stored.issue) : preview_.AddUnreadable();
      }
      done += static_cast<std::int64_t>(events->size());
      if (!progress(done, std::max(done, expected))) break;
      if (events->size() < static_cast<std::size_t>(limit)) break;
    }
    return {};
  }

 private:
  std::optional<Event> Decode(const std::string& payload) {
    auto json = codec_.Decompress(payload, kEventJsonBytesMax);
    if (!json) return std::nullopt;
    auto event = reader_.Read(*json);
    if (!event) return std::nullopt;
    return std::move(*event);
  }

  Session& session_;
  const Scope& scope_;
  const ProjectId project_;
  const PayloadCodec& codec_;
  EventReader& reader_;
  GroupingPreview& preview_;
};

void WriteMoves(const char* name, const std::vector<PreviewMove>& moves, JsonWriter& out) {
  out.Key(name).BeginArray();
  for (const PreviewMove& move : moves) {
    out.BeginObject().Field("issue", std::to_string(move.issue)).Field("stay", move.stay);
    out.Key("parts").BeginArray();
    for (const PreviewPart& part : move.parts) {
      out.BeginObject().Key("issue");
      part.issue > 0 ? out.String(std::to_string(part.issue)) : out.Null();
      out.Field("events", part.events).Field("title", part.title).EndObject();
    }
    out.EndArray().EndObject();
  }
  out.EndArray();
}

}  // namespace

Result<PreviewReport> RunGroupingPreview(Session& session, const Scope& scope, ProjectId project,
                                         const PreviewRequest& request, const GroupingVersion& next,
                                         const PayloadCodec& codec, EventReader& reader,
                                         const PreviewProgress& progress) {
  GroupingPreview preview(next, request.now.algorithm != request.next.algorithm);
  Replay replay(session, scope, project, codec, reader, preview);
  if (auto ok = replay.Rows(); !ok) return Fail(ok.error());
  if (auto ok = replay.Events(request.events_max, progress); !ok) return Fail(ok.error());
  return preview.Report();
}

void WritePreview(const PreviewReport& report, JsonWriter& out) {
  out.BeginObject().Field("events", report.events).Field("unreadable", report.unreadable);
  out.Field("issues", report.issues).Field("newIssues", report.new_issues);
  out.Field("splitEvents", report.split_events).Field("joinedEvents", report.joined_events);
  WriteMoves("splits", report.splits, out);
  WriteMoves("joins", report.joins, out);
  out.EndObject();
}

}  // namespace mishap
