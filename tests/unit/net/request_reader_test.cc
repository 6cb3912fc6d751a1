#include "net/request_reader.h"

#include <gtest/gtest.h>

namespace mishap {
namespace {

using State = RequestReader::State;

// Feeds everything in pieces of `step` bytes and returns what was not consumed.
std::string FeedAll(RequestReader& reader, std::string bytes, std::size_t step) {
  std::string pending;
  std::size_t next = 0;
  for (;;) {
    std::size_t used = reader.Feed(pending);
    pending.erase(0, used);
    bool open = reader.Current() == State::kHeader || reader.Current() == State::kBody;
    if (!open) break;
    if (used > 0 && !pending.empty()) continue;
    if (next >= bytes.size()) break;
    std::size_t n = std::min(step, bytes.size() - next);
    pending.append(bytes, next, n);
    next += n;
  }
  return pending + bytes.substr(next);
}

struct Fixture {
  explicit Fixture(RequestBounds bounds = {}, std::uint64_t budget_bytes = 1 << 20)
      : budget(budget_bytes), reader(bounds, budget) {}
  BodyBudget budget;
  RequestReader reader;
};

RequestBounds SmallBounds() {
  RequestBounds bounds;
  bounds.header_bytes_max = 1024;
  bounds.body_bytes_max = 10;
  bounds.discard_bytes_max = 100;
  return bounds;
}

TEST(RequestReader, ReadsWholeAndByteByByte) {
  const std::string bytes =
      "POST /api/1/envelope/?sentry_key=k HTTP/1.1\r\nHost: h\r\nX-A: one\r\nContent-Length: "
      "5\r\n\r\n"
      "hello"
      "GET / HTTP/1.1\r\n\r\n";
  for (std::size_t step : {std::size_t{1}, std::size_t{7}, bytes.size()}) {
    Fixture f;
    std::string rest = FeedAll(f.reader, bytes, step);
    ASSERT_EQ(f.reader.Current(), State::kDone) << step;
    EXPECT_EQ(f.budget.Taken(), 5u);
    HttpMessageRequest request = f.reader.Take();
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(request.path, "/api/1/envelope/");
    EXPECT_EQ(request.query, "sentry_key=k");
    EXPECT_EQ(request.Header("x-a"), "one");
    EXPECT_EQ(request.body, "hello");
    EXPECT_FALSE(request.body_too_large);
    EXPECT_TRUE(f.reader.KeepAlive());
    f.reader.Reset();
    EXPECT_EQ(f.budget.Taken(), 0u);
    EXPECT_EQ(FeedAll(f.reader, rest, step), "");
    ASSERT_EQ(f.reader.Current(), State::kDone);
    EXPECT_EQ(f.reader.Take().method, "GET");
  }
}

TEST(RequestReader, ReadsChunkedBodies) {
  const std::string bytes =
      "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n3;x=y\r\nefg\r\n0\r\nT: "
      "v\r\n\r\n";
  for (std::size_t step : {std::size_t{1}, std::size_t{5}, bytes.size()}) {
    Fixture f;
    FeedAll(f.reader, bytes, step);
    ASSERT_EQ(f.reader.Current(), State::kDone) << step;
    EXPECT_EQ(f.reader.Take().body, "abcdefg");
  }
}

TEST(RequestReader, RefusesWhatIsNotPlainHttp) {
  struct Case {
    const char* name;
    std::string bytes;
    int status;
  };
  const Case cases[] = {
      {"garbage", "\x16\x03\x01 hello\r\n\r\n", 400},
      {"length and chunked",
       "POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {"chunked and length",
       "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n", 400},
      {"two lengths", "POST / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n", 400},
      {"negative length", "POST / HTTP/1.1\r\nContent-Length: -3\r\n\r\n", 400},
      {"unknown coding", "POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 501},
      {"coding list", "POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501},
      {"long header", "GET / HTTP/1.1\r\nA: " + std::string(2000, 'x') + "\r\n\r\n", 431},
      {"bad chunk", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400},
  };
  for (const Case& c : cases) {
    Fixture f(SmallBounds());
    FeedAll(f.reader, c.bytes, 64);
    EXPECT_EQ(f.reader.Current(), State::kBroken) << c.name;
    EXPECT_EQ(f.reader.RefusalStatus(), c.status) << c.name;
  }
}

TEST(RequestReader, ReadsOnOverTheBoundAndTellsTheDoor) {
  for (bool chunked : {false, true}) {
    Fixture f(SmallBounds());
    std::string head = chunked ? "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n14\r\n"
                               : "POST / HTTP/1.1\r\nContent-Length: 20\r\n\r\n";
    FeedAll(f.reader, head + std::string(20, 'x') + (chunked ? "\r\n0\r\n\r\n" : ""), 3);
    ASSERT_EQ(f.reader.Current(), State::kDone) << chunked;
    EXPECT_EQ(f.budget.Taken(), 0u) << chunked;
    HttpMessageRequest request = f.reader.Take();
    EXPECT_TRUE(request.body_too_large);
    EXPECT_EQ(request.body, "");
  }
}

TEST(RequestReader, StopsReadingABodyThatNeverEnds) {
  for (bool chunked : {false, true}) {
    Fixture f(SmallBounds());
    std::string head = chunked ? "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1000\r\n"
                               : "POST / HTTP/1.1\r\nContent-Length: 5000\r\n\r\n";
    FeedAll(f.reader, head + std::string(200, 'x'), 50);
    ASSERT_EQ(f.reader.Current(), State::kBodyRefused) << chunked;
    EXPECT_TRUE(f.reader.Take().body_too_large);
  }
}

// Their ends are waited for; what waits is held outside of every budget.
TEST(RequestReader, LinesOfChunksAndTrailersHaveABound) {
  std::string names;
  for (int i = 0; i < 400; ++i) names += "X: b\r\n";
  const std::string head = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const std::string& rest :
       {std::string(2000, 'f'), std::string(2000, '0'), "1;a=" + std::string(2000, 'b'),
        "1\r\nx\r\n0\r\nX: " + std::string(2000, 'b'), "1\r\nx\r\n0\r\n" + names}) {
    for (std::size_t step : {std::size_t{100}, std::size_t{4000}}) {
      Fixture f(SmallBounds());
      FeedAll(f.reader, head + rest, step);
      EXPECT_EQ(f.reader.Current(), State::kBroken) << rest.substr(0, 20);
      EXPECT_EQ(f.reader.RefusalStatus(), 400) << rest.substr(0, 20);
    }
  }
}

TEST(RequestReader, WaitsForContinueOnlyIfTheBodyIsWanted) {
  Fixture f(SmallBounds());
  FeedAll(f.reader, "POST / HTTP/1.1\r\nExpect: 100-Continue\r\nContent-Length: 5\r\n\r\n", 999);
  EXPECT_TRUE(f.reader.ExpectsContinue());
  f.reader.Reset();
  FeedAll(f.reader, "POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 50\r\n\r\n", 999);
  EXPECT_FALSE(f.reader.ExpectsContinue());
  EXPECT_EQ(f.reader.Current(), State::kBodyRefused);
}

TEST(RequestReader, TheBudgetIsSharedAndGivenBack) {
  BodyBudget budget(12);
  RequestReader first({}, budget);
  RequestReader second({}, budget);
  const std::string bytes = "POST / HTTP/1.1\r\nContent-Length: 8\r\n\r\n12345678";
  FeedAll(first, bytes, 100);
  EXPECT_EQ(first.Current(), State::kDone);
  FeedAll(second, bytes, 100);
  EXPECT_EQ(second.Current(), State::kOverloaded);
  EXPECT_EQ(budget.Taken(), 8u);
  first.Reset();
  second.Reset();
  EXPECT_EQ(budget.Taken(), 0u);
  FeedAll(second, bytes, 100);
  EXPECT_EQ(second.Current(), State::kDone);
}

// Half-sent bodies must not hold what they have only announced.
TEST(RequestReader, TheBudgetIsTakenAsBytesArrive) {
  Fixture f({}, 100);
  FeedAll(f.reader, "POST / HTTP/1.1\r\nContent-Length: 5000\r\n\r\nabc", 99);
  EXPECT_EQ(f.reader.Current(), State::kBody);
  EXPECT_EQ(f.budget.Taken(), 3u);
  FeedAll(f.reader, std::string(97, 'x'), 50);
  EXPECT_EQ(f.budget.Taken(), 100u);
  FeedAll(f.reader, "y", 1);
  EXPECT_EQ(f.reader.Current(), State::kOverloaded);
  EXPECT_EQ(f.budget.Taken(), 0u);
}

TEST(RequestReader, ALengthBeyondTheDiscardBoundIsAnsweredAtOnce) {
  Fixture f(SmallBounds());
  FeedAll(f.reader, "POST / HTTP/1.1\r\nContent-Length: 5000\r\n\r\n", 99);
  EXPECT_EQ(f.reader.Current(), State::kBodyRefused);
  EXPECT_TRUE(f.reader.Take().body_too_large);
}

TEST(RequestReader, KeepAliveFollowsTheVersion) {
  struct Case {
    const char* bytes;
    bool keep;
  };
  for (const Case& c : {Case{"GET / HTTP/1.1\r\n\r\n", true}, Case{"GET / HTTP/1.0\r\n\r\n", false},
                        Case{"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", true},
                        Case{"GET / HTTP/1.1\r\nConnection: close\r\n\r\n", false}}) {
    Fixture f;
    FeedAll(f.reader, c.bytes, 100);
    ASSERT_EQ(f.reader.Current(), State::kDone) << c.bytes;
    EXPECT_EQ(f.reader.KeepAlive(), c.keep) << c.bytes;
  }
}

}  // namespace
}  // namespace mishap
