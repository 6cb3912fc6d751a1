#include "ingest/client_address.h"

#include <gtest/gtest.h>

namespace mishap {
namespace {

TEST(ClientAddress, BelievesOnlyTrustedProxies) {
  auto trusted = TrustedProxies::Parse({"10.0.0.0/8", "::1", "192.168.1.7", "fd00::/8"});
  ASSERT_TRUE(trusted.has_value()) << trusted.error().detail;
  struct Case {
    const char* peer;
    const char* forwarded;
    const char* want;
  };
  for (const Case& c : {
           Case{"10.1.2.3", "203.0.113.9", "203.0.113.9"},
           Case{"203.0.113.1", "198.51.100.7", "203.0.113.1"},        // anybody's claim
           Case{"10.1.2.3", "6.6.6.6, 203.0.113.9", "203.0.113.9"},   // the client's own lie
           Case{"10.1.2.3", "203.0.113.9, 10.9.9.9", "203.0.113.9"},  // two proxies
           Case{"10.1.2.3", "10.9.9.9", "10.9.9.9"},
           Case{"10.1.2.3", "", "10.1.2.3"},
           Case{"10.1.2.3", "unknown", "10.1.2.3"},
           Case{"10.1.2.3", "203.0.113.9:4711", "203.0.113.9"},
           Case{"::1", "[2001:db8::5]:80", "2001:db8::5"},
           Case{"::1", "2001:db8::5", "2001:db8::5"},
           Case{"::ffff:10.0.0.1", "203.0.113.9", "203.0.113.9"},
           Case{"192.168.1.8", "203.0.113.9", "192.168.1.8"},
           Case{"192.168.1.7", "203.0.113.9", "203.0.113.9"},
           Case{"fd12::1", "203.0.113.9", "203.0.113.9"},
           Case{"", "203.0.113.9", ""},
           Case{"10.0.0.1", "[", "10.0.0.1"},
       }) {
    EXPECT_EQ(ClientAddress(c.peer, c.forwarded, *trusted), c.want)
        << c.peer << " <- " << c.forwarded;
  }
  EXPECT_EQ(ClientAddress("10.0.0.1", "203.0.113.9", TrustedProxies()), "10.0.0.1");
}

TEST(ClientAddress, BadBlocksAreNamed) {
  for (const char* bad : {"proxy", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "::/129", "1.2.3/8",
                          "10.0.0.0/8x", ""}) {
    auto parsed = TrustedProxies::Parse({"127.0.0.1", bad});
    ASSERT_FALSE(parsed.has_value()) << bad;
    EXPECT_NE(parsed.error().detail.find(std::string("\"") + bad + "\""), std::string::npos);
  }
  EXPECT_TRUE(TrustedProxies::Parse({"0.0.0.0/0"})->Contains("8.8.8.8"));
  EXPECT_FALSE(TrustedProxies::Parse({"0.0.0.0/0"})->Contains("2001:db8::1"));
}

}  // namespace
}  // namespace mishap
