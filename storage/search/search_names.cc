#include "storage/search/search_names.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "event/release_version.h"
#include "event/search_tags.h"
#include "event/tag_rollup.h"
#include "storage/read_rows.h"
#include "storage/search/search_pattern.h"

namespace mishap {
namespace {

ProjectNames& NamesOf(std::vector<ProjectNames>& all, std::int64_t project) {
  for (auto& names : all) {
    if (names.project == project) return names;
  }
  all.push_back({project, 0, {}});
  return all.back();
}

void AddIds(std::vector<ProjectNames>& all, const pqxx::result& rows) {
  for (const auto& row : rows) {
    auto& names = NamesOf(all, row["project_id"].as<std::int64_t>());
    names.ids.push_back(row["id"].as<std::int64_t>());
  }
}

void Sort(std::vector<ProjectNames>& all) {
  for (auto& names : all) {
    std::sort(names.ids.begin(), names.ids.end());
    names.ids.erase(std::unique(names.ids.begin(), names.ids.end()), names.ids.end());
  }
}

struct Patterns {
  std::vector<std::string> exact;
  std::vector<std::string> like;
};

Patterns Split(const SearchLeaf& leaf) {
  Patterns out;
  for (const auto& pattern : leaf.patterns) {
    // Tags that are compared without case are written in lower case (level).
    const auto& text = pattern.pieces.front();
    if (pattern.IsExact()) {
      out.exact.push_back(leaf.any_case ? ToLowerAscii(text) : text);
    } else {
      out.like.push_back(LikePattern(pattern));
    }
  }
  return out;
}

bool Holds(SearchOp op, std::strong_ordering order) {
  switch (op) {
    case SearchOp::kLess:
      return order < 0;
    case SearchOp::kLessOrEqual:
      return order <= 0;
    case SearchOp::kGreater:
      return order > 0;
    case SearchOp::kGreaterOrEqual:
      return order >= 0;
    case SearchOp::kNotEqual:
      return order != 0;
    default:
      return order == 0;
  }
}

bool Fits(const TextPattern& pattern, std::string_view text) {
  if (pattern.IsExact()) return pattern.pieces.front() == text;
  if (!text.starts_with(pattern.pieces.front())) return false;
  text.remove_prefix(pattern.pieces.front().size());
  for (std::size_t i = 1; i + 1 < pattern.pieces.size(); ++i) {
    auto at = text.find(pattern.pieces[i]);
    if (at == std::string_view::npos) return false;
    text.remove_prefix(at + pattern.pieces[i].size());
  }
  return text.ends_with(pattern.pieces.back());
}

// "1.2.0" of "shop@1.2.0+42" as the value of release.version, "42" as that of release.build.
bool FitsVersion(const ReleaseVersion& version, const SearchLeaf& leaf) {
  for (const auto& pattern : leaf.patterns) {
    if (leaf.part == ReleasePart::kPackage) {
      if (Fits(pattern, version.package)) return true;
      continue;
    }
    bool is_build = leaf.part == ReleasePart::kBuild;
    if (leaf.op == SearchOp::kEqual && !pattern.IsExact()) {
      auto text = is_build ? (version.semantic ? version.semantic->build : "") : version.rest;
      if (Fits(pattern, text)) return true;
      continue;
    }
    if (!version.semantic || !pattern.IsExact()) continue;
    // Builds are compared as those of one version; versions without builds if none is asked for.
    auto wanted = ParseReleaseVersion((is_build ? "x@0.0.0+" : "x@") + pattern.pieces.front());
    if (!wanted.semantic) continue;
    auto have = *version.semantic;
    if (is_build && have.build.empty()) continue;
    if (is_build) {
      have.numbers = wanted.semantic->numbers;
      have.components = wanted.semantic->components;
      have.prerelease.clear();
    } else if (wanted.semantic->build.empty()) {
      have.build.clear();
    }
    if (Holds(leaf.op, Compare(have, *wanted.semantic))) return true;
  }
  return false;
}

// All values that the leaf names outright are counted, should there be any.
bool IsCounted(const SearchLeaf& leaf) {
  if (IsSearchTag(leaf.key) || !IsRolledUp(leaf.key, "")) return false;
  return std::all_of(leaf.patterns.begin(), leaf.patterns.end(), [&](const TextPattern& pattern) {
    return !pattern.IsExact() || IsRolledUp(leaf.key, pattern.pieces.front());
  });
}

class Resolver {
 public:
  Resolver(Work& work, const Scope& scope, const std::vector<std::string>& environments)
      : work_(work),
        scope_(scope),
        projects_(ArrayParam(scope.Projects())),
        environments_(environments) {}

