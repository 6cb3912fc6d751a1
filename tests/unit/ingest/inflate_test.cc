#include "ingest/inflate/inflate.h"

#include <gtest/gtest.h>

#include <random>

#include "net/request_reader.h"
#include "tests/unit/ingest/compressed.h"

namespace mishap {
namespace {

std::string Text(std::size_t bytes) {
  std::mt19937 random(7);
  std::string text = "{";
  while (text.size() < std::min<std::size_t>(bytes, 20'000)) {
    text += "\"k" + std::to_string(random() % 1000) + "\":1,";
  }
  while (text.size() < bytes) text += text;
  text.resize(bytes);
  return text;
}

struct Case {
  const char* name;
  std::string encoding;
  std::string body;
};

TEST(Inflate, UnderstandsEveryCoding) {
  for (std::size_t bytes : {std::size_t{1}, std::size_t{3000}, std::size_t{5} << 20}) {
    const std::string text = Text(bytes);
    const Case cases[] = {
        {"none", "", text},
        {"identity", "Identity", text},
        {"blank", " ", text},
        {"gzip", "gzip", Deflate(text, Wrap::kGzip)},
        {"x-gzip", " X-GZIP ", Deflate(text, Wrap::kGzip)},
        {"gzip without label", "", Deflate(text, Wrap::kGzip)},
        {"gzip without label, identity", "identity", Deflate(text, Wrap::kGzip)},
        {"label without gzip", "gzip", text},
        {"gzip with zeros behind", "gzip", Deflate(text, Wrap::kGzip) + std::string(9, '\0')},
        {"gzip members", "gzip",
         Deflate(text.substr(0, bytes / 2), Wrap::kGzip) +
             Deflate(text.substr(bytes / 2), Wrap::kGzip)},
        {"deflate zlib", "deflate", Deflate(text, Wrap::kZlib)},
        {"deflate raw", "deflate", Deflate(text, Wrap::kRaw)},
        {"br", "br", Brotli(text)},
        {"zstd", "zstd", Zstd(text)},
        {"zstd frames", "zstd", Zstd(text.substr(0, bytes / 2)) + Zstd(text.substr(bytes / 2))},
        {"two layers", "gzip, br", Brotli(Deflate(text, Wrap::kGzip))},
        {"two layers and identity", "zstd,identity,deflate", Deflate(Zstd(text), Wrap::kZlib)},
    };
    Inflater inflater{IngestLimits{}};
    for (const Case& c : cases) {
      auto inflated = inflater.Inflate(c.body, c.encoding);
      ASSERT_TRUE(inflated.has_value()) << c.name << " " << bytes << inflated.error().detail;
      EXPECT_TRUE(*inflated == text) << c.name << " " << bytes;
    }
  }
}

TEST(Inflate, TruncatedOrDamagedIsInvalidCompression) {
  const std::string text = Text(20'000);
  Inflater inflater{IngestLimits{}};
  for (const Case& c : {Case{"gzip", "gzip", Deflate(text, Wrap::kGzip)},
                        Case{"zlib", "deflate", Deflate(text, Wrap::kZlib)},
                        Case{"raw", "deflate", Deflate(text, Wrap::kRaw)},
                        Case{"br", "br", Brotli(text)}, Case{"zstd", "zstd", Zstd(text)}}) {
    for (std::size_t cut : {std::size_t{1}, std::size_t{7}, c.body.size() / 2, c.body.size() - 1}) {
      auto inflated = inflater.Inflate(c.body.substr(0, c.body.size() - cut), c.encoding);
      ASSERT_FALSE(inflated.has_value()) << c.name << " cut " << cut;
      EXPECT_EQ(inflated.error().reason, Reason::kInvalidCompression) << c.name << " cut " << cut;
    }
  }
  std::string flipped = Deflate(text, Wrap::kGzip);
  flipped[flipped.size() - 6] ^= 1;  // its checksum
  EXPECT_EQ(inflater.Inflate(flipped, "gzip").error().reason, Reason::kInvalidCompression);
  EXPECT_EQ(inflater.Inflate(Deflate(text, Wrap::kGzip) + "garbage", "gzip").error().reason,
            Reason::kInvalidCompression);
  EXPECT_EQ(inflater.Inflate(Brotli(text) + "garbage", "br").error().reason,
            Reason::kInvalidCompression);
}

TEST(Inflate, UnknownCodingsAndTooManyLayersAreRefused) {
  Inflater inflater{IngestLimits{}};
  for (const char* encoding : {"lz4", "gzip, lz4", "br,br,br", "gzip;q=1"}) {
    auto inflated = inflater.Inflate("{}", encoding);
    ASSERT_FALSE(inflated.has_value()) << encoding;
    EXPECT_EQ(inflated.error().reason, Reason::kUnsupportedEncoding) << encoding;
  }
}

TEST(Inflate, TheBoundHoldsToTheByte) {
  IngestLimits limits;
  limits.envelope_bytes_max = 100'000;
  Inflater inflater(limits);
  for (int over : {0, 1}) {
    const std::string text = Text(100'000 + static_cast<std::size_t>(over));
    for (const Case& c : {Case{"none", "", text}, Case{"gzip", "gzip", Deflate(text, Wrap::kGzip)},
                          Case{"zlib", "deflate", Deflate(text, Wrap::kZlib)},
                          Case{"br", "br", Brotli(text)}, Case{"zstd", "zstd", Zstd(text)},
                          Case{"inner layer", "gzip,br", Brotli(Deflate(text, Wrap::kGzip))}}) {
      auto inflated = inflater.Inflate(c.body, c.encoding);
      EXPECT_EQ(inflated.has_value(), over == 0) << c.name;
      if (!inflated) {
        EXPECT_EQ(inflated.error().reason, Reason::kTooLarge) << c.name;
      }
    }
  }
}

// B24. 64 MiB of zeros: 65 KB of gzip, a few hundred bytes of brotli and zstd.
TEST(Inflate, BombsAreTooLargeWithinTheBound) {
  const std::string zeros(64u << 20, '\0');
  const Case bombs[] = {{"gzip", "gzip", Deflate(zeros, Wrap::kGzip)},
                        {"zlib", "deflate", Deflate(zeros, Wrap::kZlib)},
                        {"raw", "deflate", Deflate(zeros, Wrap::kRaw)},
                        {"br", "br", Brotli(zeros)},
                        {"zstd", "zstd", Zstd(zeros)},
                        {"double", "gzip,gzip", Deflate(Deflate(zeros, Wrap::kGzip), Wrap::kGzip)}};
  IngestLimits small;
  small.envelope_bytes_max = 1u << 20;
  Inflater bounded(small);
  for (const Case& bomb : bombs) {
    auto inflated = bounded.Inflate(bomb.body, bomb.encoding);
    ASSERT_FALSE(inflated.has_value()) << bomb.name;
    EXPECT_EQ(inflated.error().reason, Reason::kTooLarge) << bomb.name;
  }
  // Below the size bound it is the ratio that gives brotli and zstd away; deflate cannot reach it.
  Inflater defaults{IngestLimits{}};
  for (const char* name : {"br", "zstd"}) {
    for (const Case& bomb : bombs) {
      if (bomb.name != std::string_view(name)) continue;
      auto inflated = defaults.Inflate(bomb.body, bomb.encoding);
      ASSERT_FALSE(inflated.has_value()) << name;
      EXPECT_EQ(inflated.error().reason, Reason::kTooLarge) << name;
      EXPECT_NE(inflated.error().detail.find("1000 times"), std::string::npos);
    }
  }
}

TEST(Inflate, ALargeZstdWindowIsRefused) {
  const std::string text = Text(1000);
  Inflater inflater{IngestLimits{}};
  EXPECT_TRUE(inflater.Inflate(Zstd(text, 23), "zstd").has_value());
  auto refused = inflater.Inflate(Zstd(text, 25), "zstd");
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().reason, Reason::kInvalidCompression);
}

// Files around minidumps: xz and bzip2 of "MDMP dump".
constexpr char kXz[] =
    "\xfd\x37\x7a\x58\x5a\x00\x00\x04\xe6\xd6\xb4\x46\x02\x00\x21\x01\x16\x00\x00\x00\x74\x2f"
    "\xe5\xa3\x01\x00\x08\x4d\x44\x4d\x50\x20\x64\x75\x6d\x70\x00\x00\x00\x00\x1a\x8c\x5d\x4d"
    "\xac\xbc\xbc\xac\x00\x01\x21\x09\x6c\x18\xc5\xd5\x1f\xb6\xf3\x7d\x01\x00\x00\x00\x00\x04"
    "\x59\x5a";
constexpr char kBzip2[] =
    "\x42\x5a\x68\x39\x31\x41\x59\x26\x53\x59\x00\x67\x85\xdb\x00\x00\x01\x17\x80\x40\x00\x04"
    "\x02\x40\x00\x04\x02\x42\x00\x20\x00\x22\x06\x27\xa8\x43\x02\x12\xe7\xac\x0f\x17\x72\x45"
    "\x38\x50\x90\x00\x67\x85\xdb";

TEST(Inflate, UnpacksFilesByTheirFirstBytes) {
  const std::string text = "MDMP dump";
  const std::string xz(kXz, sizeof kXz - 1);
  const std::string bzip2(kBzip2, sizeof kBzip2 - 1);
  Inflater inflater{IngestLimits{}};
  for (const std::string& file : {text, xz, bzip2, Deflate(text, Wrap::kGzip), Zstd(text)}) {
    EXPECT_EQ(inflater.Unpack(file, 100).value_or("?"), text);
  }
  EXPECT_EQ(inflater.Unpack(bzip2 + bzip2, 100).value_or("?"), text + text);
  EXPECT_EQ(inflater.Unpack(xz + xz, 100).value_or("?"), text + text);
  for (const std::string& file : {xz, bzip2}) {
    EXPECT_EQ(inflater.Unpack(file, 8).error().reason, Reason::kTooLarge);
    for (std::size_t cut = 7; cut < file.size(); ++cut) {
      EXPECT_EQ(inflater.Unpack(file.substr(0, cut), 100).error().reason,
                Reason::kInvalidCompression)
          << cut;
    }
  }
}

TEST(Inflate, CountsWhatItWasMadeToDo) {
  Inflater inflater{IngestLimits{}};
  EXPECT_EQ(inflater.TakeWork(), 0u);
  ASSERT_TRUE(inflater.Inflate(Deflate(Text(3000), Wrap::kGzip), "gzip"));
  EXPECT_EQ(inflater.TakeWork(), 3000u);
  EXPECT_EQ(inflater.TakeWork(), 0u);
  IngestLimits small;
  small.envelope_bytes_max = 5u << 20;
  Inflater bounded(small);
  const std::string bomb = Deflate(std::string(64u << 20, 'x'), Wrap::kZlib);
  EXPECT_FALSE(bounded.Inflate(bomb, "deflate"));
  const std::uint64_t work = bounded.TakeWork();
  EXPECT_GE(work, 9u << 20);  // 4 MiB kept, then 5 measured
  EXPECT_LE(work, 10u << 20);
}

// What all together may hold: who comes too late is told so, and may come again.
TEST(Inflate, LargeOutputsShareABudget) {
  BodyBudget budget(15u << 20);
  Inflater first(IngestLimits{}, &budget);
  Inflater second(IngestLimits{}, &budget);
  const std::string text = Text(8u << 20);
  const std::string body = Zstd(text);
  ASSERT_TRUE(first.Inflate(body, "zstd"));
  EXPECT_EQ(budget.Taken(), text.size() + 1);
  EXPECT_EQ(second.Inflate(body, "zstd").error().reason, Reason::kOverloaded);
  EXPECT_TRUE(second.Inflate(Zstd(text.substr(0, 3u << 20)), "zstd"));  // small ones need none
  first.Release();
  EXPECT_EQ(budget.Taken(), 0u);
  EXPECT_EQ(second.Inflate(body, "zstd").value_or("?"), text);
  EXPECT_EQ(second.Inflate(Deflate(text, Wrap::kGzip), "gzip").value_or("?"), text);
  EXPECT_EQ(budget.Taken(), text.size() + 1);
}

TEST(Inflate, EmptyBodiesStayEmpty) {
  Inflater inflater{IngestLimits{}};
  for (const char* encoding : {"", "gzip", "br", "zstd", "deflate"}) {
    EXPECT_EQ(inflater.Inflate("", encoding).value_or("x"), "") << encoding;
  }
}

}  // namespace
}  // namespace mishap
