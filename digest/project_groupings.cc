#include "digest/project_groupings.h"

#include <utility>

#include "base/log.h"

namespace mishap {

ProjectGroupings::ProjectGroupings(const GroupingAlgorithm& algorithm) : default_(algorithm) {}

ProjectGroupings::ProjectGroupings(const ProjectDirectory& directory, AlgorithmFinder find)
    : directory_(&directory), find_(std::move(find)), default_(CurrentGrouping()) {}

std::unique_ptr<GroupingVersion> ProjectGroupings::TryCompile(ProjectId project,
                                                              const GroupingSetup& setup) const {
  auto version = GroupingVersion::Compile(setup, find_);
  if (version) return std::make_unique<GroupingVersion>(std::move(*version));
  const GroupingRulesError& error = version.error();
  Log(LogLevel::kError, "grouping_rules_unreadable",
      {{"project", project.value},
       {"version", std::int64_t{setup.version}},
       {"rules", error.in_options       ? "options"
                 : error.in_fingerprint ? "fingerprint"
                                        : "stack trace"},
       {"line", std::int64_t{error.at.line}},
       {"column", std::int64_t{error.at.column}},
       {"error", error.at.message}});
  return nullptr;
}

void ProjectGroupings::Compile(ProjectId project, const ProjectGrouping& setup, Compiled& out) {
  if (out.setup.current != setup.current || !out.current) {
    auto current = TryCompile(project, setup.current);
    if (current) out.current = std::move(current);  // else what was good before goes on
  }
  out.previous = setup.previous ? TryCompile(project, *setup.previous) : nullptr;
  out.setup = setup;
}

ProjectGroupings::Choice ProjectGroupings::For(ProjectId project, Timestamp received_at) {
  const Choice plain{&default_, nullptr, 0};
  if (directory_ == nullptr) return plain;
  const auto snapshot = directory_->Current();
  const ProjectEntry* entry = snapshot->FindProject(project);
  if (entry == nullptr) return plain;
  const ProjectGrouping& setup = entry->grouping;
  auto it = compiled_.find(project);
  if (it == compiled_.end()) {
    if (setup == ProjectGrouping{}) return plain;
    if (compiled_.size() >= kCompiledProjectsMax) compiled_.clear();
    it = compiled_.emplace(project, Compiled{}).first;
    Compile(project, setup, it->second);
  } else if (it->second.seen != snapshot->version && it->second.setup != setup) {
    Compile(project, setup, it->second);
  }
  it->second.seen = snapshot->version;
  const Compiled& compiled = it->second;
  Choice choice;
  choice.current = compiled.current ? compiled.current.get() : &default_;
  if (received_at < setup.transition_until) choice.previous = compiled.previous.get();
  choice.version = setup.current.version;
  return choice;
}

}  // namespace mishap