  Status Walk(const SearchNode& node) {
    if (node.kind == SearchNode::Kind::kLeaf) return Leaf(node.leaf);
    for (const auto& child : node.children) {
      if (auto ok = Walk(child); !ok) return ok;
    }
    return {};
  }
  SearchNames Take() { return std::move(names_); }

 private:
  Status Leaf(const SearchLeaf& leaf) {
    switch (leaf.subject) {
      case SearchSubject::kTag:
        Tag(leaf, names_[&leaf]);
        return {};
      case SearchSubject::kRelease:
        ReleaseTag(leaf, names_[&leaf]);
        return {};
      case SearchSubject::kEnvironment:
        AddIds(names_[&leaf].projects,
               work_.Run("search_environment", projects_, ArrayParam(leaf.names)));
        return {};
      case SearchSubject::kFirstRelease:
      case SearchSubject::kRegressedIn:
        ReleaseIds(leaf, names_[&leaf]);
        return {};
      case SearchSubject::kAssigned:
      case SearchSubject::kBookmarked:
      case SearchSubject::kSubscribed:
      case SearchSubject::kTeam:
        return Actors(leaf, names_[&leaf]);
      default:
        return {};
    }
  }

  void AddTagRows(const pqxx::result& rows, const std::string& key, LeafNames& out) {
    for (const auto& row : rows) {
      auto& names = NamesOf(out.projects, row["project_id"].as<std::int64_t>());
      names.key = row["key_id"].as<std::int64_t>();
      names.ids.push_back(row["id"].as<std::int64_t>());
      out.is_rolled_up = out.is_rolled_up && IsRolledUp(key, TextOf(row["value"]));
    }
  }

  void Tag(const SearchLeaf& leaf, LeafNames& out) {
    out.is_rolled_up = IsAlwaysRolledUp(leaf.key) || (!leaf.presence && IsCounted(leaf));
    if (leaf.presence) {
      out.hashes.push_back(UniqueTagHash(leaf.key, ""));
      return Open(leaf.key, out);
    }
    auto patterns = Split(leaf);
    for (const auto& value : patterns.exact) {
      if (!IsRolledUp(leaf.key, value)) out.hashes.push_back(UniqueTagHash(leaf.key, value));
    }
    if (!patterns.exact.empty()) {
      AddTagRows(work_.Run("search_tag_exact", projects_, leaf.key, ArrayParam(patterns.exact)),
                 leaf.key, out);
    }
    if (!patterns.like.empty()) {
      auto rows = work_.Run("search_tag_like", projects_, leaf.key, ArrayParam(patterns.like),
                            kSearchValuesMax + 1);
      if (rows.size() > static_cast<std::size_t>(kSearchValuesMax)) {
        return Open(leaf.key, out);
      }
      AddTagRows(rows, leaf.key, out);
    }
    Sort(out.projects);
  }

  void Open(const std::string& key, LeafNames& out) {
    out.is_open = true;
    out.projects.clear();
    for (const auto& row : work_.Run("search_tag_key", projects_, key)) {
      NamesOf(out.projects, row["project_id"].as<std::int64_t>()).key =
          row["id"].as<std::int64_t>();
    }
  }

