#include "digest/prepare.h"

#include <xxhash.h>

#include <iterator>
#include <string>
#include <string_view>
#include <utility>

#include "base/crash_point.h"
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

// Without a usable stack the alias would join strangers; a fingerprint and a text that decides have
// none.
std::optional<Hash128> AliasOf(const GroupingKeys& keys) {
  if (keys.weak || keys.custom || keys.by_message) return std::nullopt;
  return keys.alias;
}

void FillGrouping(const Grouped& grouped, const GroupingAlgorithm& grouping, DigestEvent& out) {
  out.algorithm = grouping.StoredId();
  out.kind = static_cast<std::int16_t>(grouped.keys.DecidingKind());
  out.deciding = grouped.keys.Deciding();
  out.message_hash = grouped.keys.message;
  out.path_hash = grouped.keys.path;
  out.alias = AliasOf(grouped.keys);
}

// What a key that was never seen may take its issue over from. A fingerprint rule of the project
// names a group of its own: that is what it was written for.
void FillPrevious(const Event& event, const ProjectGroupings::Choice& choice,
                  const Grouped& grouped, DigestEvent& out) {
  const GroupingAlgorithm& algorithm = choice.current->Algorithm();
  const bool same = &algorithm == &choice.previous->Algorithm();
  if (same && grouped.by_project_rule) return;
  const GroupingKeys keys = choice.previous->Group(event).keys;
  out.previous = PreviousKeys{choice.previous->Algorithm().StoredId(),
                              static_cast<std::int16_t>(keys.DecidingKind()), keys.Deciding(),
                              AliasOf(keys), keys.message};
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

void FillNames(Event& event, const Grouped& grouped, DigestEvent& out) {
  EventTitle title = MakeTitle(event, grouped.main_exception);
  if (!grouped.title.empty()) Retitle(title, grouped.title);
  out.metadata_json = MetadataJson(title);
  out.search_text = MakeSearchText(event, title.title, grouped.main_exception);
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

  const ProjectGroupings::Choice choice = groupings_.For(out.project, out.received_at);
  const Grouped grouped = choice.current->Group(*event);
  out.grouping_version = choice.version;
  FillGrouping(grouped, choice.current->Algorithm(), out);
  if (!writer_.IsKnown(out.project, out.algorithm, out.kind, out.deciding)) {
    out.explanation = choice.current->Explain(*event);
    if (choice.previous != nullptr) FillPrevious(*event, choice, grouped, out);
  }
  FillNames(*event, grouped, out);
  out.payload = std::move(stored->payload);
  return out;
}

}  // namespace mishap
