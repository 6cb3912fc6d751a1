#include "ingest/route.h"

#include <gtest/gtest.h>

namespace mishap {
namespace {

TEST(Route, SlashesAreForgivenCaseIsNot) {
  using enum IngestEndpoint;
  struct Case {
    const char* path;
    const char* prefix;
    IngestEndpoint endpoint;
    const char* project;
  };
  for (const Case& c : {
           Case{"/api/42/envelope/", "", kEnvelope, "42"},
           Case{"/api/42/envelope", "", kEnvelope, "42"},  // B19
           Case{"//api//42///envelope//", "", kEnvelope, "42"},
           Case{"//api//1//store//", "", kStore, "1"},  // B20
           Case{"/api/store/", "", kStore, ""},
           Case{"/api/store", "", kStore, ""},
           Case{"/api/abc/envelope/", "", kEnvelope, "abc"},  // 400 later, not 404
           Case{"/mishap/api/42/envelope/", "/mishap", kEnvelope, "42"},
           Case{"/mishap/api/42/envelope/", "/mishap/", kEnvelope, "42"},
           Case{"/api/42/envelope/", "/mishap", kEnvelope, "42"},  // a proxy that strips it
           Case{"/mishapx/api/42/envelope/", "/mishap", kNone, ""},
           Case{"/API/42/envelope/", "", kNone, ""},
           Case{"/api/42/Envelope/", "", kUnsupported, "42"},
           Case{"/api/42/envelope/x", "", kUnsupported, "42"},
           Case{"/tunnel", "", kTunnel, ""},
           Case{"/tunnel/", "", kTunnel, ""},
           Case{"/mishap/tunnel", "/mishap", kTunnel, ""},
           Case{"/tunnel/x", "", kNone, ""},
           Case{"/api/42/security/", "", kSecurity, "42"},
           Case{"/api/42/csp-report", "", kSecurity, "42"},
           Case{"/api/42/nel/", "", kNel, "42"},
           Case{"/api/42/nel/x", "", kUnsupported, "42"},
           Case{"/api/embed/error-page/", "", kErrorPage, ""},
           Case{"/api/42/cron/nightly/", "", kCron, "42"},
           Case{"/api/42/cron/nightly/abc", "", kCron, "42"},
           Case{"/api/42/cron/", "", kUnsupported, "42"},
           Case{"/api/42/minidump", "", kMinidump, "42"},
           Case{"/api/42/events/9ec7/attachments/", "", kAttachments, "42"},
           Case{"/api/42/unreal/key/", "", kUnsupported, "42"},
           Case{"/api/42/nowhere", "", kUnsupported, "42"},
           Case{"/api/0/projects/", "", kNone, ""},
           Case{"/api/abc/nowhere/", "", kNone, ""},
           Case{"/api/0/store/", "", kNone, ""},
           Case{"/api/", "", kNone, ""},
           Case{"/", "", kNone, ""},
           Case{"", "", kNone, ""},
           Case{"/a/b/c/d/e/f/g/h/i", "", kNone, ""},
       }) {
    IngestRoute route = RouteIngest(c.path, c.prefix);
    EXPECT_EQ(route.endpoint, c.endpoint) << c.path;
    EXPECT_EQ(route.project, c.project) << c.path;
    EXPECT_EQ(IsIngestPath(c.path, c.prefix), c.endpoint != kNone) << c.path;
  }
}

}  // namespace
}  // namespace mishap
