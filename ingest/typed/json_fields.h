// JsonFields: the members of one JSON object by name, read leniently: null, a wrong type and absent
// are one. For the small items that are not events. Private to ingest/typed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "event/json_tree.h"

namespace mishap {

// What became of an item that is not kept: the reason of its outcome (ingest-protocol 8.3).
template <class T>
using ItemResult = tl::expected<T, std::string_view>;
inline tl::unexpected<std::string_view> RefuseItem(std::string_view outcome_reason) {
  return tl::unexpected(outcome_reason);
}

class JsonFields {
 public:
  // Not an object: has no member.
  explicit JsonFields(JsonValue object) : object_(object) {}

  // The last member of this name that is not null.
  std::optional<JsonValue> Find(std::string_view name) const;
  // A string, or a number or bool as text; trimmed of blanks and cut to bytes_max.
  std::string Text(std::string_view name, std::size_t bytes_max) const;
  // A number, or a string of one. Nothing below 0.
  std::optional<std::uint64_t> Count(std::string_view name) const;
  std::optional<double> Number(std::string_view name) const;
  bool Flag(std::string_view name) const;
  // Seconds since 1970, or ISO 8601.
  std::optional<Timestamp> Time(std::string_view name) const;
  // The object of that name; without members if there is none.
  std::optional<JsonFields> Object(std::string_view name) const;

 private:
  JsonValue object_;
};

// Seconds as milliseconds; -1 if absent, negative or beyond a century.
std::int64_t DurationMs(std::optional<double> seconds);
// XXH3-64 of "id:<text>": the same as that of an event's user with this id.
std::optional<std::uint64_t> UserHashOf(std::string_view distinct_id);

}  // namespace mishap
