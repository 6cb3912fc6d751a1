// One row of a user report's columns, in the order of the queries user_report*. Inside storage
// only: it shows pqxx.
#pragma once

#include "storage/read_rows.h"
#include "storage/typed/read_records.h"

namespace mishap {

UserReportRow UserReportRowOf(const pqxx::row& row);

}  // namespace mishap
