#include "event/payload_codec.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace mishap {
namespace {

constexpr std::size_t kMax = 4 << 20;
constexpr std::string_view kJson =
    R"({"event_id":"0123456789abcdef0123456789abcdef","level":"error","type":"error","platform":"python"})";

TEST(PayloadCodecTest, GivesBackWhatItGot) {
  PayloadCodec codec;
  for (const std::string& json : {std::string(), std::string("{}"), std::string(kJson),
                                  std::string(300'000, 'x'), std::string("\0\xFF", 2)}) {
    auto back = codec.Decompress(codec.Compress(json), kMax);
    ASSERT_TRUE(back);
    EXPECT_EQ(*back, json);
  }
}

TEST(PayloadCodecTest, TheDictionaryIsWorthIt) {
  EXPECT_GE(StarterDictionary().size(), 60'000u);
  EXPECT_NE(StarterDictionaryId(), 0u);
  PayloadCodec codec;
  EXPECT_TRUE(codec.HasDictionary(StarterDictionaryId()));
  EXPECT_LT(codec.Compress(kJson).size(), kJson.size() * 3 / 4);
}

TEST(PayloadCodecTest, SaysWhyItCannotRead) {
  PayloadCodec codec;
  std::string frame = codec.Compress(kJson);
  EXPECT_EQ(codec.Decompress(frame, 10).error().reason, Reason::kTooLarge);
  EXPECT_EQ(codec.Decompress("nonsense", kMax).error().reason, Reason::kInternal);
  EXPECT_EQ(codec.Decompress(frame.substr(0, frame.size() - 3), kMax).error().reason,
            Reason::kInternal);
  std::string foreign = frame;
  foreign[5] = static_cast<char>(foreign[5] ^
                                 0x55);  // the dictionary's id follows magic number and descriptor
  auto missing = codec.Decompress(foreign, kMax);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().reason, Reason::kUnavailable) << missing.error().detail;
  EXPECT_EQ(codec.AddDictionary("not a dictionary").error().reason, Reason::kInvalidArgument);
  EXPECT_TRUE(codec.AddDictionary(StarterDictionary())) << "known already: nothing to do";
}

TEST(PayloadCodecTest, ManyThreads) {
  PayloadCodec codec;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&codec, t] {
      for (int i = 0; i < 500; ++i) {
        std::string json = std::string(kJson) + std::to_string(t * 1000 + i);
        EXPECT_EQ(codec.Decompress(codec.Compress(json), kMax).value_or(""), json);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace mishap
