#include "api/search/bind_words.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "api/call.h"
#include "api/search/search_values.h"
#include "base/bytes.h"
#include "storage/read_issues.h"

namespace mishap {
namespace {

using Subject = SearchSubject;

struct StatusWord {
  std::string_view word;
  IssueStatus status;
  IssueSubstatus substatus;  // kNone: any
};
constexpr std::array kStatusWords = {
    StatusWord{"unresolved", IssueStatus::kUnresolved, IssueSubstatus::kNone},
    StatusWord{"resolved", IssueStatus::kResolved, IssueSubstatus::kNone},
    StatusWord{"ignored", IssueStatus::kIgnored, IssueSubstatus::kNone},
    StatusWord{"archived", IssueStatus::kIgnored, IssueSubstatus::kNone},
    StatusWord{"muted", IssueStatus::kIgnored, IssueSubstatus::kNone},
    StatusWord{"new", IssueStatus::kUnresolved, IssueSubstatus::kNew},
    StatusWord{"ongoing", IssueStatus::kUnresolved, IssueSubstatus::kOngoing},
    StatusWord{"regressed", IssueStatus::kUnresolved, IssueSubstatus::kRegressed},
    StatusWord{"escalating", IssueStatus::kUnresolved, IssueSubstatus::kEscalating},
    StatusWord{"archived_until_escalating", IssueStatus::kIgnored,
               IssueSubstatus::kArchivedUntilEscalating},
    StatusWord{"archived_until_condition_met", IssueStatus::kIgnored,
               IssueSubstatus::kArchivedUntilConditionMet},
    StatusWord{"archived_forever", IssueStatus::kIgnored, IssueSubstatus::kArchivedForever},
};
// Of `is:` only.
constexpr std::array<std::string_view, 6> kOtherWords = {"assigned", "unassigned", "for_review",
                                                         "linked",   "unlinked",   "reprocessing"};

constexpr std::array<std::string_view, 8> kCategories = {
    "error", "performance", "cron", "uptime", "feedback", "replay", "metric_alert", "outage"};

SearchNode Everything(bool is_negated) {
  return is_negated ? SearchNode::Any({}) : SearchNode{};
}

Result<SearchNode> OtherWord(const SearchToken& term, std::string_view word) {
  SearchLeaf leaf;
  leaf.is_negated = term.is_negated;
  if (word == "linked" || word == "reprocessing") return Everything(!term.is_negated);
  if (word == "unlinked") return Everything(term.is_negated);
  if (word == "for_review") {
    leaf.subject = Subject::kForReview;
  } else {
    leaf.subject = Subject::kAssigned;
    leaf.actors.nobody = true;
    if (word == "assigned") leaf.is_negated = !leaf.is_negated;
  }
  return SearchNode::Of(std::move(leaf));
}

Result<SearchNode> BindStatus(const SearchToken& term, bool is_is) {
  if (is_is && term.is_list) {
    return BadValue(term, term.values.front(), "\"in\" lists are not supported for is; use OR");
  }
  SearchLeaf leaf;
  leaf.subject = Subject::kStatus;
  leaf.is_negated = term.is_negated;
  for (const auto& value : term.values) {
    auto word = ToLowerAscii(value.text);
    const auto* other = std::find(kOtherWords.begin(), kOtherWords.end(), word);
    if (is_is && other != kOtherWords.end()) return OtherWord(term, *other);
    const auto* found = std::find_if(kStatusWords.begin(), kStatusWords.end(),
                                     [&](const StatusWord& known) { return known.word == word; });
    if (found == kStatusWords.end()) {
      std::string valid;
      for (const auto& known : kStatusWords) {
        valid.append(valid.empty() ? "" : ", ").append(known.word);
      }
      for (auto known : kOtherWords) {
        if (is_is) valid.append(", ").append(known);
      }
      return BadValue(term, value,
                      "Invalid value for \"" + term.key + "\" search: " + value.text +
                          ", valid values are " + valid);
    }
    leaf.statuses.push_back(
        {static_cast<std::int16_t>(found->status), static_cast<std::int16_t>(found->substatus)});
  }
  return SearchNode::Of(std::move(leaf));
}

// All issues are errors.
Result<SearchNode> BindCategory(const SearchToken& term) {
  bool fits = false;
  for (const auto& value : term.values) {
    auto word = ToLowerAscii(value.text);
    fits = fits || word == "error";
    if (std::find(kCategories.begin(), kCategories.end(), word) == kCategories.end() &&
        term.key != "issue.type") {
      return BadValue(term, value, "Invalid category: " + value.text + ", expected error");
    }
  }
  return Everything(fits == term.is_negated);
}

Result<SearchNode> BindPriority(const SearchToken& term) {
  SearchLeaf leaf;
  leaf.subject = Subject::kPriority;
  leaf.is_negated = term.is_negated;
  for (const auto& value : term.values) {
    auto word = ToLowerAscii(value.text);
    if (word != "low" && word != "medium" && word != "high") {
      return BadValue(term, value,
                      "Invalid priority: " + value.text + ", expected high, medium or low");
    }
    leaf.ids.push_back(word == "low" ? 1 : word == "medium" ? 2 : 3);
  }
  return SearchNode::Of(std::move(leaf));
}

bool FitsSlug(const TextPattern& pattern, std::string_view slug) {
  if (pattern.IsExact()) return EqualsIgnoreCase(pattern.pieces.front(), slug);
  auto rest = ToLowerAscii(slug);
  for (std::size_t i = 0; i < pattern.pieces.size(); ++i) {
    auto piece = ToLowerAscii(pattern.pieces[i]);
    if (i + 1 == pattern.pieces.size()) return rest.ends_with(piece);
    auto at = i == 0 ? (rest.starts_with(piece) ? 0 : std::string::npos) : rest.find(piece);
    if (at == std::string::npos) return false;
    rest.erase(0, at + piece.size());
  }
  return true;
}

}  // namespace

tl::unexpected<Error> BadValue(const SearchToken& term, const SearchValue& value,
                               const std::string& text) {
  return Fail(Reason::kInvalidArgument,
              term.key + ": " + text + " (column " + std::to_string(value.column) + ")");
}

Result<SearchNode> BindWords(const SearchToken& term, SearchKeyKind kind) {
  if (kind == SearchKeyKind::kIs || kind == SearchKeyKind::kStatus) {
    return BindStatus(term, kind == SearchKeyKind::kIs);
  }
  return kind == SearchKeyKind::kPriority ? BindPriority(term) : BindCategory(term);
}

Result<SearchNode> BindObjects(const SearchToken& term, SearchKeyKind kind,
                               const SearchContext& context) {
  SearchLeaf leaf;
  bool is_project = kind == SearchKeyKind::kProject || kind == SearchKeyKind::kProjectId;
  leaf.subject = is_project ? Subject::kProject : Subject::kIssue;
  leaf.is_negated = term.is_negated;
  for (const auto& value : term.values) {
    auto digits = ParseDigits(value.text);
    if (digits) {
      leaf.ids.push_back(*digits);
    } else if (kind == SearchKeyKind::kProjectId || kind == SearchKeyKind::kIssueId) {
      return BadValue(term, value, "Invalid number: " + value.text + ". Expected an id");
    } else if (is_project) {
      for (const auto& project : context.projects) {
        if (FitsSlug(ParsePattern(value.text), project.slug)) leaf.ids.push_back(project.id.value);
      }
    } else if (auto id = FindShortId(context.projects, value.text)) {
      leaf.ids.push_back(id->value);
    }
  }
  return SearchNode::Of(std::move(leaf));
}

Result<SearchNode> BindActors(const SearchToken& term, SearchKeyKind kind,
                              const SearchContext& context) {
  SearchLeaf leaf;
  leaf.subject = kind == SearchKeyKind::kAssigned     ? Subject::kAssigned
                 : kind == SearchKeyKind::kBookmarked ? Subject::kBookmarked
                 : kind == SearchKeyKind::kSubscribed ? Subject::kSubscribed
                                                      : Subject::kTeam;
  leaf.is_negated = term.is_negated;
  auto& actors = leaf.actors;
  for (const auto& value : term.values) {
    auto word = ToLowerAscii(value.text);
    if (word == "me" || word == "my_teams") {
      if (!context.user) {
        return BadValue(term, value, "'" + word + "' needs a token that belongs to a person");
      }
      if (word == "me" && leaf.subject != Subject::kTeam) {
        actors.users.push_back(context.user.value);
      } else {
        actors.teams_of.push_back(context.user.value);
      }
    } else if (word.starts_with('#') || leaf.subject == Subject::kTeam) {
      actors.teams.push_back(word.starts_with('#') ? word.substr(1) : word);
    } else if ((word == "none" || word.empty()) && leaf.subject == Subject::kAssigned) {
      actors.nobody = true;
    } else if (auto id = ParseDigits(word)) {
      actors.users.push_back(*id);
    } else {
      actors.names.push_back(std::move(word));
    }
  }
  return SearchNode::Of(std::move(leaf));
}

}  // namespace mishap
