// multipart/form-data, as crash reporters and forms send it (RFC 7578): parts as slices of the
// body. Not here: what the parts mean.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace mishap {

struct FormPart {
  std::string name;
  std::string filename;           // empty: a text field
  std::string_view body;          // into the form: valid while that lives
  std::string content_type = {};  // the part's own, or empty
};

// The boundary of a Content-Type, or empty if it is not multipart/form-data with one.
std::string_view FormBoundary(std::string_view content_type);

// The boundary a form itself begins with ("--boundary" and a line end), or empty: for a form inside
// a part, whose Content-Type is lost.
std::string_view LeadingBoundary(std::string_view form);

// Errors: invalid_argument (no part, a part without end or name or with headers above 8 KiB),
// too_large (more than parts_max). The closing boundary may be missing its dashes or its line end.
Result<std::vector<FormPart>> ReadForm(std::string_view body, std::string_view boundary,
                                       std::size_t parts_max);

}  // namespace mishap
