#include "digest/prepare.h"

#include <xxhash.h>

#include <iterator>
#include <string>
#include <string_view>
#include <utility>

#include "base/crash_point.h"
#include "base/json_writer.h"
#include "digest/search_facts.h"
#include "digest/search_text.h"
#include "event/derived_tags.h"
#include "event/record.h"
#include "event/search_tags.h"
#include "event/tag_rollup.h"
#include "event/title.h"

namespace mishap {
namespace {

void PassPoisonPoint(const Event& event) {
  if (event.logentry) AbortOnPoison(event.logentry->formatted);
  for (const Exception& exception : event.exceptions) AbortOnPoison(exception.value);
}

std::string MetadataJson(const EventTitle& title) {
  std::string out;
  JsonWriter json(out);
  json.BeginObject();
  auto field = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) json.Field(name, value);
  };
  field("type", title.metadata_type);
  field("value", title.metadata_value);
  field("filename", title.metadata_filename);
  field("function", title.metadata_function);
  field("title", title.metadata_title);
  json.EndObject();
  return out;
}

void FillGrouping(const Grouped& grouped, const GroupingAlgorithm& grouping, DigestEvent& out) {
  out.algorithm = grouping.StoredId();
  out.kind = static_cast<std::int16_t>(grouped.keys.DecidingKind());
  out.deciding = grouped.keys.Deciding();
  out.message_hash = grouped.keys.message;
  out.path_hash = grouped.keys.path;
  // Without a usable stack the alias would join strangers.
  if (!grouped.keys.weak && !grouped.keys.custom) out.alias = grouped.keys.alias;
}

void FillTags(const Event& event, DigestEvent& out) {
  out.tags = AllTags(event);
  out.tag_rolled_up.reserve(out.tags.size());
  for (const NamedText& tag : out.tags) {
    out.tag_rolled_up.push_back(IsRolledUp(tag.first, tag.second));
    if (out.tag_rolled_up.back()) continue;
    out.unique_tags.push_back(UniqueTagHash(tag.first, tag.second));
    if (IsNamedForSearch(tag.first)) {
      out.search_tags.push_back(tag);
    } else {
      out.unique_tags.push_back(UniqueTagHash(tag.first, ""));
    }
  }
  auto searched = SearchTags(event, out.tags);
  std::move(searched.begin(), searched.end(), std::back_inserter(out.search_tags));
}

void FillNames(Event& event, std::size_t main_exception, DigestEvent& out) {
  EventTitle title = MakeTitle(event, main_exception);
  out.metadata_json = MetadataJson(title);
  out.search_text = MakeSearchText(event, title.title, main_exception);
  // Of the first event of a hash row only: the sample.
  if (!out.explanation.empty()) out.search_facts = MakeSearchFacts(event, title);
  out.title = std::move(title.title);
  out.culprit = std::move(title.culprit);
  out.unhandled = IsUnhandled(event);
  out.user_hash = UserHash(event);
  FillTags(event, out);
  // Last: the event gives its texts away.
  out.level = event.level.value_or(Level::kError);
  out.type =
      event.type.empty() ? (event.exceptions.empty() ? "default" : "error") : std::move(event.type);
  out.platform = std::move(event.platform);
  out.logger = std::move(event.logger);
  out.environment = std::move(event.environment);
  out.release = std::move(event.release);
}

}  // namespace

std::optional<std::uint64_t> UserHash(const Event& event) {
  if (!event.user) return std::nullopt;
  const EventUser& user = *event.user;
  const std::pair<std::string_view, const std::string&> identities[] = {
      {"id:", user.id},
      {"username:", user.username},
      {"email:", user.email},
      {"ip:", user.ip_address}};
  for (const auto& [prefix, value] : identities) {
    if (value.empty()) continue;
    std::string text(prefix);
    text += value;
    return XXH3_64bits(text.data(), text.size());
  }
  return std::nullopt;
}

Result<DigestEvent> EventPreparer::Prepare(const SpoolRecord& record) {
  auto stored = DecodeEventRecord(record.payload);
  if (!stored) return Fail(stored.error());
  auto json = codec_.Decompress(stored->payload, kEventJsonBytesMax);
  if (!json) return Fail(json.error());
  auto event = reader_.Read(*json);
  if (!event) return Fail(event.error());
  PassPoisonPoint(*event);
  // Issue 3's symbolication merges its overlay into *event here; the payload stays as it is
  // (decisions 1.15).

  DigestEvent out;
  out.seq = record.seq;
  out.project = record.project;
  out.event_id = stored->event_id;
  out.key = stored->key;
  out.category = stored->category;
  out.received_at = stored->received_at;
  out.occurred_at = event->timestamp.micros == 0 ? stored->received_at : event->timestamp;
  out.json_bytes = static_cast<std::uint32_t>(json->size());

  const Grouped grouped = grouping_.Group(*event);
  FillGrouping(grouped, grouping_, out);
  if (!writer_.IsKnown(out.project, out.algorithm, out.kind, out.deciding)) {
    out.explanation = grouping_.Explain(*event);
  }
  FillNames(*event, grouped.main_exception, out);
  out.payload = std::move(stored->payload);
  return out;
}

}  // namespace mishap
