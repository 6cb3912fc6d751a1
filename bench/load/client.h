// Client: an open-loop HTTP/1.1 load on one thread over epoll. Events leave on schedule whether or
// not the server keeps up; latency counts from the scheduled moment, so a stall is seen by
// everybody who had to wait. Not a general HTTP client.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "bench/load/event_maker.h"
#include "bench/load/ledger.h"

namespace mishap::load {

struct LoadOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
  std::int64_t project = 1;
  std::string public_key;
  EventShape shape;
  std::uint64_t first_index = 0;
  std::uint64_t count = 1000;
  double rate = 0;  // events per second; 0 = as fast as the connections allow (closed loop)
  std::uint32_t connections = 64;
  bool keep_alive = true;
  // Resend events without an answer (same event_id) until acknowledged, at most this long after the
  // last scheduled one.
  double resend_seconds = 0;
};

struct LoadReport {
  std::uint64_t sent = 0;  // distinct events that left at least once
  std::uint64_t acknowledged = 0;
  std::uint64_t unknown = 0;
  std::map<int, std::uint64_t> refused;  // by status
  double seconds = 0;                    // first send to last answer
  std::vector<double> ack_ms;            // sorted

  double Percentile(double p) const;  // of ack_ms; 0 when empty
};

// Blocks until everything was answered or given up, or `stop` becomes true.
LoadReport RunLoad(const LoadOptions& options, Ledger& ledger, const std::atomic<bool>& stop);

}  // namespace mishap::load
