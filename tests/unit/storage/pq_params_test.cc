#include "storage/pq_params.h"

#include <gtest/gtest.h>

#include "base/bytes.h"

namespace mishap {
namespace {

TEST(PqParams, ArraysHaveTheBinaryFormOfPostgres) {
  PqArray numbers(PqArray::Type::kInt2);
  numbers.Int2(1);
  numbers.Int2(-2);
  EXPECT_EQ(EncodeHex(std::move(numbers).Finish()),
            "00000001000000000000001500000002000000010000000200010000"
            "0002fffe");
  PqArray texts(PqArray::Type::kText);
  texts.Text("ab");
  texts.Null();
  EXPECT_EQ(EncodeHex(std::move(texts).Finish()),
            "000000010000000100000019000000020000000100000002"
            "6162ffffffff");
}

TEST(PqParams, TimesCountFrom2000) {
  PqArray times(PqArray::Type::kTime);
  times.Time(ParseTimestamp("2000-01-01T00:00:00.000001Z").value());
  EXPECT_TRUE(EncodeHex(std::move(times).Finish()).ends_with("0000000000000001"));
  EXPECT_EQ(EncodeHex(PqParams().Day(10958).Values()[0]), "00000001");
}

}  // namespace
}  // namespace mishap
