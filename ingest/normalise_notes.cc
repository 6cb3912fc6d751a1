#include "ingest/normalise_notes.h"

#include <fmt/core.h>

#include <map>

#include "event/event_json.h"
#include "event/raw_json.h"

namespace mishap {
namespace {

// The tree of "_meta", small and only built when there is something to note.
struct Node {
  std::vector<NamedJson> own;  // members of ""
  std::map<std::string, Node> children;
};

void Load(std::string_view json, Node& node, std::size_t depth) {
  if (depth > kJsonDepthMax) return;
  for (const auto& [key, value] : JsonChildren(json)) {
    if (!key.empty()) {
      Load(value, node.children[key], depth + 1);
      continue;
    }
    for (const auto& [name, member] : JsonChildren(value)) {
      node.own.emplace_back(name, RawJson{std::string(member)});
    }
  }
}

std::string* OwnMember(Node& node, std::string_view name) {
  for (auto& [key, value] : node.own) {
    if (key == name) return &value.text;
  }
  return nullptr;
}

void DropValues(Node& node) {
  std::erase_if(node.own, [](const NamedJson& named) { return named.first == "val"; });
  for (auto& [key, child] : node.children) DropValues(child);
}

void AppendMember(std::string& out, std::string_view key) {
  if (out.back() != '{') out.push_back(',');
  AppendQuotedJson(out, key);
  out.push_back(':');
}

void Store(const Node& node, std::string& out) {
  out.push_back('{');
  if (!node.own.empty()) {
    AppendMember(out, "");
    out.push_back('{');
    for (const auto& [key, value] : node.own) {
      AppendMember(out, key);
      out += value.text;
    }
    out.push_back('}');
  }
  for (const auto& [key, child] : node.children) {
    AppendMember(out, key);
    Store(child, out);
  }
  out.push_back('}');
}

}  // namespace

void AddEventError(Event& event, std::string_view type, std::string_view field,
                   std::string_view value) {
  if (event.errors.size() >= kEventErrorsMax) return;
  EventError error;
  error.type = type;
  error.name = field;
  if (!value.empty()) error.value.text = QuotedJson(value.substr(0, kErrorValueBytesMax));
  event.errors.push_back(std::move(error));
}

void MetaNotes::Shortened(MetaPath path, std::size_t length) {
  if (notes_.size() < kMetaNotesMax) notes_.push_back({std::move(path), "", 0, length});
}

void MetaNotes::Remark(MetaPath path, std::string_view rule, char type) {
  if (notes_.size() < kMetaNotesMax) {
    notes_.push_back({std::move(path), std::string(rule), type, 0});
  }
}

void MetaNotes::MergeInto(RawJson& meta) const {
  if (notes_.empty()) return;
  Node root;
  Load(meta.text, root, 0);
  for (const Note& note : notes_) {
    Node* node = &root;
    for (const std::string& step : note.path) node = &node->children[step];
    if (note.rule.empty()) {
      if (OwnMember(*node, "len") == nullptr) {
        node->own.emplace_back("len", RawJson{std::to_string(note.length)});
      }
      continue;
    }
    std::string remark = fmt::format("[{},\"{}\"]", QuotedJson(note.rule), note.type);
    std::string* remarks = OwnMember(*node, "rem");
    if (remarks == nullptr) {
      node->own.emplace_back("rem", RawJson{"[" + remark + "]"});
    } else if (remarks->find(remark) == std::string::npos && remarks->ends_with(']')) {
      remarks->pop_back();
      *remarks += remarks->ends_with('[') ? remark + "]" : "," + remark + "]";
    }
  }
  meta.text.clear();
  Store(root, meta.text);
}

void DropOriginals(RawJson& meta) {
  if (meta.text.find("\"val\"") == std::string::npos) return;
  Node root;
  Load(meta.text, root, 0);
  DropValues(root);
  meta.text.clear();
  Store(root, meta.text);
}

}  // namespace mishap
