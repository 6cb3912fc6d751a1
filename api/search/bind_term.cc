// What one `key:value` term means (web-api 3.2, 3.3).
#include <algorithm>
#include <utility>

#include "api/call.h"
#include "api/search/bind_words.h"
#include "api/search/search_binder.h"
#include "api/search/search_keys.h"
#include "api/search/search_values.h"
#include "base/bytes.h"

namespace mishap {
namespace {

using Kind = SearchKeyKind;
using Subject = SearchSubject;

SearchNode Presence(SearchLeaf leaf, bool is_negated) {
  leaf.presence = true;
  leaf.is_negated = is_negated;
  leaf.patterns.clear();
  return SearchNode::Of(std::move(leaf));
}

// Patterns over `leaf`: a star alone is any value, an empty text is no value.
SearchNode PatternNode(const SearchToken& term, SearchLeaf leaf) {
  bool any = false;
  bool none = false;
  for (const auto& value : term.values) {
    auto pattern = ParsePattern(value.text);
    any = any || IsAnyValue(pattern);
    none = none || value.text.empty();
    if (!value.text.empty()) leaf.patterns.push_back(std::move(pattern));
  }
  bool rest = !leaf.patterns.empty() || leaf.latest;
  if (any && none) return term.is_negated ? SearchNode::Any({}) : SearchNode{};
  if (any) return Presence(std::move(leaf), term.is_negated);
  if (none && !rest) return Presence(std::move(leaf), !term.is_negated);
  leaf.is_negated = term.is_negated;
  if (!none) return SearchNode::Of(std::move(leaf));
  auto absent = Presence(leaf, !term.is_negated);
  std::vector<SearchNode> both;
  both.push_back(SearchNode::Of(std::move(leaf)));
  both.push_back(std::move(absent));
  return term.is_negated ? SearchNode::All(std::move(both)) : SearchNode::Any(std::move(both));
}

SearchLeaf LeafOf(Subject subject, std::string key = {}) {
  SearchLeaf leaf;
  leaf.subject = subject;
  leaf.key = std::move(key);
  return leaf;
}

Result<SearchNode> NumberNode(const SearchToken& term, SearchLeaf leaf) {
  for (const auto& value : term.values) {
    auto number = ParseNumberTest(value.text);
    if (!number) {
      return BadValue(term, value,
                      "Invalid number: " + value.text +
                          ". Expected number then optional k, m, or b suffix (e.g. 500k), with "
                          ">, >=, < or <= before it");
    }
    leaf.numbers.push_back(*number);
  }
  leaf.is_negated = term.is_negated;
  return SearchNode::Of(std::move(leaf));
}

Result<SearchNode> TimeNode(const SearchToken& term, Subject subject, Timestamp now) {
  if (term.is_list) return BadValue(term, term.values.front(), "Lists of dates are not supported");
  const auto& value = term.values.front();
  auto test = ParseTimeTest(value.text, now);
  if (!test) {
    return BadValue(term, value,
                    "Invalid date: " + value.text +
                        ". Expected +/-duration (e.g. +1h) or ISO 8601-like (e.g. YYYY-MM-DD or "
                        "YYYY-MM-DDTHH:MM:SS.mmm)");
  }
  auto leaf = LeafOf(subject);
  leaf.time = test->range;
  leaf.is_negated = term.is_negated != test->is_negated;
  return SearchNode::Of(std::move(leaf));
}

Result<bool> BoolOf(const SearchToken& term) {
  const auto& value = term.values.front();
  auto parsed = term.is_list ? std::nullopt : ParseBool(value.text);
  if (!parsed) {
    return BadValue(term, value,
                    "Invalid boolean: " + value.text + ". Expected true, 1, false, or 0");
  }
  return *parsed;
}

// An event counts as handled unless its mechanism says that nobody caught it.
Result<SearchNode> HandledNode(const SearchToken& term, bool wants_unhandled) {
  auto value = BoolOf(term);
  if (!value) return Fail(value.error());
  auto leaf = LeafOf(Subject::kTag, "handled");
  leaf.patterns.push_back({{"no"}});
  leaf.is_negated = (*value != wants_unhandled) != term.is_negated;
  return SearchNode::Of(std::move(leaf));
}

Result<SearchNode> FactBoolNode(const SearchToken& term, const std::string& key) {
  auto value = BoolOf(term);
  if (!value) return Fail(value.error());
  auto leaf = LeafOf(Subject::kFact, key);
  leaf.patterns.push_back({{*value ? "true" : "false"}});
  leaf.is_negated = term.is_negated;
  return SearchNode::Of(std::move(leaf));
}

// Without a star: contained. With one: the whole message or title.
SearchNode MessageNode(const SearchToken& term) {
  auto node = PatternNode(term, LeafOf(Subject::kMessage));
  auto contain = [](SearchNode& one) {
    for (auto& pattern : one.leaf.patterns) {
      if (pattern.IsExact()) pattern.pieces = {"", pattern.pieces.front(), ""};
    }
  };
  contain(node);
  for (auto& child : node.children) contain(child);
  return node;
}

SearchNode ReleaseNode(SearchToken term, SearchLeaf leaf) {
  std::erase_if(term.values, [&](const SearchValue& value) {
    bool is_latest = value.text == "latest" && leaf.part == ReleasePart::kName;
    leaf.latest = leaf.latest || is_latest;
    return is_latest;
  });
  return PatternNode(term, std::move(leaf));
}

// release.version:>=1.2 and release.build:>100.
Result<SearchNode> ReleasePartNode(const SearchToken& term, ReleasePart part) {
  auto leaf = LeafOf(Subject::kRelease);
  leaf.part = part;
  auto values = term;
  std::string_view text = values.values.front().text;
  if (!values.is_list && !values.values.front().is_quoted && part != ReleasePart::kPackage) {
    leaf.op = TakeOperator(text);
    values.values.front().text = std::string(text);
    if (text.empty()) return BadValue(term, term.values.front(), "Expected a version");
  }
  if (leaf.op == SearchOp::kNotEqual) {
    leaf.op = SearchOp::kEqual;
    values.is_negated = !values.is_negated;
  }
  return PatternNode(values, std::move(leaf));
}

// id:1, email:x, username:x, ip:1.2.3.4; any of the four without such a prefix.
SearchNode UserNode(const SearchToken& term) {
  struct Form {
    std::string_view prefix;
    const char* tag;
  };
  static constexpr Form kForms[] = {{"id:", "user.id"},
                                    {"email:", "user.email"},
                                    {"username:", "user.username"},
                                    {"ip:", "user.ip_address"}};
  std::vector<SearchNode> parts;
  for (const auto& value : term.values) {
    auto single = term;
    single.values = {value};
    if (value.text.empty() || IsAnyValue(ParsePattern(value.text))) {
      parts.push_back(PatternNode(single, LeafOf(Subject::kTag, "user")));
      continue;
    }
    const auto* form = std::find_if(std::begin(kForms), std::end(kForms), [&](const Form& known) {
      return std::string_view(value.text).starts_with(known.prefix);
    });
    if (form != std::end(kForms)) single.values[0].text.erase(0, form->prefix.size());
    for (const auto& known : kForms) {
      if (form != std::end(kForms) && form->tag != known.tag) continue;
      parts.push_back(PatternNode(single, LeafOf(Subject::kTag, known.tag)));
    }
  }
  if (parts.size() == 1) return std::move(parts.front());
  return term.is_negated ? SearchNode::All(std::move(parts)) : SearchNode::Any(std::move(parts));
}

Result<SearchNode> EventIdNode(const SearchToken& term) {
  std::vector<SearchNode> parts;
  for (const auto& value : term.values) {
    auto id = ParseId128<EventId>(value.text);
    if (!id) return BadValue(term, value, "Invalid event id: expected 32 hexadecimal digits");
    auto leaf = LeafOf(Subject::kEventId);
    leaf.event = *id;
    leaf.is_negated = term.is_negated;
    parts.push_back(SearchNode::Of(std::move(leaf)));
  }
  if (parts.size() == 1) return std::move(parts.front());
  return term.is_negated ? SearchNode::All(std::move(parts)) : SearchNode::Any(std::move(parts));
}

Result<SearchNode> HasNode(const SearchToken& term) {
  if (term.is_list) return BadValue(term, term.values.front(), "Lists are not supported for has");
  std::string_view name = term.values.front().text;
  std::optional<SearchLeaf> leaf;
  if (name.starts_with("tags[") && name.ends_with("]")) {
    leaf = LeafOf(Subject::kTag, std::string(name.substr(5, name.size() - 6)));
  } else {
    leaf = PresenceOf(name);
  }
  if (!leaf) {
    return BadValue(term, term.values.front(),
                    "'" + std::string(name) +
                        "' is always there; has expects the name of a tag "
                        "or field that an event may lack");
  }
  return Presence(std::move(*leaf), term.is_negated);
}

Result<SearchNode> BuiltInEventTerm(const SearchToken& term, const SearchKey& key) {
  switch (key.kind) {
    case Kind::kTitle:
      return PatternNode(term, LeafOf(Subject::kTitle));
    case Kind::kCulprit:
      return PatternNode(term, LeafOf(Subject::kCulprit));
    case Kind::kPlatform:
      return PatternNode(term, LeafOf(Subject::kPlatform));
    case Kind::kEventType:
      return PatternNode(term, LeafOf(Subject::kEventType));
    case Kind::kFirstRelease:
      return ReleaseNode(term, LeafOf(Subject::kFirstRelease));
    case Kind::kRegressedIn:
      return ReleaseNode(term, LeafOf(Subject::kRegressedIn));
    case Kind::kRelease:
      return ReleaseNode(term, LeafOf(Subject::kRelease));
    case Kind::kReleaseVersion:
      return ReleasePartNode(term, ReleasePart::kVersion);
    case Kind::kReleasePackage:
      return ReleasePartNode(term, ReleasePart::kPackage);
    case Kind::kReleaseBuild:
      return ReleasePartNode(term, ReleasePart::kBuild);
    case Kind::kMessage:
      return MessageNode(term);
    case Kind::kUser:
      return UserNode(term);
    case Kind::kHandled:
      return HandledNode(term, false);
    case Kind::kUnhandled:
      return HandledNode(term, true);
    case Kind::kFact:
      return PatternNode(term, LeafOf(Subject::kFact, key.target));
    case Kind::kFactNumber:
      return NumberNode(term, LeafOf(Subject::kFact, key.target));
    case Kind::kFactBool:
      return FactBoolNode(term, key.target);
    case Kind::kEventId:
      return EventIdNode(term);
    default:
      break;
  }
  auto leaf = LeafOf(Subject::kTag, key.target);
  leaf.any_case = key.kind == Kind::kTagAnyCase;
  return PatternNode(term, std::move(leaf));
}

}  // namespace

Result<SearchNode> BindTerm(const SearchToken& term, const SearchContext& context) {
  if (term.is_tag) return PatternNode(term, LeafOf(Subject::kTag, term.key));
  if (term.key == "has") return HasNode(term);
  auto key = FindSearchKey(term.key);
  switch (key.kind) {
    case Kind::kRefused:
      return Fail(Reason::kInvalidArgument, "'" + term.key + "' cannot be searched: " + key.target +
                                                " (column " + std::to_string(term.column) + ")");
    case Kind::kFirstSeen:
      return TimeNode(term, Subject::kFirstSeen, context.now);
    case Kind::kLastSeen:
      return TimeNode(term, Subject::kLastSeen, context.now);
    case Kind::kEventTime:
      return TimeNode(term, Subject::kEventTime, context.now);
    case Kind::kTimesSeen:
      return NumberNode(term, LeafOf(Subject::kTimesSeen));
    case Kind::kUserCount:
      return NumberNode(term, LeafOf(Subject::kUserCount));
    case Kind::kIs:
    case Kind::kStatus:
    case Kind::kCategory:
    case Kind::kIssueType:
    case Kind::kPriority:
      return BindWords(term, key.kind);
    case Kind::kIssue:
    case Kind::kIssueId:
    case Kind::kProject:
    case Kind::kProjectId:
      return BindObjects(term, key.kind, context);
    case Kind::kTeam:
    case Kind::kAssigned:
    case Kind::kBookmarked:
    case Kind::kSubscribed:
      return BindActors(term, key.kind, context);
    default:
      return BuiltInEventTerm(term, key);
  }
}

}  // namespace mishap
