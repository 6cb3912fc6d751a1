// The OpenAPI 3.1 document: the route table together with the descriptions that stand beside each
// subject's routes (api/<subject>/openapi.json). Methods, paths and permissions come from the table
// and nowhere else; what the descriptions miss, double or invent is a problem that a test shows.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/routes.h"

namespace mishap {

// One api/<subject>/openapi.json.
struct ApiDescription {
  std::string_view subject;
  std::string_view text;
};
// All of them, as embedded in the binary.
const std::vector<ApiDescription>& ApiDescriptions();

struct OpenApiDocument {
  std::string json;
  std::vector<std::string> problems;  // empty unless table and descriptions disagree
};
OpenApiDocument ComposeOpenApi(const std::vector<Route>& routes,
                               const std::vector<ApiDescription>& descriptions);

// The document of this binary, composed once.
const OpenApiDocument& OpenApi();

}  // namespace mishap
