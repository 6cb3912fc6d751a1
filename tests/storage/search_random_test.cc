// Searches against a second opinion: random conditions over random issues and events, answered by
// SQL and by a plain evaluation in memory that knows nothing of roll-ups, samples or candidates.
#include <algorithm>
#include <random>
#include <set>

#include "base/bytes.h"
#include "event/search_tags.h"
#include "storage/read_issues.h"
#include "tests/storage/read_fixture.h"
#include "tests/unit/api/search_tree_text.h"

namespace mishap {
namespace {

constexpr int kIssues = 40;
constexpr int kQuestions = 300;

struct SeenEvent {
  DigestEvent event;
  std::int64_t issue = 0;
};

// "a*b" over a text, the plain way.
bool Fits(const std::vector<std::string>& pieces, std::size_t from, std::string_view text) {
  if (from + 1 == pieces.size()) return text == pieces[from];
  if (!text.starts_with(pieces[from])) return false;
  text.remove_prefix(pieces[from].size());
  for (std::size_t skip = 0; skip <= text.size(); ++skip) {
    if (Fits(pieces, from + 1, text.substr(skip))) return true;
  }
  return false;
}

bool FitsPattern(const TextPattern& pattern, std::string text, bool any_case) {
  auto pieces = pattern.pieces;
  if (any_case || !pattern.IsExact()) {
    text = ToLowerAscii(text);
    for (auto& piece : pieces) piece = ToLowerAscii(piece);
  }
  return Fits(pieces, 0, text);
}

class SearchRandom : public ApiTest {
 protected:
  template <class T>
  const T& Pick(const std::vector<T>& from) {
    return from[random_engine_() % from.size()];
  }
  bool Chance(unsigned percent) { return random_engine_() % 100 < percent; }

  void Seed() {
    std::vector<DigestEvent> events;
    for (std::uint64_t n = 1; n <= 260; ++n) {
      auto hash = n <= kIssues ? n : 1 + random_engine_() % kIssues;
      auto event = MakeEvent(n, hash, hash % 3 == 0 ? mobile_.value : web_.value);
      event.level = Pick<Level>({Level::kFatal, Level::kError, Level::kInfo});
      event.environment = Pick<std::string>({"prod", "staging", ""});
      event.release = Pick<std::string>({"a@1.0", "a@1.1", "b@2.0", ""});
      event.tags = {{"browser", Pick<std::string>({"Firefox", "Chrome 1", "chrome 2"})}};
      if (Chance(30)) event.tags.emplace_back("rare", Pick<std::string>({"x", "y*z"}));
      event.tag_rolled_up.assign(event.tags.size(), true);
      auto user = Pick<std::string>({"ann@x.io", "bob@x.io", "cy@y.org"});
      event.search_tags = {{"user.email", user}, {"os.version", Pick<std::string>({"1.0", "2"})}};
      event.unique_tags = {UniqueTagHash("user.email", user)};
      event.search_text = "fault" + std::to_string(hash) + "\nsome " + (hash % 2 ? "odd" : "even");
      event.search_facts = "\nstack.filename=src/Part" + std::to_string(hash % 5) +
                           ".py\nstack.lineno=" + std::to_string(hash) + "\n";
      event.title = "Fault" + std::to_string(hash);
      events.push_back(std::move(event));
    }
    for (std::size_t at = 0; at < events.size(); at += 65) {
      Store({events.begin() + static_cast<std::ptrdiff_t>(at),
             events.begin() + static_cast<std::ptrdiff_t>(at + 65)});
    }
    for (auto& event : events) {
      auto row = db_.Number(
          "select h.issue_id from tenant.event e join tenant.hash_row h on "
          "h.project_id = e.project_id and h.id = e.hash_row where e.event_id = '" +
          ToHex(event.event_id) + "'");
      seen_.push_back({std::move(event), row});
    }
    db_.Rows("update tenant.issue set status = (id % 3)::smallint, priority = 1 + (id % 2)");
  }

