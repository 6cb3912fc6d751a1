#include "base/metrics.h"

#include <fmt/format.h>

#include <iterator>

namespace mishap {

struct Metrics::Family {
  std::string help;
  std::string type;
  std::map<std::string, std::unique_ptr<Counter>, std::less<>> counters;
  std::map<std::string, std::unique_ptr<Gauge>, std::less<>> gauges;
  std::map<std::string, std::unique_ptr<Histogram>, std::less<>> histograms;
  std::function<double()> callback;
};

Metrics::Metrics() = default;
Metrics::~Metrics() = default;

void Histogram::Observe(double seconds) {
  std::size_t bucket = 0;
  while (bucket < kBuckets - 1 && seconds > kBounds[bucket]) ++bucket;
  counts_[bucket].fetch_add(1, std::memory_order_relaxed);
  sum_micros_.fetch_add(static_cast<std::int64_t>(seconds * 1e6), std::memory_order_relaxed);
}

Metrics::Family& Metrics::FamilyOf(std::string_view name, std::string_view help,
                                   std::string_view type) {
  auto it = families_.find(name);
  if (it == families_.end()) {
    it = families_.emplace(std::string(name), std::make_unique<Family>()).first;
    it->second->help = help;
    it->second->type = type;
  }
  return *it->second;
}

namespace {

template <class T>
T& FindOrMake(std::map<std::string, std::unique_ptr<T>, std::less<>>& map, std::string_view key) {
  auto it = map.find(key);
  if (it == map.end()) it = map.emplace(std::string(key), std::make_unique<T>()).first;
  return *it->second;
}

std::string Series(std::string_view name, std::string_view labels) {
  return labels.empty() ? std::string(name) : fmt::format("{}{{{}}}", name, labels);
}

}  // namespace

Counter& Metrics::GetCounter(std::string_view name, std::string_view help,
                             std::string_view labels) {
  std::lock_guard lock(mutex_);
  return FindOrMake(FamilyOf(name, help, "counter").counters, labels);
}

Gauge& Metrics::GetGauge(std::string_view name, std::string_view help, std::string_view labels) {
  std::lock_guard lock(mutex_);
  return FindOrMake(FamilyOf(name, help, "gauge").gauges, labels);
}

Histogram& Metrics::GetHistogram(std::string_view name, std::string_view help,
                                 std::string_view labels) {
  std::lock_guard lock(mutex_);
  return FindOrMake(FamilyOf(name, help, "histogram").histograms, labels);
}

void Metrics::AddCallback(std::string_view name, std::string_view help,
                          std::function<double()> read) {
  std::lock_guard lock(mutex_);
  FamilyOf(name, help, "gauge").callback = std::move(read);
}

std::string Metrics::Exposition() const {
  std::lock_guard lock(mutex_);
  std::string out;
  auto to = std::back_inserter(out);
  for (const auto& [name, family] : families_) {
    fmt::format_to(to, "# HELP {} {}\n# TYPE {} {}\n", name, family->help, name, family->type);
    if (family->callback) fmt::format_to(to, "{} {}\n", name, family->callback());
    for (const auto& [labels, counter] : family->counters) {
      fmt::format_to(to, "{} {}\n", Series(name, labels), counter->Value());
    }
    for (const auto& [labels, gauge] : family->gauges) {
      fmt::format_to(to, "{} {}\n", Series(name, labels), gauge->Value());
    }
    for (const auto& [labels, histogram] : family->histograms) {
      std::int64_t total = 0;
      std::string prefix = labels.empty() ? "" : labels + ",";
      for (std::size_t i = 0; i < Histogram::kBuckets; ++i) {
        total += histogram->counts_[i].load(std::memory_order_relaxed);
        std::string bound = i + 1 < Histogram::kBuckets ? fmt::format("{}", Histogram::kBounds[i])
                                                        : std::string("+Inf");
        fmt::format_to(to, "{}_bucket{{{}le=\"{}\"}} {}\n", name, prefix, bound, total);
      }
      double sum = static_cast<double>(histogram->sum_micros_.load()) / 1e6;
      fmt::format_to(to, "{} {}\n{} {}\n", Series(name + "_sum", labels), sum,
                     Series(name + "_count", labels), total);
    }
  }
  return out;
}

}  // namespace mishap
