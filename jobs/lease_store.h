// Port: who runs a background job now (decisions 2.10). By database time, so that two servers with
// different clocks agree.
#pragma once

#include <chrono>
#include <string_view>

#include "base/result.h"

namespace mishap {

class LeaseStore {
 public:
  virtual ~LeaseStore() = default;
  // True: `holder` holds the job for the lease's time (30 s). False: it is not due, or another
  // holder has it.
  virtual Result<bool> Claim(std::string_view job, std::string_view holder) = 0;
  // False: the lease was lost.
  virtual Result<bool> Renew(std::string_view job, std::string_view holder) = 0;
  // Gives the lease back; due again after `next_run`. error empty: it succeeded.
  virtual Status Finish(std::string_view job, std::string_view holder,
                        std::chrono::seconds next_run, std::string_view error) = 0;
};

}  // namespace mishap
