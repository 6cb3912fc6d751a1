// How many issues each of several searches finds (the page's counters).
#include <algorithm>

#include "api/issue_query.h"
#include "api/resources.h"
#include "base/json_writer.h"

namespace mishap {
namespace {

constexpr std::size_t kQueriesMax = 20;

}  // namespace

// {"is:unresolved": 12, ...}: counted up to 1,000, or 100 where events are looked at one by one.
Answer CountIssuesOfOrganization(ApiCall& call) {
  auto texts = call.query.All("query");
  if (texts.empty()) return BadRequest("query is required, once for each count");
  if (texts.size() > kQueriesMax) {
    return BadRequest("At most " + std::to_string(kQueriesMax) +
                      " queries can be counted at once.");
  }
  std::string body;
  JsonWriter json(body);
  json.BeginObject();
  for (std::size_t i = 0; i < texts.size(); ++i) {
    auto begin = texts.begin();
    auto end = begin + static_cast<std::ptrdiff_t>(i);
    if (std::find(begin, end, texts[i]) != end) continue;  // a key of the answer stands once
    auto query = IssueQueryOfOrganization(call, texts[i]);
    if (!query) return Fail(query.error());
    auto count = CountIssues(call.session, query->scope, query->filter);
    if (!count) return Fail(count.error());
    json.Field(texts[i], count->hits);
  }
  json.EndObject();
  return RespondJson(200, std::move(body));
}

}  // namespace mishap
