#include "jobs/similar_samples.h"

#include <string>
#include <utility>
#include <vector>

#include "base/log.h"
#include "event/event_json.h"
#include "grouping/similar.h"
#include "storage/similar/similar_store.h"

namespace mishap {
namespace {

constexpr std::size_t kEventBytesMax = 8u << 20;

SimilarRow RowOf(const UnreadSample& unread, const PayloadCodec& codec, EventReader& reader,
                 const GroupingAlgorithm& algorithm) {
  SimilarRow row;
  row.project = unread.project;
  row.hash_row = unread.hash_row;
  auto json = codec.Decompress(unread.payload, kEventBytesMax);
  auto event = json ? reader.Read(*json) : Result<Event>(Fail(json.error()));
  if (!event) {
    Log(LogLevel::kWarning, "similar_sample_unreadable",
        {{"project", unread.project.value},
         {"hash_row", unread.hash_row},
         {"error", event.error().detail}});
    return row;
  }
  SimilarSample sample = algorithm.Sample(*event);
  const auto bands = SimilarBandsOf(sample, static_cast<std::uint64_t>(unread.project.value));
  row.type = sample.type;
  row.frames = std::move(sample.frames);
  row.words = std::move(sample.words);
  row.bands.assign(bands.begin(), bands.end());
  return row;
}

}  // namespace

Status ReadSimilarSamples(Session& session, const PayloadCodec& codec,
                          const GroupingAlgorithm& algorithm) {
  auto unread = ListUnreadSamples(session, kSimilarSamplesPerRun);
  if (!unread) return Fail(unread.error());
  if (unread->empty()) return {};
  EventReader reader;
  std::vector<SimilarRow> rows;
  rows.reserve(unread->size());
  for (const UnreadSample& sample : *unread)
    rows.push_back(RowOf(sample, codec, reader, algorithm));
  return StoreSimilar(session, rows);
}

}  // namespace mishap
