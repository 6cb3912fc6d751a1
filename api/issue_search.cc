#include "api/issue_search.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "api/search_terms.h"
#include "base/bytes.h"
#include "event/event.h"

namespace mishap {
namespace {

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

// Keys of the full language that do not work yet. Without this list they would pass for tags and
// find nothing.
constexpr std::array<std::string_view, 62> kUnsupportedKeys = {"assigned",
                                                               "assigned_to",
                                                               "assigned_or_suggested",
                                                               "bookmarks",
                                                               "bookmarked_by",
                                                               "subscribed",
                                                               "subscribed_by",
                                                               "age",
                                                               "firstseen",
                                                               "first_seen",
                                                               "lastseen",
                                                               "last_seen",
                                                               "activesince",
                                                               "active_at",
                                                               "date",
                                                               "event.timestamp",
                                                               "timestamp",
                                                               "timesseen",
                                                               "times_seen",
                                                               "usercount",
                                                               "user_count",
                                                               "firstrelease",
                                                               "first-release",
                                                               "first_release",
                                                               "regressed_in_release",
                                                               "issue.id",
                                                               "issue.category",
                                                               "issue.type",
                                                               "issue.priority",
                                                               "priority",
                                                               "project",
                                                               "project.name",
                                                               "project.id",
                                                               "team",
                                                               "detector",
                                                               "has",
                                                               "message",
                                                               "title",
                                                               "culprit",
                                                               "location",
                                                               "platform",
                                                               "platform.name",
                                                               "event.type",
                                                               "id",
                                                               "release.version",
                                                               "release.package",
                                                               "release.build",
                                                               "release.stage",
                                                               "error.type",
                                                               "error.value",
                                                               "error.mechanism",
                                                               "error.handled",
                                                               "error.unhandled",
                                                               "error.main_thread",
                                                               "http.method",
                                                               "http.url",
                                                               "http.status_code",
                                                               "http.referer",
                                                               "user.id",
                                                               "user.email",
                                                               "user.username",
                                                               "user.ip"};

tl::unexpected<Error> Bad(const std::string& text) {
  return Fail(Reason::kInvalidArgument, "Error parsing search query: " + text);
}

template <class T>
void Intersect(std::optional<std::vector<T>>& have, std::vector<T> want, bool& nothing) {
  if (have) {
    std::erase_if(want, [&](const T& value) {
      return std::find(have->begin(), have->end(), value) == have->end();
    });
  }
  if (want.empty()) nothing = true;
  have = std::move(want);
}

Status AddStatus(const SearchTerm& term, IssueFilter& filter) {
  if (term.key == "is" && term.is_list) return Bad("\"in\" lists are not supported for is");
  std::vector<IssueStatus> statuses;
  std::vector<IssueSubstatus> substatuses;
  for (const auto& value : term.values) {
    auto word = ToLowerAscii(value);
    auto found = std::find_if(kStatusWords.begin(), kStatusWords.end(),
                              [&](const StatusWord& known) { return known.word == word; });
    if (found == kStatusWords.end()) {
      std::string valid;
      for (const auto& known : kStatusWords) {
        valid.append(valid.empty() ? "" : ", ").append(known.word);
      }
      std::string detail = "Invalid value for \"";
      detail.append(term.key).append("\" search: ").append(value);
      return Bad(detail.append(", valid values are ").append(valid));
    }
    statuses.push_back(found->status);
    if (found->substatus != IssueSubstatus::kNone) substatuses.push_back(found->substatus);
  }
  // A list of plain and finer words means the plain ones too: then the finer ones do not restrict.
  bool all_finer = substatuses.size() == statuses.size();
  if (!substatuses.empty() && !all_finer) {
    return Bad("\"" + term.key + "\" cannot mix statuses and substatuses in one list yet");
  }
  Intersect(filter.statuses, std::move(statuses), filter.nothing);
  if (all_finer) Intersect(filter.substatuses, std::move(substatuses), filter.nothing);
  return {};
}

Status AddLevel(const SearchTerm& term, IssueFilter& filter) {
  std::vector<int> levels;
  for (const auto& value : term.values) {
    auto word = ToLowerAscii(value);
    for (auto level :
         {Level::kDebug, Level::kInfo, Level::kWarning, Level::kError, Level::kFatal}) {
      if (LevelName(level) == word) levels.push_back(static_cast<int>(level));
    }
  }
  Intersect(filter.levels, std::move(levels), filter.nothing);  // an unknown level fits no issue
  return {};
}

void AddText(const SearchTerm& term, IssueFilter& filter) {
  auto text = ToLowerAscii(term.values.front());
  // Free text is a substring anyway: stars around it say nothing new.
  while (text.starts_with('*')) text.erase(0, 1);
  while (text.ends_with('*')) text.pop_back();
  if (!text.empty()) filter.texts.push_back(std::move(text));
}

bool IsUnsupported(std::string_view key) {
  auto lower = ToLowerAscii(key);
  return lower.starts_with("stack.") || lower.starts_with("flags[") ||
         std::find(kUnsupportedKeys.begin(), kUnsupportedKeys.end(), lower) !=
             kUnsupportedKeys.end();
}

Status AddTerm(const SearchTerm& term, IssueFilter& filter) {
  auto where = " (column " + std::to_string(term.column) + ")";
  if (term.key.empty()) {
    AddText(term, filter);
    return {};
  }
  if (term.is_negated) return Bad("'!" + term.key + "' negation is not supported yet" + where);
  if (!term.is_tag && (term.key == "is" || term.key == "status")) return AddStatus(term, filter);
  if (!term.is_tag && term.key == "substatus") return AddStatus(term, filter);
  if (!term.is_tag && term.key == "level") return AddLevel(term, filter);
  for (const auto& value : term.values) {
    if (value.find('*') != std::string::npos) {
      return Bad("'" + term.key + "' wildcards are not supported yet" + where);
    }
    if (value == "latest" && term.key == "release" && !term.is_tag) {
      return Bad("'release:latest' is not supported yet" + where);
    }
    if (value.empty() && term.key != "environment") {
      return Bad("'" + term.key + ":\"\"' is not supported yet" + where);
    }
  }
  if (!term.is_tag && term.key == "environment") {
    filter.environments.push_back(term.values);
  } else if (!term.is_tag && term.key == "release") {
    filter.releases.push_back(term.values);
  } else if (!term.is_tag && IsUnsupported(term.key)) {
    return Bad("'" + term.key + "' is not supported yet" + where);
  } else {
    filter.tags.emplace_back(term.key, term.values);
  }
  return {};
}

}  // namespace

Status ParseIssueSearch(std::string_view query, IssueFilter& filter) {
  if (query.size() > kSearchBytesMax) {
    return Bad("the query has " + std::to_string(query.size()) + " bytes, the limit is " +
               std::to_string(kSearchBytesMax));
  }
  if (!IsUtf8(query) || query.find('\0') != std::string_view::npos) {
    return Bad("the query is not valid UTF-8 text");
  }
  auto terms = SplitSearch(query);
  if (!terms) return Bad(terms.error().detail);
  if (terms->size() > kSearchTermsMax) {
    return Bad("the query has more than " + std::to_string(kSearchTermsMax) + " terms");
  }
  for (const auto& term : *terms) {
    if (auto ok = AddTerm(term, filter); !ok) return ok;
  }
  return {};
}

}  // namespace mishap
