#include "storage/search/search_sql.h"

#include "storage/read_rows.h"
#include "storage/search/search_pattern.h"
#include "storage/sql.h"

namespace mishap {
namespace {

std::string_view Operator(SearchOp op) {
  switch (op) {
    case SearchOp::kLess:
      return "<";
    case SearchOp::kLessOrEqual:
      return "<=";
    case SearchOp::kGreater:
      return ">";
    case SearchOp::kGreaterOrEqual:
      return ">=";
    case SearchOp::kNotEqual:
      return "<>";
    default:
      return "=";
  }
}

// "(a or b)"; "false" without any.
class AnyOf {
 public:
  void Add(const std::string& condition) {
    if (!text_.empty()) text_ += " or ";
    text_ += condition;
    ++count_;
  }
  std::string Take() const {
    if (count_ == 0) return "false";
    return count_ == 1 ? text_ : "(" + text_ + ")";
  }

 private:
  std::string text_;
  int count_ = 0;
};

std::string NumberText(double value) {
  auto whole = static_cast<std::int64_t>(value);
  return static_cast<double>(whole) == value ? std::to_string(whole) : std::to_string(value);
}

}  // namespace

std::string SearchSql::Part(std::string_view name,
                            std::vector<std::pair<std::string_view, std::string>> values) {
  values.emplace_back("start", start_);
  values.emplace_back("end", end_);
  return SqlTemplate::Fill(Sql(name), values);
}

const LeafNames& SearchSql::NamesOf(const SearchLeaf& leaf) const {
  static const LeafNames kNone;
  auto it = names_.find(&leaf);
  return it == names_.end() ? kNone : it->second;
}

std::string SearchSql::Tree(const SearchNode& node) {
  if (node.kind == SearchNode::Kind::kLeaf) return Leaf(node.leaf);
  bool is_and = node.kind == SearchNode::Kind::kAnd;
  if (node.children.empty()) return is_and ? "true" : "false";
  std::string out = "(";
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    if (i > 0) out += is_and ? " and " : " or ";
    out += Tree(node.children[i]);
  }
  return out + ")";
}

std::string SearchSql::Leaf(const SearchLeaf& leaf) {
  auto positive = Positive(leaf);
  return leaf.is_negated ? "not coalesce(" + positive + ", false)" : positive;
}

std::string SearchSql::Positive(const SearchLeaf& leaf) {
  return IsOfEvent(leaf.subject) ? OfEvent(leaf) : OfIssue(leaf);
}

std::string SearchSql::OfIssue(const SearchLeaf& leaf) {
  switch (leaf.subject) {
    case SearchSubject::kStatus:
      return Status(leaf);
    case SearchSubject::kFirstSeen:
      return Time("i.first_seen", leaf);
    case SearchSubject::kLastSeen:
      return Time("i.last_seen", leaf);
    case SearchSubject::kTimesSeen:
      return Numbers("i.times_seen", leaf);
    case SearchSubject::kUserCount:
      return Numbers("i.users_seen", leaf);
    case SearchSubject::kIssue:
      return Ids("search_issue_ids", leaf.ids);
    case SearchSubject::kProject:
      return Ids("search_issue_projects", leaf.ids);
    case SearchSubject::kPriority:
      return Ids("search_issue_priority", leaf.ids);
    case SearchSubject::kTitle:
      return Column("i.title", leaf);
    case SearchSubject::kCulprit:
      return Column("i.culprit", leaf);
    case SearchSubject::kPlatform:
      return Column("i.platform", leaf);
    case SearchSubject::kEventType:
      return Column("i.type", leaf);
    case SearchSubject::kFirstRelease:
    case SearchSubject::kRegressedIn:
      return Releases(leaf);
    case SearchSubject::kAssigned:
      return Assigned(leaf);
    case SearchSubject::kBookmarked:
      return Ids("search_issue_bookmarked", NamesOf(leaf).users);
    case SearchSubject::kSubscribed:
      return Ids("search_issue_subscribed", NamesOf(leaf).users);
    case SearchSubject::kForReview:
      return std::string(Sql("search_issue_for_review"));
    case SearchSubject::kTeam: {
      std::vector<std::int64_t> projects;
      for (const auto& names : NamesOf(leaf).projects) projects.push_back(names.project);
      return Ids("search_issue_projects", projects);
    }
    default:
      return "false";
  }
}

