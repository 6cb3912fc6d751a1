// The fields of an issue update beside the status: who, how important, personal flags, merge and
// discard. Part of update_body.cc; shows JSON values, so .cc files only.
#pragma once

#include <boost/json.hpp>

#include "api/triage/update_body.h"

namespace mishap {

using Problem = std::optional<HttpMessageResponse>;  // the 400 answer

Problem TakeFields(const boost::json::object& body, IssueUpdate& out);

}  // namespace mishap
