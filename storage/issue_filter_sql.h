// IssueFilter as SQL conditions on `i`. Inside storage.
#pragma once

#include <string>

#include "storage/read_issues.h"
#include "storage/sql_template.h"

namespace mishap {

// start, end: the placeholders of the window's parameters. Returns "and ... and ..." or "".
std::string IssueConditions(const IssueFilter& filter, const std::string& start,
                            const std::string& end, SqlTemplate& sql);

}  // namespace mishap
