#include "bench/load/event_maker.h"

#include <fmt/format.h>

#include <array>
#include <cstring>
#include <string_view>

#include "base/json_writer.h"

namespace mishap::load {
namespace {

// splitmix64: a full-period mixer, so that every (seed, index, lane) gives independent-looking
// bits.
std::uint64_t Mix(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15ull;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ull;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBull;
  return x ^ (x >> 31);
}

std::uint64_t Draw(const EventShape& shape, std::uint64_t index, std::uint64_t lane) {
  return Mix(Mix(Mix(shape.seed) ^ index) ^ lane);
}

constexpr std::array<std::string_view, 8> kModules = {
    "shop.web.middleware", "shop.web.views",     "shop.orders.service", "shop.orders.pricing",
    "shop.stock.ledger",   "shop.billing.vault", "django.core.runner",  "urllib3.connectionpool"};

constexpr std::array<std::string_view, 6> kCode = {
    "total = sum(line.price for line in order.lines)", "if not warehouse.reserve(order.sku):",
    "response = session.post(url, json=payload)",      "connection = pool.acquire(timeout=2)",
    "return self.render(template, basket=basket)",     "raise PaymentRefused(card.brand, amount)"};

void WriteFrame(JsonWriter& json, std::uint32_t issue, std::size_t depth) {
  // The two outermost frames belong to libraries; the six nearest the crash are the application's.
  bool in_app = depth >= 2;
  std::string_view module = kModules[in_app ? depth - 2 : depth + 6];
  std::uint64_t salt = Mix(issue * 16 + depth);
  std::string path(module);
  for (char& c : path) {
    if (c == '.') c = '/';
  }
  std::string function = fmt::format("step_{}_{}", in_app ? issue : 0, depth);
  json.BeginObject();
  json.Field("filename", path + ".py").Field("function", function).Field("module", module);
  json.Field("lineno", static_cast<std::int64_t>(20 + salt % 400)).Field("in_app", in_app);
  json.Key("pre_context").BeginArray();
  json.String("def " + function + "(self, order):").EndArray();
  json.Field("context_line", kCode[salt % kCode.size()]);
  json.EndObject();
}

void WriteException(JsonWriter& json, const ExpectedEvent& expected) {
  json.Key("exception").BeginObject().Key("values").BeginArray().BeginObject();
  json.Field("type", expected.exception_type).Field("value", expected.exception_value);
  json.Key("mechanism").BeginObject().Field("type", "generic").Field("handled", true).EndObject();
  json.Key("stacktrace").BeginObject().Key("frames").BeginArray();
  for (std::size_t depth = 0; depth < 8; ++depth) WriteFrame(json, expected.issue, depth);
  json.EndArray().EndObject().EndObject().EndArray().EndObject();
}

void WriteBreadcrumbs(JsonWriter& json, const EventShape& shape, std::uint64_t index,
                      const ExpectedEvent& expected, Timestamp timestamp) {
  json.Key("breadcrumbs").BeginObject().Key("values").BeginArray();
  for (std::uint64_t i = 0; i < 5; ++i) {
    std::uint64_t bits = Draw(shape, index, 100 + i);
    json.BeginObject().Field("category", i % 2 == 0 ? "query" : "httplib");
    json.Field("timestamp",
               Timestamp{timestamp.micros - static_cast<std::int64_t>(5 - i) * 40'000});
    json.Field("message", i == 4
                              ? expected.breadcrumb_message
                              : fmt::format("SELECT * FROM basket WHERE id = {}", bits % 100000));
    json.EndObject();
  }
  json.EndArray().EndObject();
}

void WriteSurroundings(JsonWriter& json, const EventShape& shape, std::uint64_t index,
                       const ExpectedEvent& expected) {
  std::uint64_t bits = Draw(shape, index, 7);
  json.Key("tags").BeginObject();
  json.Field("region", bits % 3 == 0 ? "eu-west" : "us-east");
  json.Field("plan", bits % 5 == 0 ? "enterprise" : "free");
  json.Field("worker", fmt::format("w{}", bits % 12)).EndObject();
  json.Key("user").BeginObject().Field("id", expected.user_id).EndObject();
  json.Key("contexts").BeginObject();
  json.Key("runtime").BeginObject();
  json.Field("name", "CPython").Field("version", "3.11.2").EndObject();
  json.Key("trace").BeginObject();
  json.Field("trace_id", fmt::format("{:016x}{:016x}", Draw(shape, index, 8), bits));
  json.Field("span_id", fmt::format("{:016x}", Draw(shape, index, 9))).EndObject().EndObject();
  json.Key("sdk").BeginObject().Field("name", "sentry.python").Field("version", "2.0.1");
  json.EndObject();
}

}  // namespace

ExpectedEvent MakeExpected(const EventShape& shape, std::uint64_t index) {
  ExpectedEvent out;
  std::array<std::uint64_t, 2> id = {Draw(shape, index, 1), Draw(shape, index, 2)};
  std::memcpy(out.event_id.bytes.data(), id.data(), 16);
  out.issue = static_cast<std::uint32_t>(Draw(shape, index, 3) % shape.issues);
  out.exception_type = fmt::format("Issue{}Error", out.issue);
  out.exception_value = fmt::format("order {} failed with check c{:016x}",
                                    Draw(shape, index, 4) % 1'000'000, Draw(shape, index, 5));
  out.user_id = fmt::format("user-{}", Draw(shape, index, 6) % shape.users);
  out.breadcrumb_message = fmt::format("GET /api/basket/b{:x}", Draw(shape, index, 104));
  return out;
}

std::string MakeEventJson(const EventShape& shape, std::uint64_t index, Timestamp timestamp) {
  ExpectedEvent expected = MakeExpected(shape, index);
  std::string out;
  out.reserve(4096);
  JsonWriter json(out);
  json.BeginObject().Field("event_id", ToHex(expected.event_id)).Field("timestamp", timestamp);
  json.Field("platform", "python").Field("level", "error").Field("release", "shop@1.4.2");
  json.Field("environment", index % 4 == 0 ? "staging" : "production");
  json.Field("server_name", "web-01");
  WriteException(json, expected);
  WriteBreadcrumbs(json, shape, index, expected, timestamp);
  WriteSurroundings(json, shape, index, expected);
  json.EndObject();
  return out;
}

std::string MakeEnvelope(const EventShape& shape, std::uint64_t index, Timestamp timestamp) {
  std::string event = MakeEventJson(shape, index, timestamp);
  EventId id = MakeExpected(shape, index).event_id;
  return fmt::format(
      "{{\"event_id\":\"{}\",\"sent_at\":\"{}\"}}\n{{\"type\":\"event\",\"length\":{}}}\n{}\n",
      ToHex(id), FormatTimestamp(timestamp), event.size(), event);
}

}  // namespace mishap::load
