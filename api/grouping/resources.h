// Resources of grouping: what issues are made of, what people change about it, and why it is so.
#pragma once

#include "api/call.h"

namespace mishap {

// setup_resource.cc
Answer GetGrouping(ApiCall& call);
Answer PutGrouping(ApiCall& call);
Answer ListGroupingVersions(ApiCall& call);
Answer PostGroupingPreview(ApiCall& call);
// The fields groupingEnhancements, fingerprintingRules and groupingConfig of a project's PUT, where
// they are present. A value is the 400 answer.
Result<std::optional<HttpMessageResponse>> ChangeGroupingOfProject(ApiCall& call,
                                                                   const ProjectOnPath& found,
                                                                   std::string_view body);
// regroup_resource.cc
Answer UnmergeIssueHashes(ApiCall& call);
Answer GetSplitOffers(ApiCall& call);
Answer PostSplit(ApiCall& call);
Answer PostDiscard(ApiCall& call);
Answer PostFloodRelease(ApiCall& call);
Answer ListGroupingLog(ApiCall& call);
Answer PostUndo(ApiCall& call);
// event_grouping_resource.cc
Answer ExplainEvent(ApiCall& call);
Answer CompareEvents(ApiCall& call);
// similar_resource.cc
Answer ListSimilarIssues(ApiCall& call);

}  // namespace mishap
