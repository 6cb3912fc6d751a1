// Counters, gauges and histograms in Prometheus' text form. Label values come from closed enums
// only (never a project, issue or user). One Metrics object is made in server/wiring.cc and lent to
// whoever counts.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace mishap {

class Counter {
 public:
  void Add(std::int64_t n = 1) { value_.fetch_add(n, std::memory_order_relaxed); }
  std::int64_t Value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::int64_t> value_{0};
};

class Gauge {
 public:
  void Set(std::int64_t value) { value_.store(value, std::memory_order_relaxed); }
  void Add(std::int64_t n) { value_.fetch_add(n, std::memory_order_relaxed); }
  std::int64_t Value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::int64_t> value_{0};
};

// Seconds, in fixed buckets from 0.5 ms to 10 s.
class Histogram {
 public:
  void Observe(double seconds);

 private:
  friend class Metrics;
  static constexpr double kBounds[] = {.0005, .001, .0025, .005, .01, .025, .05,
                                       .1,    .25,  .5,    1,    2.5, 5,    10};
  static constexpr std::size_t kBuckets = sizeof kBounds / sizeof kBounds[0] + 1;
  std::atomic<std::int64_t> counts_[kBuckets]{};
  std::atomic<std::int64_t> sum_micros_{0};
};

class Metrics {
 public:
  // The same (name, labels) gives the same object, for the life of the Metrics. labels:
  // `outcome="accepted"` or "".
  Counter& GetCounter(std::string_view name, std::string_view help, std::string_view labels = "");
  Gauge& GetGauge(std::string_view name, std::string_view help, std::string_view labels = "");
  Histogram& GetHistogram(std::string_view name, std::string_view help,
                          std::string_view labels = "");
  // A gauge computed when it is read.
  void AddCallback(std::string_view name, std::string_view help, std::function<double()> read);

  std::string Exposition() const;  // text/plain; version=0.0.4

 private:
  struct Family;
  Family& FamilyOf(std::string_view name, std::string_view help, std::string_view type);

  mutable std::mutex mutex_;
  std::map<std::string, std::unique_ptr<Family>, std::less<>> families_;

 public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;
};

}  // namespace mishap
