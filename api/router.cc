#include "api/router.h"

#include <algorithm>

#include "api/query_params.h"
#include "base/bytes.h"

namespace mishap {
namespace {

constexpr std::string_view kRoot = "/api/0";

// "a/b/" and "a/b" are the same two segments; "" has none.
std::vector<std::string> Split(std::string_view path, bool decode) {
  std::vector<std::string> out;
  if (path.ends_with('/')) path.remove_suffix(1);
  while (!path.empty()) {
    auto slash = path.find('/');
    auto segment = path.substr(0, slash);
    out.push_back(decode ? PercentDecode(segment, false) : std::string(segment));
    if (slash == std::string_view::npos) break;
    path.remove_prefix(slash + 1);
    if (path.empty()) out.emplace_back();
  }
  return out;
}

bool IsPlaceholder(std::string_view segment) {
  return segment.starts_with('{');
}

bool Fits(const std::vector<std::string>& pattern, const std::vector<std::string>& segments) {
  if (pattern.size() != segments.size()) return false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (IsPlaceholder(pattern[i]) ? segments[i].empty() : pattern[i] != segments[i]) return false;
  }
  return true;
}

PathParams Bind(const std::vector<std::string>& pattern, std::vector<std::string> segments) {
  PathParams out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (!IsPlaceholder(pattern[i])) continue;
    out.Set(std::string_view(pattern[i]).substr(1, pattern[i].size() - 2), std::move(segments[i]));
  }
  return out;
}

}  // namespace

void PathParams::Set(std::string_view name, std::string value) {
  values_.emplace_back(std::string(name), std::move(value));
}

const std::string& PathParams::Get(std::string_view name) const {
  static const std::string kNone;
  for (const auto& [key, value] : values_) {
    if (key == name) return value;
  }
  return kNone;
}

bool PathParams::Has(std::string_view name) const {
  return std::any_of(values_.begin(), values_.end(),
                     [&](const auto& value) { return value.first == name; });
}

bool PathParams::IsText() const {
  return std::all_of(values_.begin(), values_.end(),
                     [](const auto& value) { return IsStorableText(value.second); });
}

std::size_t Router::Add(std::string_view method, std::string_view pattern) {
  entries_.push_back({std::string(method), Split(pattern, false)});
  return entries_.size() - 1;
}

Router::Match Router::Find(std::string_view method, std::string_view path) const {
  Match match;
  if (!path.starts_with(kRoot)) return match;
  path.remove_prefix(kRoot.size());
  if (!path.empty() && path.front() != '/') return match;
  if (!path.empty()) path.remove_prefix(1);
  auto segments = Split(path, true);
  if (method == "HEAD") method = "GET";
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    if (!Fits(entries_[i].segments, segments)) continue;
    if (entries_[i].method == method) {
      match.route = i;
      match.path = Bind(entries_[i].segments, std::move(segments));
      return match;
    }
    auto& allowed = match.allowed;
    if (std::find(allowed.begin(), allowed.end(), entries_[i].method) == allowed.end()) {
      allowed.push_back(entries_[i].method);
    }
  }
  return match;
}

}  // namespace mishap
