// What one event costs between the envelope and the spool: read, normalise, scrub, write, compress.
// Two events of the usual sizes, built here so that the figures do not depend on files;
// microseconds of one core.
#include <benchmark/benchmark.h>
#include <fmt/core.h>

#include "base/random.h"
#include "event/event_json.h"
#include "event/payload_codec.h"
#include "ingest/event_stage.h"
#include "ingest/normalise.h"
#include "ingest/scrub.h"

namespace mishap {
namespace {

std::string FrameJson(int i) {
  return fmt::format(
      R"j({{"filename":"shop/views/order_{0}.py","abs_path":"/srv/app/shop/views/order_{0}.py",)j"
      R"j("function":"handle_{0}","module":"shop.views.order_{0}","lineno":{1},"pre_context":[)j"
      R"j("    cart = load_cart(request)","    if not cart:","        return redirect(\"/\")",""],)j"
      R"j("context_line":"    total = cart.total(currency, items_{0})","post_context":[)j"
      R"j("    return render(request, total)","",""],"vars":{{"self":"<Order {0}>","currency":"'EUR'",)j"
      R"j("attempts":["1","2"],"request":"<WSGIRequest: POST '/order/{0}'>"}},"in_app":{2}}})j",
      i, 40 + i, i % 3 == 0 ? "true" : "false");
}

// A Python event of about 560 bytes a frame and 1,000 beside them.
std::string EventOf(int frames) {
  std::string stack;
  for (int i = 0; i < frames; ++i) stack += (i > 0 ? "," : "") + FrameJson(i);
  return fmt::format(
      R"j({{"event_id":"9ec79c33ec9942ab8353589fcb2e04dc","level":"error","platform":"python",)j"
      R"j("timestamp":"2026-05-01T10:00:00.123456Z","server_name":"web-1","release":"shop@1.4.2",)j"
      R"j("environment":"production","transaction":"/order","exception":{{"values":[{{"module":null,)j"
      R"j("type":"KeyError","value":"'quantity'","mechanism":{{"type":"django","handled":false}},)j"
      R"j("stacktrace":{{"frames":[{}]}}}}]}},"user":{{"id":"42","email":"jo@shop.example"}},)j"
      R"j("request":{{"method":"POST","url":"http://shop.example/order?id=7","headers":{{)j"
      R"j("Host":"shop.example","User-Agent":"Mozilla/5.0 (X11; Linux x86_64)"}}}},)j"
      R"j("tags":{{"tenant":"acme"}},"breadcrumbs":{{"values":[{{"type":"log","category":"shop",)j"
      R"j("level":"info","message":"cart loaded","timestamp":"2026-05-01T09:59:59.5Z"}}]}},)j"
      R"j("contexts":{{"runtime":{{"name":"CPython","version":"3.11.2"}},"trace":{{"trace_id":)j"
      R"j("771a43a4192642f0b136d5159a501700","span_id":"a1c0a29fe9bc0a52"}}}},)j"
      R"j("extra":{{"sys.argv":["manage.py"]}},"modules":{{"django":"5.0","redis":"5.0.1"}},)j"
      R"j("sdk":{{"name":"sentry.python","version":"2.1.0","integrations":["django","logging"],)j"
      R"j("packages":[{{"name":"pypi:sentry-sdk","version":"2.1.0"}}]}}}})j",
      stack);
}

EventContext Context(const ProjectEntry& project) {
  EventContext context;
  context.project = &project;
  context.received_at = *ParseTimestamp("2026-05-01T10:00:01Z");
  return context;
}

// range(0): frames. 4 make about 3 KB, 11 about 7 KB.
void Sizes(benchmark::internal::Benchmark* bench) {
  bench->Arg(4)->Arg(11)->Unit(benchmark::kMicrosecond);
}

void Report(benchmark::State& state, const std::string& json) {
  state.counters["bytes"] = static_cast<double>(json.size());
}

void Read(benchmark::State& state) {
  const std::string json = EventOf(static_cast<int>(state.range(0)));
  EventReader reader;
  for (auto _ : state) benchmark::DoNotOptimize(reader.Read(json));
  Report(state, json);
}
BENCHMARK(Read)->Apply(Sizes);

void NormalizeOnly(benchmark::State& state) {
  const std::string json = EventOf(static_cast<int>(state.range(0)));
  const Event event = *EventReader().Read(json);
  ProjectEntry project;
  for (auto _ : state) {
    state.PauseTiming();
    Event copy = event;
    state.ResumeTiming();
    Normalize(copy, Context(project));
  }
}
BENCHMARK(NormalizeOnly)->Apply(Sizes);

void ScrubOnly(benchmark::State& state) {
  Event event = *EventReader().Read(EventOf(static_cast<int>(state.range(0))));
  ProjectEntry project;
  for (auto _ : state) Scrub(event, project);
}
BENCHMARK(ScrubOnly)->Apply(Sizes);

void Write(benchmark::State& state) {
  const Event event = *EventReader().Read(EventOf(static_cast<int>(state.range(0))));
  for (auto _ : state) benchmark::DoNotOptimize(WriteEventJson(event));
}
BENCHMARK(Write)->Apply(Sizes);

void Compress(benchmark::State& state) {
  const std::string json = EventOf(static_cast<int>(state.range(0)));
  PayloadCodec codec;
  std::size_t bytes = 0;
  for (auto _ : state) bytes = codec.Compress(json).size();
  state.counters["bytes"] = static_cast<double>(bytes);
}
BENCHMARK(Compress)->Apply(Sizes);

void Decompress(benchmark::State& state) {
  PayloadCodec codec;
  const std::string frame = codec.Compress(EventOf(static_cast<int>(state.range(0))));
  for (auto _ : state) benchmark::DoNotOptimize(codec.Decompress(frame, 1 << 20));
}
BENCHMARK(Decompress)->Apply(Sizes);

// The whole way of a worker.
void StageAndCompress(benchmark::State& state) {
  const std::string json = EventOf(static_cast<int>(state.range(0)));
  SystemRandom random;
  ProjectEntry project;
  auto stage = MakeEventStage(random);
  PayloadCodec codec;
  for (auto _ : state) {
    auto ready = stage->Run(json, Context(project));
    benchmark::DoNotOptimize(codec.Compress(ready->canonical_json));
  }
  Report(state, json);
}
BENCHMARK(StageAndCompress)->Apply(Sizes);

}  // namespace
}  // namespace mishap

BENCHMARK_MAIN();
