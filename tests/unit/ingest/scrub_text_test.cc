// The matchers: what is a secret, what only looks like one, and that hostile texts stay linear.
#include "ingest/scrub_text.h"

#include <gtest/gtest.h>

namespace mishap {
namespace {

std::string Cleaned(std::string_view text, TextRules rules = {}) {
  std::string_view rule;
  auto clean = WithoutSecrets(text, rules, rule);
  return clean ? *clean : std::string(text);
}

TEST(SecretWordTest, WordsAnywhereInAnyCase) {
  for (const char* text :
       {"password",  "userPassword", "PASSWD",        "client_secret", "apikey",
        "API-Key",   "x_api_key",    "Authorization", "author",        "aws-credentials",
        "mysql_pwd", "privateKey",   "private-key",   "token=abc",     "csrf_tokens:1",
        "otp",       "OTP",          "two_factor",    "two-factor",    "wrong password"}) {
    EXPECT_TRUE(HasSecretWord(text)) << text;
  }
  for (const char* text : {"", "pass", "passw", "secre", "api key", "tokens", "token abc=1", "otps",
                           "two factor", "private", "mysql", "credential", "aut"}) {
    EXPECT_FALSE(HasSecretWord(text)) << text;
  }
  EXPECT_TRUE(IsSecretName("csrfToken"));
  EXPECT_FALSE(IsSecretName("user_id"));
  EXPECT_TRUE(IsSessionCookie("PHPSESSID"));
  EXPECT_FALSE(IsSessionCookie("theme"));
}

TEST(SecretShapeTest, Shapes) {
  struct Case {
    const char* text;
    const char* want;
  };
  const Case cases[] = {
      {"4111111111111111", "[Filtered]"},
      {"card 4111 1111 1111 1111.", "card [Filtered]."},
      {"'4111-1111-1111-1111'", "'[Filtered]'"},
      {"378282246310005", "[Filtered]"},
      {"5555555555554444 and 6011111111111117", "[Filtered] and [Filtered]"},
      {"41111111111111112", "41111111111111112"},
      {"1234567812345678", "1234567812345678"},
      {"a4111111111111111", "a4111111111111111"},
      {"0.4111111111111111", "0.4111111111111111"},
      {"4111  1111 1111 1111", "4111  1111 1111 1111"},
      {"ssn 078-05-1120", "ssn [Filtered]"},
      {"1078-05-1120", "1078-05-1120"},
      {"2026-05-01T10:00:00", "2026-05-01T10:00:00"},
      {"iban DE89370400440532013000!", "iban [Filtered]!"},
      {"id de89370400440532013000 of a request", "id de89370400440532013000 of a request"},
      {"DE89370400440532013001", "DE89370400440532013001"},
      {"ad12ad12ad12ad12ad12ad12ad12ad12", "ad12ad12ad12ad12ad12ad12ad12ad12"},
      {"Bearer abc.def", "[Filtered]"},
      {"authed by bearer  x", "authed by bearer  x"},
      {"http://jo:pw@host/x", "http://[Filtered]@host/x"},
      {"http://key@host/x http://h:80/a@b", "http://key@host/x http://h:80/a@b"},
      {"-----BEGIN RSA PRIVATE KEY-----\nMIIabc\n-----END RSA PRIVATE KEY-----",
       "-----BEGIN RSA PRIVATE KEY-----[Filtered]-----END RSA PRIVATE KEY-----"},
      {"-----BEGIN PUBLIC KEY-----\ncut", "-----BEGIN PUBLIC KEY-----[Filtered]"},
      {"-----BEGIN CERTIFICATE-----\nMII\n", "-----BEGIN CERTIFICATE-----\nMII\n"},
      {"jo@example.com", "jo@example.com"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(Cleaned(c.text), c.want) << c.text;
    EXPECT_EQ(Cleaned(c.want), c.want) << "twice";
    bool found = Cleaned(c.text) != c.text;
    EXPECT_TRUE(!found || MayHoldSecrets(std::string("\"") + c.text + "\"")) << c.text;
  }
}

TEST(SecretShapeTest, TypedReplacementsOfMessages) {
  TextRules rules{.emails = true, .addresses = true, .typed = true};
  EXPECT_EQ(Cleaned("mail jo.b+x@mail.example.com, 4111111111111111 from 10.0.0.1:80", rules),
            "mail [email], [creditcard] from [ip]:80");
  EXPECT_EQ(Cleaned("at fe80::1 and 2001:db8::8:800:200c:417a.", rules), "at [ip] and [ip].");
  EXPECT_EQ(Cleaned("12:30:45 1.2.3 1.2.3.4.5 a@b @x std::string", rules),
            "12:30:45 1.2.3 1.2.3.4.5 a@b @x std::string");
  EXPECT_EQ(Cleaned("a@b.co a@b.co", rules), "[email] [email]");
}

TEST(SecretShapeTest, PrefilterNeverMissesAfterEscapes) {
  for (const char* json :
       {R"("a\n4111111111111111")", R"("x\tDE89370400440532013000")", R"({"passwd":1})",
        R"({"otp":1})", R"({"two_factor":1})", R"(["\"//a:b@c"])", R"({"x":4111111111111111})",
        R"("\nbearer x")", R"("4111 1111 1111 1111")", R"("\n078-05-1120")"}) {
    EXPECT_TRUE(MayHoldSecrets(json)) << json;
  }
  for (const char* json :
       {R"({"a":1795363134.946,"path":"/usr/lib/python3/x.py"})", R"({"id":"6b1f9c0d"})"}) {
    EXPECT_FALSE(MayHoldSecrets(json)) << json;
  }
}

TEST(SecretShapeTest, HostileTextsStayLinear) {
  TextRules rules{.emails = true, .addresses = true, .typed = true};
  for (const char* piece : {"token", "//a:", "4", "@", "a@", "1.", ":", "-----BEGIN ",
                            "-----BEGIN KEY-----", "DE12", "bearer ", "4-", "078-05-", "a.@a."}) {
    std::string text;
    while (text.size() < 1'000'000) text += piece;
    Cleaned(text, rules);
    HasSecretWord(text);
    MayHoldSecrets(text);
  }
}

}  // namespace
}  // namespace mishap