std::string SearchSql::OfEvent(const SearchLeaf& leaf) {
  switch (leaf.subject) {
    case SearchSubject::kText:
      return Text(leaf);
    case SearchSubject::kMessage:
      return Message(leaf);
    case SearchSubject::kFact:
      return Fact(leaf);
    case SearchSubject::kTag:
    case SearchSubject::kRelease:
      return Tag(leaf);
    case SearchSubject::kEnvironment:
      return Environment(leaf);
    case SearchSubject::kEventTime:
      return Time("e.received_at", leaf);
    case SearchSubject::kEventId:
      return Part("search_event_id", {{"event", sql_.Value(ToHex(leaf.event))}});
    default:
      return "false";
  }
}

std::string SearchSql::Text(const SearchLeaf& leaf) {
  AnyOf any;
  for (const auto& pattern : leaf.patterns) {
    any.Add(Part("search_sample_text", {{"pattern", sql_.Value(ContainsPattern(pattern))}}));
  }
  return any.Take();
}

std::string SearchSql::Environment(const SearchLeaf& leaf) {
  AnyOf any;
  for (const auto& names : NamesOf(leaf).projects) {
    any.Add(
        Part("search_event_environment", {{"project", sql_.Value(std::to_string(names.project))},
                                          {"ids", sql_.Value(ArrayParam(names.ids))}}));
  }
  return any.Take();
}

std::string SearchSql::Ids(std::string_view name, const std::vector<std::int64_t>& ids) {
  if (ids.empty()) return "false";
  return Part(name, {{"ids", sql_.Value(ArrayParam(ids))}});
}

std::string SearchSql::Status(const SearchLeaf& leaf) {
  AnyOf any;
  for (const auto& pair : leaf.statuses) {
    any.Add(Part("search_issue_status", {{"status", std::to_string(pair.status)},
                                         {"substatus", std::to_string(pair.substatus)}}));
  }
  return any.Take();
}

std::string SearchSql::Time(std::string_view column, const SearchLeaf& leaf) {
  std::string out = "(true";
  auto bound = [&](const std::optional<Timestamp>& at, std::string_view op) {
    if (!at) return;
    out.append(" and ").append(column).append(op);
    out += sql_.Value(FormatTimestamp(*at)) + "::timestamptz";
  };
  if (leaf.time) bound(leaf.time->from, " >= ");
  if (leaf.time) bound(leaf.time->until, " < ");
  return out + ")";
}

std::string SearchSql::Numbers(std::string_view column, const SearchLeaf& leaf) {
  AnyOf any;
  for (const auto& number : leaf.numbers) {
    std::string text(column);
    text.append(" ").append(Operator(number.op)).append(" ");
    any.Add(text + sql_.Value(NumberText(number.value)) + "::numeric");
  }
  return any.Take();
}

std::string SearchSql::Column(std::string_view column, const SearchLeaf& leaf) {
  if (leaf.presence) return std::string(column) + " <> ''";
  AnyOf any;
  for (const auto& pattern : leaf.patterns) {
    any.Add(std::string(column) + " ilike " + sql_.Value(LikePattern(pattern)));
  }
  return any.Take();
}

std::string SearchSql::Releases(const SearchLeaf& leaf) {
  const auto& names = NamesOf(leaf);
  bool is_first = leaf.subject == SearchSubject::kFirstRelease;
  if (leaf.presence) {
    return is_first ? "i.first_release_id <> 0" : std::string(Sql("search_issue_regressed"));
  }
  AnyOf any;
  for (const auto& project : names.projects) {
    // A value that no part uses would be a parameter without a type: made only where it is needed.
    auto values = [&] {
      return std::vector<std::pair<std::string_view, std::string>>{
          {"project", sql_.Value(std::to_string(project.project))},
          {"ids", sql_.Value(ArrayParam(project.ids))}};
    };
    if (!is_first) {
      any.Add(Part("search_issue_regressed_in", values()));
      continue;
    }
    if (names.environments.empty()) {
      any.Add(Part("search_issue_first_release", values()));
      continue;
    }
    for (const auto& environment : names.environments) {
      if (environment.project != project.project) continue;
      auto with = values();
      with.emplace_back("environments", sql_.Value(ArrayParam(environment.ids)));
      any.Add(Part("search_issue_first_release_in", with));
    }
  }
  return any.Take();
}

