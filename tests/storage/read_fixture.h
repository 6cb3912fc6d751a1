// ApiTest: a real database seeded through the real digest writer, and the API's dispatch in front
// of it: requests in, JSON out, without sockets.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "api/dispatch.h"
#include "event/payload_codec.h"
#include "storage/organization_store.h"
#include "storage/project_store.h"
#include "storage/token_store.h"
#include "tests/storage/digest_fixture.h"

namespace mishap {

class FixedClock final : public Clock {
 public:
  Timestamp Now() const override { return now; }
  std::chrono::steady_clock::time_point Steady() const override { return {}; }

  Timestamp now = Noon(3600);
};

class ApiTest : public DigestTest {
 protected:
  ApiTest();

  struct Reply {
    int status = 0;
    std::string body;
    HttpHeaders headers;
    boost::json::value json;

    std::string Header(std::string_view name) const;
    // Of a list: the member `name` of every element, as text.
    std::vector<std::string> Column(const char* name) const;
    // "/a/b/0": the JSON text there, strings without quotes; "<absent>" if there is none.
    std::string At(const char* pointer) const;
  };
  Reply Send(std::string method, std::string target, std::string body, const std::string& token);
  Reply Get(std::string target) { return Send("GET", std::move(target), "", token_); }
  Reply Put(std::string target, std::string body) {
    return Send("PUT", std::move(target), std::move(body), token_);
  }
  // The cursor of rel="next" or "previous"; empty when it says results="false".
  static std::string CursorOf(const Reply& reply, std::string_view rel);

  std::string Mint(OrganizationId organization, std::vector<std::string> scopes);
  // As the digest does it: level, environment and release are tags too.
  DigestCommit Store(std::vector<DigestEvent> events);
  // An event whose payload the API can read.
  DigestEvent Readable(std::uint64_t n, std::uint64_t hash, ProjectId project);

  Session session_{ConnectionSettings{.conninfo = db_.ConnInfo()}};
  SystemRandom random_;
  FixedClock clock_;
  PayloadCodec codec_;
  ReaderPool readers_{ConnectionSettings{.conninfo = db_.ConnInfo()}, 1};
  Dispatch dispatch_{"http://host", readers_, codec_, clock_, random_};
  EventReader reader_;

  Organization acme_;
  Organization other_;
  ProjectId web_;      // acme
  ProjectId mobile_;   // acme
  ProjectId foreign_;  // other
  std::string token_;  // acme, everything
};

}  // namespace mishap
