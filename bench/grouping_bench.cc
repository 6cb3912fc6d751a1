// What grouping costs on one core: a 50-frame event warm and cold, the explanation, and the
// parameteriser, and finding a key that is known. --json FILE writes group_us_p50, group_us_p99,
// parameterise_200b_us, cold_us and resolve_us instead (medians of single runs). --repeat N groups
// one event N times and does nothing else, for callgrind.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "event/event.h"
#include "grouping/g1/parameterise.h"
#include "grouping/grouping.h"
#include "storage/row_memory.h"

namespace mishap {
namespace {

// 50 frames of a Python web request, every fifth in-app. salt: part of every function's name.
Event FiftyFrames(const std::string& salt) {
  Event event;
  event.type = "error";
  event.platform = "python";
  Exception exception;
  exception.type = "ValueError";
  exception.value = "Cart 550e8400-e29b-41d4-a716-446655440000 of user 4711 is locked";
  exception.stacktrace = Stacktrace{};
  for (int i = 0; i < 50; ++i) {
    Frame frame;
    const bool app = i % 5 == 4;
    const std::string n = std::to_string(i);
    frame.function = "Handler" + n + ".process_request" + salt;
    frame.module = app ? "shop.views.cart" + n : "framework.core.handlers" + n;
    frame.filename = app ? "shop/views/cart.py" : "framework/core/handlers.py";
    frame.abs_path =
        (app ? "/srv/app/shop/views/cart" : "/usr/lib/python3/dist-packages/framework/") + n +
        ".py";
    frame.context_line = "        response = self.dispatch(request, *args, **kwargs)";
    frame.lineno = 100 + static_cast<std::uint32_t>(i);
    frame.in_app = app;
    exception.stacktrace->frames.push_back(std::move(frame));
  }
  event.exceptions.push_back(std::move(exception));
  return event;
}

void GroupWarm(benchmark::State& state) {
  const Event event = FiftyFrames("");
  for (auto _ : state) benchmark::DoNotOptimize(CurrentGrouping().Group(event));
}
BENCHMARK(GroupWarm);

// Never the same frame twice: the memo does not help.
void GroupCold(benchmark::State& state) {
  std::vector<Event> events;
  for (int i = 0; i < 400; ++i) events.push_back(FiftyFrames(std::to_string(i)));
  std::size_t next = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(CurrentGrouping().Group(events[next]));
    next = next + 1 == events.size() ? 0 : next + 1;
  }
}
BENCHMARK(GroupCold);

void Explain(benchmark::State& state) {
  const Event event = FiftyFrames("");
  for (auto _ : state) benchmark::DoNotOptimize(CurrentGrouping().Explain(event));
}
BENCHMARK(Explain);

void ParameteriseText(benchmark::State& state, const std::string& text) {
  std::string storage;
  std::string out;
  for (auto _ : state) {
    out.clear();
    g1::ParameteriseCut(g1::CutText(text, storage), out, nullptr);
    benchmark::DoNotOptimize(out.data());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}

std::string Repeated(std::string_view piece, std::size_t bytes) {
  std::string text;
  while (text.size() < bytes) text += piece;
  return text.substr(0, bytes);
}

const std::string kMessage200 = Repeated(
    "Could not update the order 4711 of customer 550e8400-e29b-41d4-a716-446655440000: "
    "the payment service at https://pay.acme.io/v2/charges/99 did not answer "
    "within 1500 ms, HTTP 503 after 3 retries on node db-7.acme.internal",
    200);

BENCHMARK_CAPTURE(ParameteriseText, message200, kMessage200);
BENCHMARK_CAPTURE(
    ParameteriseText, prose200,
    Repeated("the quick brown fox could not jump over the lazy dog because it was tired, ", 200));
BENCHMARK_CAPTURE(ParameteriseText, prose8k, Repeated("the quick brown fox jumps over ", 8192));
BENCHMARK_CAPTURE(ParameteriseText, colons8k, Repeated("1:1:", 8192));

// Microseconds of each of `runs` calls, sorted.
template <class Run>
std::vector<double> Timed(int runs, const Run& run) {
  std::vector<double> took;
  for (int i = 0; i < runs; ++i) {
    const auto start = std::chrono::steady_clock::now();
    run(static_cast<std::size_t>(i));
    const std::chrono::duration<double, std::micro> one = std::chrono::steady_clock::now() - start;
    took.push_back(one.count());
  }
  std::sort(took.begin(), took.end());
  return took;
}

// The digest's memory of hash rows, as full as it gets, asked for one of them.
double ResolveMicros() {
  constexpr std::uint32_t kKeys = kHashFactsMax / 2;
  const auto key = [](std::uint32_t n) {
    HashKey out{1, 1, 1, {}};
    std::uint64_t x = n;
    for (auto& byte : out.hash.bytes) {
      x = x * 6364136223846793005ULL + 1442695040888963407ULL;
      byte = static_cast<std::uint8_t>(x >> 56);
    }
    return out;
  };
  RowMemory known;
  known.SetEpoch(1, 0);
  for (std::uint32_t n = 0; n < kKeys; ++n) known.Add(key(n), {n, 0});
  constexpr std::uint32_t kBatch = 200;
  std::uint64_t at = 0;
  std::vector<HashKey> asked(kBatch);
  std::vector<double> took;
  for (int run = 0; run < 2'000; ++run) {
    for (HashKey& one : asked) {
      at = at * 6364136223846793005ULL + 1442695040888963407ULL;
      one = key(static_cast<std::uint32_t>((at >> 33) % kKeys));
    }
    const auto start = std::chrono::steady_clock::now();
    for (const HashKey& one : asked) benchmark::DoNotOptimize(known.Find(one));
    const std::chrono::duration<double, std::micro> all = std::chrono::steady_clock::now() - start;
    took.push_back(all.count() / kBatch);
  }
  std::sort(took.begin(), took.end());
  return took[took.size() / 2];
}

int Repeat(int times) {
  const Event event = FiftyFrames("");
  for (int i = 0; i < times; ++i) benchmark::DoNotOptimize(CurrentGrouping().Group(event));
  return 0;
}

int WriteFigures(const char* path) {
  const Event warm = FiftyFrames("");
  const auto group = [](const Event& event) {
    benchmark::DoNotOptimize(CurrentGrouping().Group(event));
  };
  Timed(1'000, [&](std::size_t) { group(warm); });
  const auto warm_us = Timed(20'000, [&](std::size_t) { group(warm); });
  std::vector<Event> events;
  for (int i = 0; i < 1'000; ++i) events.push_back(FiftyFrames(std::to_string(i)));
  const auto cold_us = Timed(1'000, [&](std::size_t i) { group(events[i]); });
  std::string storage;
  std::string out;
  constexpr int kBatch = 100;  // one call is too short for the clock
  const auto text_us = Timed(2'000, [&](std::size_t) {
    for (int i = 0; i < kBatch; ++i) {
      out.clear();
      g1::ParameteriseCut(g1::CutText(kMessage200, storage), out, nullptr);
      benchmark::DoNotOptimize(out.data());
    }
  });
  std::ofstream file(path);
  file << "{\"group_us_p50\":" << warm_us[warm_us.size() / 2]
       << ",\"group_us_p99\":" << warm_us[warm_us.size() * 99 / 100]
       << ",\"parameterise_200b_us\":" << text_us[text_us.size() / 2] / kBatch
       << ",\"cold_us\":" << cold_us[cold_us.size() / 2] << ",\"resolve_us\":" << ResolveMicros()
       << "}\n";
  return file.good() ? 0 : 1;
}

}  // namespace
}  // namespace mishap

int main(int argc, char** argv) {
  if (argc == 3 && std::string_view(argv[1]) == "--json") return mishap::WriteFigures(argv[2]);
  if (argc == 3 && std::string_view(argv[1]) == "--repeat") {
    return mishap::Repeat(std::atoi(argv[2]));
  }
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
