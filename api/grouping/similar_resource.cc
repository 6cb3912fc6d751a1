// Issues that look like one: suggestions for a merge, best first. Nothing is done by itself.
#include <algorithm>
#include <map>
#include <utility>

#include "api/grouping/resources.h"
#include "api/issue_shape.h"
#include "grouping/similar.h"
#include "storage/similar/similar_store.h"

namespace mishap {
namespace {

constexpr int kSamplesPerIssue = 5;
constexpr int kCandidateRowsMax = 1024;
constexpr std::size_t kShownMax = 20;

struct Suggestion {
  IssueId issue;
  Similarity similarity;
};

SimilarSample SampleOf(const SimilarRow& row) {
  return {row.frames, row.type, row.words};
}

std::vector<std::uint64_t> Distinct(std::vector<std::uint64_t> values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

Result<FrameRarity> RarityOf(ApiCall& call, const IssueOnPath& found,
                             const std::vector<SimilarRow>& own,
                             const std::vector<SimilarRow>& others) {
  std::vector<std::uint64_t> frames;
  for (const auto* rows : {&own, &others}) {
    for (const SimilarRow& row : *rows) {
      frames.insert(frames.end(), row.frames.begin(), row.frames.end());
    }
  }
  auto counts = ReadFrameCounts(call.session, found.scope, found.issue.id, Distinct(frames));
  if (!counts) return Fail(counts.error());
  return FrameRarity{std::move(counts->samples), counts->total};
}

// The best of all pairs of samples, issue by issue.
std::vector<Suggestion> Ranked(const std::vector<SimilarRow>& own,
                               const std::vector<SimilarRow>& others, const FrameRarity& rarity) {
  std::map<IssueId, Similarity> best;
  std::map<IssueId, int> samples;
  for (const SimilarRow& other : others) {
    if (samples[other.issue]++ >= kSamplesPerIssue) continue;
    for (const SimilarRow& mine : own) {
      const Similarity now = Compare(SampleOf(mine), SampleOf(other), rarity);
      auto [known, first] = best.emplace(other.issue, now);
      if (!first && now.score > known->second.score) known->second = now;
    }
  }
  std::vector<Suggestion> out;
  for (const auto& [issue, similarity] : best) {
    if (similarity.score >= kSimilarShown) out.push_back({issue, similarity});
  }
  std::sort(out.begin(), out.end(), [](const Suggestion& a, const Suggestion& b) {
    const double first = a.similarity.score;
    const double second = b.similarity.score;
    return first != second ? first > second : a.issue > b.issue;
  });
  if (out.size() > kShownMax) out.resize(kShownMax);
  return out;
}

Result<std::vector<Suggestion>> SuggestionsFor(ApiCall& call, const IssueOnPath& found) {
  const IssueId issue = found.issue.id;
  auto own = ReadSimilarOfIssue(call.session, found.scope, issue, kSamplesPerIssue);
  if (!own) return Fail(own.error());
  std::vector<std::uint64_t> bands;
  for (const SimilarRow& row : *own) bands.insert(bands.end(), row.bands.begin(), row.bands.end());
  if (bands.empty()) return std::vector<Suggestion>();
  auto others =
      ReadSimilarCandidates(call.session, found.scope, issue, Distinct(bands), kCandidateRowsMax);
  if (!others) return Fail(others.error());
  auto rarity = RarityOf(call, found, *own, *others);
  if (!rarity) return Fail(rarity.error());
  return Ranked(*own, *others, *rarity);
}

}  // namespace

Answer ListSimilarIssues(ApiCall& call) {
  auto found = IssueFromPath(call);
  if (!found) return Fail(found.error());
  auto suggestions = SuggestionsFor(call, *found);
  if (!suggestions) return Fail(suggestions.error());
  const std::string url = call.public_url + "/organizations/" + found->scope.OrganizationSlug();
  std::string body;
  JsonWriter json(body);
  json.BeginArray();
  for (const Suggestion& suggestion : *suggestions) {
    auto issue = ReadIssue(call.session, found->scope, suggestion.issue);
    if (!issue && issue.error().reason == Reason::kNotFound) continue;  // deleted meanwhile
    if (!issue) return Fail(issue.error());
    IssueView view{*issue, found->project, url, issue->times_seen, {}, {}, {}};
    json.BeginObject().Key("issue");
    WriteListedIssue(view, json);
    json.Key("score").Double(suggestion.similarity.score);
    json.Key("stack").Double(suggestion.similarity.stack);
    json.Key("words").Double(suggestion.similarity.words);
    json.Field("sameType", suggestion.similarity.same_type).EndObject();
  }
  json.EndArray();
  return RespondJson(200, std::move(body));
}

}  // namespace mishap
