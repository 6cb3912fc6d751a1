// What the oracle reads from the database, as plain data. libpq directly: the oracle must not share
// the code it judges.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"

namespace mishap::oracle {

struct StoredEvent {
  std::string event_id;  // 32 hex digits
  std::int64_t hash_row = 0;
  std::int64_t issue = 0;
  std::string payload;  // PayloadCodec frame
};

struct StoredCounts {
  std::map<std::int64_t, std::int64_t> events_by_hash_row;
  std::map<std::int64_t, std::int64_t> times_seen_by_hash_row;
  std::map<std::int64_t, std::int64_t> hours_by_hash_row;
  std::map<std::int64_t, std::int64_t> releases_by_hash_row;
  std::map<std::int64_t, std::int64_t> tags_of_events_by_hash_row;
  std::map<std::int64_t, std::int64_t> tags_by_hash_row;
  std::map<std::int64_t, std::int64_t> users_of_events_by_issue;
  std::map<std::int64_t, std::int64_t> users_by_issue;  // exact up to 256 users
  std::map<std::int64_t, std::int64_t> events_by_issue;
  std::map<std::int64_t, std::int64_t> times_seen_by_issue;
  std::map<std::int64_t, std::int64_t> new_issue_effects;  // outbox rows by issue
  std::int64_t events_twice = 0;
  std::int64_t payloads_without_event = 0;
  std::int64_t outcomes_accepted = 0;
  std::int64_t dead_letters = 0;
};

// All of one project. Errors: unavailable with libpq's message.
Result<std::vector<StoredEvent>> ReadStoredEvents(const std::string& conninfo,
                                                  std::int64_t project);
Result<StoredCounts> ReadStoredCounts(const std::string& conninfo, std::int64_t project);

}  // namespace mishap::oracle
