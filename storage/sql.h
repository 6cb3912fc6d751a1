// Named SQL. Statements live in storage/queries/*.sql, each under a line `-- name: some_name`; they
// are embedded in the binary and prepared under that name on first use of a connection
// (queries/README.md). No SQL text stands in C++ beyond session settings and DDL whose table name
// is computed.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace mishap {

// The statement of that name, without its trailing ';'. Asking for a name that no file has is a bug
// and ends the process with a message that says the name (a unit test asks for every name used in
// this room).
std::string_view Sql(std::string_view name);
std::vector<std::string_view> SqlNames();  // sorted

// Splits one file. Errors: a doubled name, text before the first name, an empty statement.
Result<std::map<std::string, std::string, std::less<>>> ParseNamedSql(std::string_view text);

}  // namespace mishap