std::string SearchSql::Assigned(const SearchLeaf& leaf) {
  if (leaf.presence) return "not " + std::string(Sql("search_issue_nobody"));
  const auto& names = NamesOf(leaf);
  AnyOf any;
  if (!names.users.empty()) any.Add(Ids("search_issue_users", names.users));
  if (!names.teams.empty()) any.Add(Ids("search_issue_teams", names.teams));
  if (leaf.actors.nobody) any.Add(std::string(Sql("search_issue_nobody")));
  return any.Take();
}

std::string SearchSql::Fact(const SearchLeaf& leaf) {
  if (leaf.presence) {
    return Part("search_sample_fact_match", {{"pattern", sql_.Value(FactPresence(leaf.key))}});
  }
  AnyOf any;
  for (const auto& pattern : leaf.patterns) {
    if (pattern.IsExact()) {
      any.Add(Part("search_sample_fact_like",
                   {{"pattern", sql_.Value(FactLine(leaf.key, pattern.pieces.front()))}}));
    } else {
      any.Add(Part("search_sample_fact_match",
                   {{"pattern", sql_.Value(FactExpression(leaf.key, pattern))}}));
    }
  }
  for (const auto& number : leaf.numbers) {
    any.Add(Part("search_sample_number", {{"expression", sql_.Value(FactNumber(leaf.key))},
                                          {"op", std::string(Operator(number.op))},
                                          {"number", sql_.Value(NumberText(number.value))}}));
  }
  return any.Take();
}

std::string SearchSql::Message(const SearchLeaf& leaf) {
  AnyOf any;
  auto patterns = leaf.patterns;
  if (leaf.presence) patterns = {{{"", ""}}};
  for (const auto& pattern : patterns) {
    any.Add(Part("search_sample_message",
                 {{"pattern", sql_.Value(LikePattern(pattern))},
                  {"expression", sql_.Value(FactExpression("message", pattern))}}));
  }
  return any.Take();
}

std::string SearchSql::Tag(const SearchLeaf& leaf) {
  const auto& names = NamesOf(leaf);
  AnyOf any;
  for (const auto& project : names.projects) {
    auto of = sql_.Value(std::to_string(project.project));
    if (!names.is_open) {
      any.Add(Part("search_event_tag",
                   {{"project", of}, {"ids", sql_.Value(ArrayParam(project.ids))}}));
      continue;
    }
    std::string value;
    if (!leaf.presence) {
      std::vector<std::string> like;
      for (const auto& pattern : leaf.patterns) like.push_back(LikePattern(pattern));
      value = SqlTemplate::Fill(Sql("search_tag_value_like"),
                                {{"patterns", sql_.Value(ArrayParam(like))}});
    }
    any.Add(Part(
        "search_event_tag_open",
        {{"project", of}, {"key", sql_.Value(std::to_string(project.key))}, {"value", value}}));
  }
  if (!names.hashes.empty()) {
    any.Add("coalesce(e.unique_tags && " + sql_.Value(ArrayParam(names.hashes)) +
            "::bigint[], false)");
  }
  return any.Take();
}

std::string SearchSql::TagArms(const SearchLeaf& leaf) {
  const auto& names = NamesOf(leaf);
  AnyOf any;
  for (const auto& project : names.projects) {
    // An equality can always be part of an index's condition; `= any` may become a filter over all
    // values the hash row has.
    const bool is_single = !names.is_open && project.ids.size() == 1;
    const char* arm = names.is_open ? "search_arm_tag_any"
                      : is_single   ? "search_arm_tag_one"
                                    : "search_arm_tag";
    any.Add(Part(arm,
                 {{"project", sql_.Value(std::to_string(project.project))},
                  {"key", sql_.Value(std::to_string(project.key))},
                  {"id", is_single ? sql_.Value(std::to_string(project.ids.front())) : ""},
                  {"ids", names.is_open || is_single ? "" : sql_.Value(ArrayParam(project.ids))}}));
  }
  return any.Take();
}

std::string SearchSql::EnvironmentArms(const SearchLeaf& leaf) {
  AnyOf any;
  for (const auto& project : NamesOf(leaf).projects) {
    any.Add(
        Part("search_arm_environment", {{"project", sql_.Value(std::to_string(project.project))},
                                        {"ids", sql_.Value(ArrayParam(project.ids))}}));
  }
  return any.Take();
}

}  // namespace mishap
