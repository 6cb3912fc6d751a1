#include "tests/unit/api/search_tree_text.h"

#include <vector>

namespace mishap {
namespace {

std::string NameOf(const SearchLeaf& leaf) {
  static const char* const kNames[] = {
      "nothing",       "status",       "first_seen", "last_seen", "times_seen", "user_count",
      "issue",         "project",      "title",      "culprit",   "platform",   "event_type",
      "first_release", "regressed_in", "priority",   "assigned",  "bookmarked", "subscribed",
      "for_review",    "team",         "text",       "message",   "fact",       "tag",
      "release",       "environment",  "event_time", "event_id"};
  std::string name = kNames[static_cast<std::size_t>(leaf.subject)];
  if (leaf.subject == SearchSubject::kRelease && leaf.part != ReleasePart::kName) {
    static const char* const kParts[] = {"", ".version", ".package", ".build"};
    name += kParts[static_cast<std::size_t>(leaf.part)];
  }
  if (!leaf.key.empty()) name += "[" + leaf.key + (leaf.any_case ? "~]" : "]");
  return name;
}

std::string OpText(SearchOp op) {
  static const char* const kOps[] = {"=", "!=", "<", "<=", ">", ">="};
  return kOps[static_cast<std::size_t>(op)];
}

std::string PatternText(const TextPattern& pattern) {
  std::string out;
  for (std::size_t i = 0; i < pattern.pieces.size(); ++i) {
    if (i > 0) out += "*";
    for (char c : pattern.pieces[i]) out += c == '*' ? std::string("\\*") : std::string(1, c);
  }
  return out;
}

std::vector<std::string> ValuesOf(const SearchLeaf& leaf) {
  std::vector<std::string> out;
  if (leaf.presence) out.push_back("any");
  for (const auto& pair : leaf.statuses) {
    out.push_back(std::to_string(pair.status) + "/" + std::to_string(pair.substatus));
  }
  for (auto id : leaf.ids) out.push_back(std::to_string(id));
  for (auto id : leaf.actors.users) out.push_back("u" + std::to_string(id));
  for (const auto& name : leaf.actors.names) out.push_back(name);
  for (const auto& team : leaf.actors.teams) out.push_back("#" + team);
  for (auto id : leaf.actors.teams_of) out.push_back("teams of u" + std::to_string(id));
  if (leaf.actors.nobody) out.push_back("nobody");
  for (const auto& number : leaf.numbers) {
    out.push_back(OpText(number.op) + std::to_string(static_cast<std::int64_t>(number.value)));
  }
  for (const auto& pattern : leaf.patterns) {
    out.push_back((leaf.op == SearchOp::kEqual ? "" : OpText(leaf.op)) + PatternText(pattern));
  }
  if (leaf.latest) out.push_back("latest");
  if (leaf.subject == SearchSubject::kEventId) out.push_back(ToHex(leaf.event));
  return out;
}

std::string LeafText(const SearchLeaf& leaf) {
  std::string out = (leaf.is_negated ? "!" : "") + NameOf(leaf);
  if (leaf.subject == SearchSubject::kForReview) return out;
  if (leaf.time) {
    auto end = [](const std::optional<Timestamp>& at) {
      return at ? FormatTimestamp(*at) : std::string();
    };
    return out + "[" + end(leaf.time->from) + ".." + end(leaf.time->until) + ")";
  }
  std::string values;
  for (const auto& value : ValuesOf(leaf)) values += (values.empty() ? "" : "|") + value;
  return out + "(" + values + ")";
}

}  // namespace

std::string TextOf(const SearchNode& node) {
  if (node.kind == SearchNode::Kind::kLeaf) return LeafText(node.leaf);
  std::string out = node.kind == SearchNode::Kind::kAnd ? "all(" : "any(";
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    if (i > 0) out += " ";
    out += TextOf(node.children[i]);
  }
  return out + ")";
}

}  // namespace mishap
