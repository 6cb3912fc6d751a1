// The data sets that tools ask /events/ for (web-api 2.12).
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace mishap {

struct DataSet {
  std::string name;      // as asked; "errors" by default
  bool is_kept = false;  // errors are; of the others there is nothing
};

// Errors: invalid_argument for a name that nobody knows.
Result<DataSet> DataSetOf(std::string_view name);

}  // namespace mishap
