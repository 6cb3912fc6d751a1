// ProjectGroupings: which version of grouping an event's project has right now, compiled once per
// version. One per thread, so that nothing is locked for an event. A stored rule that cannot be
// read never stops the digest: the version before it goes on, and the log says why.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>

#include "base/clock.h"
#include "base/ids.h"
#include "event/project_directory.h"
#include "grouping/grouping_version.h"

namespace mishap {

// Compiled versions are kept for this many projects; a busier server compiles again now and then.
inline constexpr std::size_t kCompiledProjectsMax = 1'000;

class ProjectGroupings {
 public:
  // Every project by this algorithm, without rules.
  ProjectGroupings(const GroupingAlgorithm& algorithm);  // NOLINT: meant to convert
  // directory outlives this. find: see grouping_version.h.
  ProjectGroupings(const ProjectDirectory& directory, AlgorithmFinder find);

  struct Choice {
    const GroupingVersion* current = nullptr;
    const GroupingVersion* previous = nullptr;  // null outside of a transition
    std::int32_t version = 0;
  };
  // Valid until the next call.
  Choice For(ProjectId project, Timestamp received_at);

 private:
  struct Compiled {
    std::int64_t seen = 0;  // the directory's version this was compared with
    ProjectGrouping setup;
    std::unique_ptr<GroupingVersion> current;   // null: the default
    std::unique_ptr<GroupingVersion> previous;  // null: none
  };
  void Compile(ProjectId project, const ProjectGrouping& setup, Compiled& out);
  std::unique_ptr<GroupingVersion> TryCompile(ProjectId project, const GroupingSetup& setup) const;

  const ProjectDirectory* directory_ = nullptr;
  AlgorithmFinder find_;
  GroupingVersion default_;
  std::unordered_map<ProjectId, Compiled> compiled_;
};

}  // namespace mishap
