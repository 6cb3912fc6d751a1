#include "ingest/rate_limiter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ingest/answer.h"

namespace mishap {
namespace {

Timestamp At(std::int64_t seconds) {
  return Timestamp{seconds * kMicrosPerSecond};
}

// One project of one organization with two keys; limits are set by the test.
struct House {
  House() {
    key.id = KeyId{1};
    other_key.id = KeyId{2};
    project.id = ProjectId{42};
    project.organization = OrganizationId{7};
    snapshot->organizations[project.organization].id = project.organization;
  }
  Admitted By(const KeyEntry& entry) const { return {snapshot, &entry, &project}; }
  // Seconds until it may come again; 0: it passed.
  std::int64_t Take(Category category, std::int64_t quantity, std::int64_t second) {
    last = limiter.Take(By(key), category, quantity, At(second));
    return last ? last->retry_after_s : 0;
  }
  OrganizationEntry& Organization() { return snapshot->organizations[project.organization]; }

  std::shared_ptr<DirectorySnapshot> snapshot = std::make_shared<DirectorySnapshot>();
  ProjectEntry project;
  KeyEntry key, other_key;
  RateLimiter limiter;
  std::optional<LimitHit> last;
};

constexpr Category kError = Category::kError;
constexpr Category kSession = Category::kSession;

TEST(RateLimiter, CountsPerKeyAndWindow) {
  House house;
  house.key.rate_limit_count = house.other_key.rate_limit_count = 3;
  house.key.rate_limit_window_s = house.other_key.rate_limit_window_s = 60;
  EXPECT_EQ(house.Take(kError, 1, 6010), 0);
  EXPECT_EQ(house.Take(Category::kSecurity, 2, 6020), 0);  // what errors are sent as, too
  EXPECT_EQ(house.Take(kError, 1, 6050), 10);
  EXPECT_EQ(house.Take(Category::kDefault, 1, 6059), 1);
  EXPECT_EQ(house.Take(kSession, 1, 6059), 0);
  EXPECT_FALSE(house.limiter.Take(house.By(house.other_key), kError, 1, At(6059)));
  EXPECT_EQ(house.Take(kError, 1, 6060), 0);   // the next window
  EXPECT_EQ(house.Take(kError, 3, 6061), 59);  // all or nothing: nothing was counted
  EXPECT_EQ(house.Take(kError, 2, 6061), 0);
}

TEST(RateLimiter, ZeroIsUnlimitedForAKeyAndChangesApplyAtOnce) {
  House house;
  EXPECT_EQ(house.Take(kError, 1'000'000, 1), 0);
  house.key.rate_limit_count = 1;
  EXPECT_EQ(house.Take(kError, 2, 1), 0);  // no window: no limit
  house.key.rate_limit_window_s = 10;
  EXPECT_EQ(house.Take(kError, 1, 1), 0);
  EXPECT_GT(house.Take(kError, 1, 1), 0);
  house.key.rate_limit_window_s = 20;
  EXPECT_EQ(house.Take(kError, 1, 1), 0);
}

TEST(RateLimiter, QuotasOfProjectAndOrganizationByCategory) {
  House house;
  house.project.quotas = {{{kSession}, 2, 60, "project_quota"}, {{kError}, 5, 3600, "per_hour"}};
  house.Organization().quotas = {{{}, 4, 60, "organization_quota"}};
  EXPECT_EQ(house.Take(kSession, 2, 0), 0);
  EXPECT_EQ(house.Take(kSession, 1, 1), 59);
  EXPECT_EQ(*house.last, (LimitHit{59, {kSession}, LimitScope::kProject, "project_quota"}));
  EXPECT_EQ(house.Take(kError, 2, 2), 0);  // 4 of the organization now
  EXPECT_EQ(house.Take(Category::kMonitor, 1, 3), 57);
  EXPECT_EQ(*house.last, (LimitHit{57, {}, LimitScope::kOrganization, "organization_quota"}));
  EXPECT_EQ(house.Take(kError, 4, 60), 3540);
  EXPECT_EQ(house.last->reason, "per_hour");
  EXPECT_EQ(house.Take(kError, 3, 61), 0);  // what was refused did not count anywhere
  EXPECT_EQ(house.Take(Category::kInternal, 1000, 62), 0);
}

TEST(RateLimiter, ALimitOfZeroLetsNothingIn) {
  House house;
  house.project.quotas = {{{Category::kAttachment}, 0, 86'400, "no_files"}};
  EXPECT_EQ(house.Take(Category::kAttachment, 1, 86'000), 400);
  EXPECT_EQ(house.Take(kError, 1, 86'000), 0);
}

TEST(RateLimiter, WhatCameToNothingIsGivenBack) {
  House house;
  house.project.quotas = {{{kError}, 1, 60, "project_quota"}};
  EXPECT_EQ(house.Take(kError, 1, 0), 0);
  house.limiter.GiveBack(house.By(house.key), kError, 1, At(1));
  EXPECT_EQ(house.Take(kError, 1, 2), 0);
  EXPECT_GT(house.Take(kError, 1, 3), 0);
  house.limiter.GiveBack(house.By(house.key), kError, 1, At(61));  // of another window: nothing
  EXPECT_EQ(house.Take(kError, 1, 62), 0);
  EXPECT_GT(house.Take(kError, 1, 63), 0);
}

TEST(RateLimiter, ServersShareALimit) {
  House house;
  house.project.quotas = {{{kError}, 10, 60, "project_quota"}};
  house.snapshot->live_servers = 4;
  EXPECT_EQ(house.Take(kError, 3, 0), 0);  // rounded up
  EXPECT_EQ(house.Take(kError, 1, 0), 60);
  house.snapshot->live_servers = 1;
  EXPECT_EQ(house.Take(kError, 7, 1), 0);
}

TEST(RateLimiter, SpikesAreRefusedUntilAFullMinute) {
  House house;
  house.project.spike_thresholds = {{kError, 500}, {kSession, 600}};
  EXPECT_EQ(house.Take(kError, 501, 30), 0);  // not switched on
  house.Organization().spike_protection = true;
  EXPECT_EQ(house.Take(kError, 500, 7230), 0);
  EXPECT_EQ(house.Take(Category::kDefault, 1, 7230), 90);
  EXPECT_EQ(house.last->reason, "spike_protection");
  EXPECT_EQ(house.Take(kSession, 600, 7230), 0);
  EXPECT_EQ(house.Take(kError, 1, 10'800), 0);  // the next hour
}

// Exactly the shape every SDK reads: no blanks, whole seconds, three fields and the reason, each
// category's longest last.
TEST(RateLimiter, TheHeaderAsClientsReadIt) {
  const std::vector<LimitHit> hits = {{90'000, {kError}, LimitScope::kKey, "key_quota"},
                                      {7, {kSession}, LimitScope::kProject, "project_quota"},
                                      {60, {}, LimitScope::kOrganization, "organization_quota"}};
  const HttpMessageResponse answer = RateLimitedAnswer(hits, IngestLimits());
  EXPECT_EQ(answer.status, 429);
  auto header = [&](std::string_view name) {
    for (const auto& [key, value] : answer.headers) {
      if (key == name) return value;
    }
    return std::string("absent");
  };
  EXPECT_EQ(header("X-Sentry-Rate-Limits"),
            "7:session:project:project_quota,60::organization:organization_quota,"
            "3600:error;default;security:key:key_quota");
  EXPECT_EQ(header("Retry-After"), "3600");
  HttpMessageResponse plain;
  AddRateLimits({}, IngestLimits(), plain);
  EXPECT_THAT(plain.headers, testing::IsEmpty());
}

}  // namespace
}  // namespace mishap
