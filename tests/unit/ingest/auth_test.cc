#include "ingest/auth.h"

#include <gtest/gtest.h>

#include "base/bytes.h"

namespace mishap {
namespace {

const std::string kKey = "0123456789abcdef0123456789abcdef";
const std::string kOther = "ffffffffffffffffffffffffffffffff";

struct Case {
  const char* name;
  std::string query;
  HttpHeaders headers;
  std::string want;  // the key, "none", or the reason
};

std::string KeyOf(const Case& c) {
  HttpMessageRequest request;
  request.headers = c.headers;
  auto credentials = ReadCredentials(request, ParseQuery(c.query));
  if (!credentials) return std::string(ReasonName(credentials.error().reason));
  return credentials->public_key.empty() ? "none" : credentials->public_key;
}

class AuthSources : public testing::TestWithParam<Case> {};
TEST_P(AuthSources, Key) {
  EXPECT_EQ(KeyOf(GetParam()), GetParam().want);
}

const Case kCases[] = {
    {"B16_nothing", "", {}, "none"},
    {"query", "sentry_version=7&sentry_key=" + kKey + "&sentry_client=js%2F1", {}, kKey},
    {"header_with_blanks",
     "",
     {{"X-Sentry-Auth", "Sentry sentry_version=7, sentry_key=" + kKey + ", sentry_secret=x"}},
     kKey},
    {"header_without_blanks",
     "",
     {{"x-sentry-auth", "SENTRY sentry_version=7,sentry_client=j/1,sentry_key=" + kKey}},
     kKey},
    {"header_with_quotes", "", {{"X-Sentry-Auth", "Sentry sentry_key=\"" + kKey + "\""}}, kKey},
    {"authorization", "", {{"Authorization", "Sentry sentry_key=" + kKey}}, kKey},
    {"basic", "", {{"Authorization", "Basic " + EncodeBase64(kKey + ":")}}, kKey},
    {"basic_without_password", "", {{"Authorization", "Basic " + EncodeBase64(kKey)}}, kKey},
    {"basic_undecodable", "", {{"Authorization", "Basic !!"}}, "unauthenticated"},
    {"bearer_is_somebody_elses", "", {{"Authorization", "Bearer abc"}}, "none"},
    {"header_without_key", "", {{"X-Sentry-Auth", "Sentry sentry_version=7"}}, "unauthenticated"},
    {"header_of_another_scheme", "", {{"X-Sentry-Auth", "Token abc"}}, "none"},
    {"key_with_flags", "sentry_key=" + kKey + ".no-cache", {}, kKey},
    {"key_in_capitals", "sentry_key=0123456789ABCDEF0123456789ABCDEF", {}, kKey},
    {"key_too_short", "sentry_key=abc", {}, "invalid_argument"},
    {"B15_same_key_twice",
     "sentry_key=" + kKey,
     {{"X-Sentry-Auth", "Sentry sentry_key=" + kKey}},
     kKey},
    {"B15_two_keys",
     "sentry_key=" + kKey,
     {{"X-Sentry-Auth", "Sentry sentry_key=" + kOther}},
     "unauthenticated"},
    {"two_keys_in_headers",
     "",
     {{"X-Sentry-Auth", "Sentry sentry_key=" + kKey},
      {"Authorization", "Sentry sentry_key=" + kOther}},
     "unauthenticated"},
    {"other_sentry_parameter_is_no_claim",
     "sentry_release=1",
     {{"X-Sentry-Auth", "Sentry sentry_key=" + kKey}},
     kKey},
    {"version_8", "sentry_version=8&sentry_key=" + kKey, {}, kKey},
    {"version_7_0", "sentry_version=7.0&sentry_key=" + kKey, {}, kKey},
    {"version_2", "sentry_version=2&sentry_key=" + kKey, {}, kKey},
    {"version_9", "sentry_version=9&sentry_key=" + kKey, {}, "invalid_argument"},
    {"version_huge",
     "sentry_version=99999999999999999999&sentry_key=" + kKey,
     {},
     "invalid_argument"},
    {"version_malformed", "sentry_version=x&sentry_key=" + kKey, {}, kKey},
};

INSTANTIATE_TEST_SUITE_P(Table, AuthSources, testing::ValuesIn(kCases),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(Auth, TheClientIsKept) {
  HttpMessageRequest request;
  auto credentials = ReadCredentials(request, ParseQuery("sentry_client=sentry.javascript%2F9.1"));
  ASSERT_TRUE(credentials.has_value());
  EXPECT_EQ(credentials->sentry_client, "sentry.javascript/9.1");
}

TEST(Auth, QueriesAreDecodedAndTheLastValueCounts) {
  QueryParameters query = ParseQuery("a=1&b&&c=x%20y+z&a=2&%61b=3");
  EXPECT_EQ(QueryValue(query, "a"), "2");
  EXPECT_EQ(QueryValue(query, "b"), "");
  EXPECT_EQ(QueryValue(query, "c"), "x y z");
  EXPECT_EQ(QueryValue(query, "ab"), "3");
  EXPECT_EQ(QueryValue(query, "missing"), "");
}

TEST(Auth, TheEnvelopeDsnIsAKeyOrMustAgree) {
  Dsn dsn;
  dsn.public_key = kKey;
  dsn.project = ProjectId{42};
  Credentials none;
  EXPECT_TRUE(CheckEnvelopeDsn(dsn, ProjectId{42}, none).has_value());
  EXPECT_EQ(none.public_key, kKey);  // B13
  Credentials same{kKey, ""};
  EXPECT_TRUE(CheckEnvelopeDsn(dsn, ProjectId{}, same).has_value());
  Credentials other{kOther, ""};
  EXPECT_EQ(CheckEnvelopeDsn(dsn, ProjectId{42}, other).error().reason, Reason::kInvalidEnvelope);
  EXPECT_EQ(CheckEnvelopeDsn(dsn, ProjectId{43}, same).error().reason,
            Reason::kInvalidEnvelope);  // B14
}

}  // namespace
}  // namespace mishap