  SearchLeaf RandomLeaf() {
    SearchLeaf leaf;
    leaf.is_negated = Chance(30);
    auto patterns = [&](const std::vector<TextPattern>& from) {
      leaf.patterns.push_back(Pick(from));
      if (Chance(30)) leaf.patterns.push_back(Pick(from));
    };
    switch (random_engine_() % 11) {
      case 0:
        leaf.subject = SearchSubject::kStatus;
        leaf.statuses = {{static_cast<std::int16_t>(random_engine_() % 3), 0}};
        break;
      case 1:
        leaf.subject = SearchSubject::kTimesSeen;
        leaf.numbers = {{SearchOp::kGreater, static_cast<double>(random_engine_() % 12)}};
        break;
      case 2:
        leaf.subject = SearchSubject::kTitle;
        patterns({{{"fault1", ""}}, {{"FAULT7"}}, {{"", "9"}}});
        break;
      case 3:
        leaf.subject = SearchSubject::kTag;
        leaf.key = "browser";
        patterns({{{"Firefox"}}, {{"chrome", ""}}, {{"Chrome 1"}}, {{"none"}}});
        break;
      case 4:
        leaf.subject = SearchSubject::kTag;
        leaf.key = Pick<std::string>({"rare", "environment", "unknown"});
        leaf.presence = true;
        break;
      case 5:
        leaf.subject = SearchSubject::kTag;
        leaf.key = "user.email";
        patterns({{{"ann@x.io"}}, {{"", "@x.io"}}, {{"nobody"}}});
        break;
      case 6:
        leaf.subject = SearchSubject::kTag;
        leaf.key = "level";
        leaf.any_case = true;
        patterns({{{"Fatal"}}, {{"error"}}});
        break;
      case 7:
        leaf.subject = SearchSubject::kRelease;
        patterns({{{"a@1.0"}}, {{"b@", ""}}, {{"zz"}}});
        break;
      case 8:
        leaf.subject = SearchSubject::kText;
        patterns({{{"fault1"}}, {{"odd"}}, {{"some", "even"}}, {{"absent"}}});
        break;
      case 9:
        leaf.subject = SearchSubject::kFact;
        leaf.key = "stack.filename";
        patterns({{{"src/Part1.py"}}, {{"", "part3", ""}}, {{"SRC/part1.py"}}});
        break;
      default:
        leaf.subject = SearchSubject::kTag;
        leaf.key = "os.version";
        patterns({{{"2"}}, {{"1", ""}}});
    }
    return leaf;
  }

  SearchNode RandomTree(int depth) {
    if (depth == 0 || Chance(25)) return SearchNode::Of(RandomLeaf());
    std::vector<SearchNode> children;
    auto count = 1 + random_engine_() % 3;
    for (std::size_t i = 0; i < count; ++i) children.push_back(RandomTree(depth - 1));
    return Chance(50) ? SearchNode::All(std::move(children)) : SearchNode::Any(std::move(children));
  }

  const DigestEvent& SampleOf(std::int64_t issue) const {
    return std::find_if(seen_.begin(), seen_.end(),
                        [&](const SeenEvent& one) { return one.issue == issue; })
        ->event;
  }

  static bool AnyFits(const SearchLeaf& leaf, const std::string& text, bool any_case) {
    return std::any_of(leaf.patterns.begin(), leaf.patterns.end(), [&](const TextPattern& pattern) {
      return FitsPattern(pattern, text, any_case);
    });
  }

  bool TagFits(const SearchLeaf& leaf, const std::string& key, const DigestEvent& event) const {
    auto tags = event.tags;
    tags.insert(tags.end(), event.search_tags.begin(), event.search_tags.end());
    tags.emplace_back("level", LevelName(event.level));
    tags.emplace_back("environment", event.environment);
    tags.emplace_back("release", event.release);
    return std::any_of(tags.begin(), tags.end(), [&](const NamedText& tag) {
      if (tag.first != key || tag.second.empty()) return false;
      return leaf.presence || AnyFits(leaf, tag.second, leaf.any_case);
    });
  }