  // Releases as values of the tag.
  void ReleaseTag(const SearchLeaf& leaf, LeafNames& out) {
    auto tag = leaf;
    tag.key = "release";
    if (leaf.part != ReleasePart::kName && !leaf.presence) {
      tag.patterns.clear();
      for (const auto& row : work_.Run("search_release_newest", projects_, kSearchReleasesMax)) {
        auto name = TextOf(row["version"]);
        if (FitsVersion(ParseReleaseVersion(name), leaf)) tag.patterns.push_back({{name}});
      }
    }
    if (leaf.presence || !tag.patterns.empty()) Tag(tag, out);
    out.is_rolled_up = true;
    if (!leaf.latest) return;
    // Of each project its own newest, not another's.
    for (const auto& row : Latest()) {
      auto project = row["project_id"].as<std::int64_t>();
      std::vector<std::string> version = {TextOf(row["version"])};
      AddTagRows(work_.Run("search_tag_exact", ArrayParam(std::vector<std::int64_t>{project}),
                           "release", ArrayParam(version)),
                 "release", out);
    }
    out.is_rolled_up = true;
    Sort(out.projects);
  }

  pqxx::result Latest() {
    if (environments_.empty()) return work_.Run("search_release_newest", projects_, 1);
    return work_.Run("search_release_newest_in", projects_, ArrayParam(environments_));
  }

  void ReleaseIds(const SearchLeaf& leaf, LeafNames& out) {
    auto patterns = Split(leaf);
    if (!patterns.exact.empty()) {
      AddIds(out.projects,
             work_.Run("search_release_exact", projects_, ArrayParam(patterns.exact)));
    }
    if (!patterns.like.empty()) {
      AddIds(out.projects, work_.Run("search_release_like", projects_, ArrayParam(patterns.like),
                                     kSearchReleasesMax));
    }
    if (leaf.latest) AddIds(out.projects, Latest());
    Sort(out.projects);
    if (environments_.empty() || leaf.subject != SearchSubject::kFirstRelease) return;
    AddIds(out.environments, work_.Run("search_environment", projects_, ArrayParam(environments_)));
  }

  Status Actors(const SearchLeaf& leaf, LeafNames& out) {
    const auto& actors = leaf.actors;
    auto organization = scope_.Organization();
    out.users = actors.users;
    if (!actors.names.empty()) {
      for (const auto& row : work_.Run("search_people", organization, ArrayParam(actors.names))) {
        out.users.push_back(row[0].as<std::int64_t>());
      }
    }
    for (const auto& slug : actors.teams) {
      auto rows = work_.Run("search_teams", organization, ArrayParam({slug}));
      if (rows.empty()) {
        return Fail(Reason::kInvalidArgument,
                    "Error parsing search query: Invalid team '#" + slug + "'");
      }
      out.teams.push_back(rows[0][0].as<std::int64_t>());
    }
    if (!actors.teams_of.empty()) {
      for (const auto& row :
           work_.Run("search_teams_of", organization, ArrayParam(actors.teams_of))) {
        out.teams.push_back(row[0].as<std::int64_t>());
      }
    }
    if (leaf.subject == SearchSubject::kTeam) {
      for (const auto& row : work_.Run("search_team_projects", ArrayParam(out.teams))) {
        NamesOf(out.projects, row[0].as<std::int64_t>());
      }
    }
    return {};
  }

  Work& work_;
  const Scope& scope_;
  std::string projects_;
  const std::vector<std::string>& environments_;
  SearchNames names_;
};

}  // namespace

Result<SearchNames> ResolveNames(Work& work, const Scope& scope, const SearchNode& tree,
                                 const std::vector<std::string>& environments) {
  Resolver resolver(work, scope, environments);
  if (auto ok = resolver.Walk(tree); !ok) return Fail(ok.error());
  return resolver.Take();
}

}  // namespace mishap
