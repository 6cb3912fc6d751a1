// What the digest hands to the one writer: a batch that becomes one transaction. Plain data, no
// SQL.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "event/event.h"
#include "event/outcome.h"
#include "event/typed_record.h"

namespace mishap {

// Its keys under the version of grouping its project had before (grouping 15).
struct PreviousKeys {
  std::int16_t algorithm = 1;
  std::int16_t kind = 1;
  Hash128 deciding;
  std::optional<Hash128> alias;
  std::optional<Hash128> message_hash;
};

// An event after grouping, ready to be stored.
struct DigestEvent {
  std::uint64_t seq = 0;  // its spool record
  ProjectId project;
  EventId event_id;
  KeyId key;
  Category category = Category::kError;
  Timestamp received_at;
  Timestamp occurred_at;

  // Grouping (numbers as tenant.hash_row stores them; grouping and storage do not know each other).
  std::int16_t algorithm = 1;
  std::int16_t kind = 1;  // of `deciding`: 1 site, 4 custom
  Hash128 deciding;
  std::optional<Hash128> alias;         // PM; absent for custom and weak keys
  std::optional<Hash128> message_hash;  // M
  std::optional<Hash128> path_hash;     // P
  std::int32_t grouping_version = 0;    // of the project
  // Set during a transition when IsKnown(deciding) said no: an unknown key takes over the issue of
  // the one before it.
  std::optional<PreviousKeys> previous;
  std::string explanation;  // JSON; set when DigestWriter::IsKnown(deciding) said no

  // What a new issue is made of.
  std::string type;
  std::string platform;
  std::string logger;
  Level level = Level::kError;
  std::string title;
  std::string culprit;
  std::string metadata_json;  // {"type":..,"value":..,"filename":..,"function":..} or {"title":..}
  std::string search_text;    // lower case, at most 8 KiB
  std::string search_facts;   // "\nkey=value\n", at most 16 KiB
  bool unhandled = false;

  std::string environment;          // empty: none
  std::string release;              // empty: none
  std::vector<NamedText> tags;      // all tags of the event, own and derived
  std::vector<bool> tag_rolled_up;  // parallel to tags: false for event-unique ones (decisions 2.7)
  std::vector<NamedText> search_tags;     // what is searched by name but not counted
  std::vector<std::int64_t> unique_tags;  // UniqueTagHash of tags that are not rolled up
  std::optional<std::uint64_t> user_hash;

  std::string payload;  // PayloadCodec frame, unchanged from the spool
  std::uint32_t json_bytes = 0;
};

// A record that is not an event.
struct DigestTyped {
  std::uint64_t seq = 0;
  ProjectId project;
  TypedRecord record;
};

struct DeadLetter {
  std::uint64_t seq = 0;
  ProjectId project;
  std::uint8_t type = 0;
  std::string reason;  // crash | unknown_type | undecodable | database
  std::string detail;
  std::string payload;  // the record's bytes, untouched
  KeyId key;            // when known
  Category category = Category::kError;
  std::int64_t quantity = 1;  // items, or bytes of an attachment
};

struct DigestBatch {
  SpoolId spool;
  std::uint64_t expected_seq = 0;  // the fence: the position must stand here
  std::uint64_t next_seq = 0;      // where it stands after the commit
  std::vector<DigestEvent> events;
  std::vector<DigestTyped> typed;      // sessions, check-ins, feedback ...
  std::vector<OutcomeCount> outcomes;  // settled at the door
  std::vector<DeadLetter> dead_letters;
};

struct DigestCommit {
  std::uint64_t stored = 0;
  std::uint64_t duplicates = 0;
  std::uint64_t new_issues = 0;
  std::uint64_t flooded = 0;          // hashes the burst guard gave no issue of their own
  std::uint64_t expired = 0;          // older than retention
  std::uint64_t discarded = 0;        // hash row is discarded
  std::uint64_t keys_remembered = 0;  // grouping keys whose hash row was known from before
  std::uint64_t keys_looked_up = 0;   // others
};

}  // namespace mishap
