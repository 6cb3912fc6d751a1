#include "event/release_version.h"

#include <gtest/gtest.h>

namespace mishap {
namespace {

std::optional<SemanticVersion> Semantic(std::string_view name) {
  return ParseReleaseVersion(name).semantic;
}

bool IsOlder(std::string_view a, std::string_view b) {
  auto left = Semantic(a), right = Semantic(b);
  EXPECT_TRUE(left && right) << a << " " << b;
  return left && right && Compare(*left, *right) < 0 && Compare(*right, *left) > 0;
}

TEST(ReleaseVersion, OnlyANameWithAPackageIsOrdered) {
  EXPECT_FALSE(Semantic("1.0.0"));
  EXPECT_TRUE(Semantic("shop@1.0.0"));
  EXPECT_FALSE(Semantic("@1.0.0"));
  EXPECT_FALSE(Semantic(""));
  EXPECT_FALSE(Semantic("shop@"));
}

TEST(ReleaseVersion, ALeadingAtBelongsToThePackage) {
  auto parsed = ParseReleaseVersion("@scope/pkg@2.1");
  EXPECT_EQ(parsed.package, "@scope/pkg");
  ASSERT_TRUE(parsed.semantic);
  EXPECT_EQ(parsed.semantic->numbers, (std::array<std::int64_t, 4>{2, 1, 0, 0}));
  EXPECT_EQ(parsed.semantic->components, 2);
}

TEST(ReleaseVersion, TheFirstAtSeparates) {
  EXPECT_EQ(ParseReleaseVersion("a@b@1.0").rest, "b@1.0");
  EXPECT_FALSE(Semantic("a@b@1.0"));
}

TEST(ReleaseVersion, PreReleasesAndBuilds) {
  auto version = Semantic("shop@1.2.3-rc.1+b7");
  ASSERT_TRUE(version);
  EXPECT_EQ(version->prerelease, "rc.1");
  EXPECT_EQ(version->build, "b7");
  EXPECT_EQ(Semantic("shop@1.0a1")->prerelease, "a1");
  EXPECT_FALSE(Semantic("shop@1a1"));
  EXPECT_EQ(Semantic("shop@1-a1")->prerelease, "a1");
}

TEST(ReleaseVersion, WhatIsNoVersion) {
  for (auto* name : {"shop@1.2.3.4.5", "shop@v1", "shop@1..2", "shop@1.", "shop@1.0-", "shop@1.0+",
                     "shop@1.0 beta", "shop@99999999999999999999", "shop@-1.0"}) {
    EXPECT_FALSE(Semantic(name)) << name;
  }
}

TEST(ReleaseVersion, Order) {
  EXPECT_TRUE(IsOlder("shop@1.9", "shop@1.10"));
  EXPECT_TRUE(IsOlder("shop@1.0-rc1", "shop@1.0"));
  EXPECT_TRUE(IsOlder("shop@1.0-rc10", "shop@1.0-rc2"));
  EXPECT_TRUE(IsOlder("shop@1.0+9", "shop@1.0+10"));
  EXPECT_TRUE(IsOlder("shop@1.0+9", "shop@1.0+a"));
  EXPECT_TRUE(IsOlder("shop@1.0", "shop@1.0.0.1"));
  EXPECT_EQ(Compare(*Semantic("shop@1"), *Semantic("shop@1.0.0")), std::strong_ordering::equal);
  EXPECT_EQ(Compare(*Semantic("shop@1+007"), *Semantic("shop@1+7")), std::strong_ordering::equal);
}

TEST(ReleaseVersion, HashesAreNotVersions) {
  EXPECT_FALSE(Semantic("shop@123456789012"));
  EXPECT_EQ(ParseReleaseVersion("shop@123456789012").build_hash, "123456789012");
  EXPECT_TRUE(Semantic("shop@1234567890123"));  // thirteen digits are a number
  EXPECT_EQ(ParseReleaseVersion("deadbeefdeadbeefdeadbeefdeadbeefdeadbeef").Description(),
            "deadbeefdead");
}

TEST(ReleaseVersion, Descriptions) {
  EXPECT_EQ(ParseReleaseVersion("pkg@1.0.0+b7").Description(), "1.0.0 (b7)");
  EXPECT_EQ(ParseReleaseVersion("pkg@1.0.0+deadbeefdeadbeef").Description(),
            "1.0.0 (deadbeefdead)");
  EXPECT_EQ(ParseReleaseVersion("pkg@whatever").Description(), "whatever");
  EXPECT_EQ(ParseReleaseVersion("1.0").Description(), "1.0");
}

TEST(ReleaseName, Validity) {
  for (auto* name : {"1.0", "pkg@1.0+b7 x", "Latest build", "日本"}) {
    EXPECT_TRUE(IsValidReleaseName(name)) << name;
  }
  for (auto* name : {"", " ", ".", "..", "LaTest", "a/b", "a\\b", "a\nb", "a\tb", "a\xff"}) {
    EXPECT_FALSE(IsValidReleaseName(name)) << name;
  }
  EXPECT_TRUE(IsValidReleaseName(std::string(250, 'v')));
  EXPECT_FALSE(IsValidReleaseName(std::string(251, 'v')));
}

}  // namespace
}  // namespace mishap
