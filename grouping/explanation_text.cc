#include "grouping/explanation_text.h"

#include <array>

#include "base/bytes.h"
#include "event/raw_json.h"

namespace mishap {
namespace {

constexpr std::size_t kShownBytesMax = 200;  // of one value

// A value on one line, cut where it is long.
void AppendShown(std::string& out, std::string_view value) {
  const std::string_view cut = Utf8Prefix(value, kShownBytesMax);
  for (char c : cut) out.push_back(static_cast<unsigned char>(c) < ' ' ? ' ' : c);
  if (cut.size() < value.size()) out += "...";
}

// What a node says of itself, in the order people read it.
void AppendWords(std::string& out, std::string_view node) {
  const std::string id = JsonMemberText(node, "id");
  out += id;
  static constexpr std::array<std::string_view, 13> kPlain{
      "role", "index", "from",   "to",          "mode",  "type",    "value",
      "key",  "raw",   "logger", "transaction", "level", "platform"};
  const bool frame_key = !JsonMember(node, "key").empty();
  for (std::string_view name : kPlain) {
    const std::string value = JsonMemberText(node, name);
    if (value.empty()) continue;
    if (name == "raw") {
      out += frame_key ? "  <- " : " ";
    } else if (name == "to") {
      out += " to ";
    } else {
      out.push_back(' ');
    }
    AppendShown(out, value);
  }
  if (const std::string text = JsonMemberText(node, "parameterised"); !text.empty()) {
    out += " \"";
    AppendShown(out, text);
    out.push_back('"');
  }
}

void AppendNode(std::string& out, std::string_view node, std::size_t depth) {
  out.append(depth * 2, ' ');
  const std::string why = JsonMemberText(node, "why");
  out += why.empty() ? "+ " : "- ";
  AppendWords(out, node);
  if (!why.empty()) {
    out += "  [";
    AppendShown(out, why);
    out.push_back(']');
  }
  if (const std::string limits = JsonMemberText(node, "limits"); !limits.empty()) {
    out += "  {";
    AppendShown(out, limits);
    out.push_back('}');
  }
  out.push_back('\n');
  for (const auto& [unused, child] : JsonChildren(JsonMember(node, "children"))) {
    AppendNode(out, child, depth + 1);
  }
}

}  // namespace

std::string ExplanationText(std::string_view explanation) {
  std::string out = "decided by " + JsonMemberText(explanation, "decided_by");
  if (JsonMemberText(explanation, "weak") == "true") out += " (weak: no usable stack)";
  out.push_back('\n');
  const std::string_view fingerprint = JsonMember(explanation, "fingerprint");
  if (const std::string rule = JsonMemberText(fingerprint, "rule"); !rule.empty()) {
    out += "fingerprint rule: ";
    AppendShown(out, rule);
    out.push_back('\n');
  }
  for (const auto& [unused, entry] : JsonChildren(JsonMember(fingerprint, "resolved"))) {
    out += "fingerprint entry: ";
    AppendShown(out, JsonScalarText(entry));
    out.push_back('\n');
  }
  for (const auto& [unused, child] :
       JsonChildren(JsonMember(JsonMember(explanation, "tree"), "children"))) {
    AppendNode(out, child, 0);
  }
  return out;
}

}  // namespace mishap
