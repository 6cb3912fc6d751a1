// A user report as the API shows it (web-api 2.9). Pure.
#pragma once

#include "base/json_writer.h"
#include "storage/typed/read_records.h"

namespace mishap {

void WriteReport(const UserReportRow& row, JsonWriter& json);

}  // namespace mishap