  bool LeafFits(const SearchLeaf& leaf, const SeenEvent& seen) const {
    const auto& sample = SampleOf(seen.issue);
    auto count = std::count_if(seen_.begin(), seen_.end(),
                               [&](const SeenEvent& one) { return one.issue == seen.issue; });
    switch (leaf.subject) {
      case SearchSubject::kStatus:
        return seen.issue % 3 == leaf.statuses.front().status;
      case SearchSubject::kTimesSeen:
        return static_cast<double>(count) > leaf.numbers.front().value;
      case SearchSubject::kTitle:
        return AnyFits(leaf, sample.title, true);
      case SearchSubject::kText:
        return std::any_of(leaf.patterns.begin(), leaf.patterns.end(), [&](TextPattern pattern) {
          pattern.pieces.insert(pattern.pieces.begin(), "");
          pattern.pieces.push_back("");
          return FitsPattern(pattern, sample.search_text, true);
        });
      case SearchSubject::kFact: {
        auto from = sample.search_facts.find('=') + 1;
        return AnyFits(
            leaf, sample.search_facts.substr(from, sample.search_facts.find('\n', from) - from),
            false);
      }
      case SearchSubject::kRelease:
        return TagFits(leaf, "release", seen.event);
      default:
        return TagFits(leaf, leaf.key, seen.event);
    }
  }

  bool Holds(const SearchNode& node, const SeenEvent& seen) const {
    if (node.kind == SearchNode::Kind::kLeaf) {
      return LeafFits(node.leaf, seen) != node.leaf.is_negated;
    }
    auto holds = [&](const SearchNode& child) { return Holds(child, seen); };
    return node.kind == SearchNode::Kind::kAnd
               ? std::all_of(node.children.begin(), node.children.end(), holds)
               : std::any_of(node.children.begin(), node.children.end(), holds);
  }

  // An issue fits if one of its events does, in the environment asked for.
  std::set<std::int64_t> Expected(const SearchNode& tree, const std::string& environment) const {
    std::set<std::int64_t> out;
    for (const auto& seen : seen_) {
      if (!environment.empty() && seen.event.environment != environment) continue;
      if (Holds(tree, seen)) out.insert(seen.issue);
    }
    return out;
  }

  std::mt19937 random_engine_{7};
  std::vector<SeenEvent> seen_;
};

TEST_F(SearchRandom, SqlAndPlainEvaluationAgree) {
  Seed();
  Scope scope(acme_.id, "acme", {}, {web_, mobile_}, {});
  std::size_t answers = 0;
  for (int round = 0; round < kQuestions; ++round) {
    IssueFilter filter;
    filter.search = RandomTree(static_cast<int>(random_engine_() % 4));
    filter.end = Noon(100'000);
    std::string environment = Chance(25) ? "prod" : "";
    if (!environment.empty()) filter.environments = {environment};
    auto expected = Expected(filter.search, environment);
    answers += expected.size();
    for (auto sort : {IssueSort::kLastSeen, IssueSort::kEvents}) {
      auto list = ListIssues(session_, scope, filter, sort, {}, 100);
      ASSERT_TRUE(list) << TextOf(filter.search) << ": " << list.error().detail;
      std::set<std::int64_t> found;
      for (const auto& row : list->rows) found.insert(row.issue.id.value);
      EXPECT_EQ(found, expected) << TextOf(filter.search) << " in '" << environment << "'";
    }
    auto count = CountIssues(session_, scope, filter);
    ASSERT_TRUE(count);
    EXPECT_EQ(count->hits, static_cast<std::int64_t>(expected.size())) << TextOf(filter.search);
  }
  EXPECT_GT(answers, 1000u);  // the questions were not all in vain
}

}  // namespace
}  // namespace mishap
