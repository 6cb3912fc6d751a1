#include "api/event/event_difference.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "base/bytes.h"
#include "event/raw_json.h"

namespace mishap {
namespace {

constexpr std::array<std::string_view, 4> kOwn = {"event_id", "timestamp", "received", "_meta"};
constexpr std::size_t kDepthMax = 12;

using Leaves = std::map<std::string, std::string>;

bool IsContainer(std::string_view json) {
  return !json.empty() && (json.front() == '{' || json.front() == '[');
}

// The key of a ["key", value] pair.
std::optional<std::string> PairKey(std::string_view element) {
  if (element.empty() || element.front() != '[') return std::nullopt;
  auto parts = JsonChildren(element);
  if (parts.size() != 2 || parts[0].second.empty() || parts[0].second.front() != '"') {
    return std::nullopt;
  }
  return JsonScalarText(parts[0].second);
}

void Flatten(std::string_view json, const std::string& path, std::size_t depth, Leaves& out) {
  auto children = IsContainer(json) && depth < kDepthMax
                      ? JsonChildren(json)
                      : std::vector<std::pair<std::string, std::string_view>>();
  if (children.empty()) {
    if (!path.empty()) out.emplace(path, json);
    return;
  }
  std::size_t index = 0;
  for (const auto& [name, value] : children) {
    auto prefix = path.empty() ? std::string() : path + ".";
    auto key = json.front() == '{' ? std::nullopt : PairKey(value);
    if (key) {
      Flatten(JsonChildren(value)[1].second, prefix + *key, depth + 1, out);
    } else {
      auto own = json.front() == '{' ? name : std::to_string(index);
      bool skip = path.empty() && std::find(kOwn.begin(), kOwn.end(), own) != kOwn.end();
      if (!skip) Flatten(value, prefix + own, depth + 1, out);
    }
    ++index;
  }
}

// A cut value is no longer JSON of its own kind: it becomes a text.
std::string Shown(const std::string& json) {
  if (json.size() <= kDifferenceValueBytesMax) return json;
  return QuotedJson(std::string(Utf8Prefix(json, kDifferenceValueBytesMax)) + "...");
}

}  // namespace

EventDifference CompareEvents(std::string_view a_json, std::string_view b_json) {
  Leaves a;
  Leaves b;
  Flatten(a_json, "", 0, a);
  Flatten(b_json, "", 0, b);
  EventDifference out;
  auto add = [&](const std::string& path, const std::string& left, const std::string& right) {
    if (out.fields.size() == kDifferencesMax) {
      out.is_cut = true;
    } else {
      out.fields.push_back({path, Shown(left), Shown(right)});
    }
  };
  for (const auto& [path, value] : a) {
    auto other = b.find(path);
    if (other == b.end()) {
      add(path, value, "");
    } else if (other->second != value) {
      add(path, value, other->second);
    } else {
      ++out.same;
    }
  }
  for (const auto& [path, value] : b) {
    if (!a.contains(path)) add(path, "", value);
  }
  std::sort(out.fields.begin(), out.fields.end(),
            [](const FieldDifference& x, const FieldDifference& y) { return x.path < y.path; });
  return out;
}

}  // namespace mishap
