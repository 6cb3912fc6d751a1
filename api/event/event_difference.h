// What differs between two events, field by field, over their canonical JSON. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mishap {

inline constexpr std::size_t kDifferencesMax = 500;
inline constexpr std::size_t kDifferenceValueBytesMax = 1000;

struct FieldDifference {
  std::string path;  // "tags.browser", "exception.values.0.stacktrace.frames.3.lineno"
  std::string a;     // JSON, cut where it is long; empty: absent
  std::string b;

  bool operator==(const FieldDifference&) const = default;
};

struct EventDifference {
  std::vector<FieldDifference> fields;
  std::size_t same = 0;  // values that are equal
  bool is_cut = false;   // more than kDifferencesMax differ
};

// The ids and times of the events themselves are left out. Lists of [key, value] pairs are compared
// by key.
EventDifference CompareEvents(std::string_view a_json, std::string_view b_json);

}  // namespace mishap
