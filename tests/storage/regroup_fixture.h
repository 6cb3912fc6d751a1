// Regroup: a fresh database, a writer, and one who may regroup project 1.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "storage/regroup/regroup.h"
#include "tests/storage/digest_fixture.h"

namespace mishap {

class Regroup : public DigestTest {
 protected:
  IssueId Issue(std::int64_t n) const { return MakeIssueId(ProjectId{1}, n); }
  long Count(std::int64_t n) const {
    return db_.Number("select times_seen from tenant.issue where id = " +
                      std::to_string(Issue(n).value));
  }
  // Event n of `hash`, by user n % 3, titled after its hash.
  static DigestEvent Of(std::uint64_t n, std::uint64_t hash, std::uint64_t text = 0) {
    DigestEvent event = MakeEvent(n, hash);
    event.user_hash = n % 3;
    if (text != 0) event.message_hash = HashOf(1000 + text);
    return event;
  }
  void StoreTwoIssues() {
    Store({Of(1, 1), Of(2, 1), Of(3, 1), Of(4, 2), Of(5, 2)});
    ASSERT_EQ(Count(1), 3);
    ASSERT_EQ(Count(2), 2);
  }

  Session session_{ConnectionSettings{.conninfo = db_.ConnInfo()}};
  Scope scope_{OrganizationId{1}, "acme", UserId{}, {ProjectId{1}, ProjectId{2}}, {}};
  Timestamp now_ = Noon(5000);
  // A test's payload names its event; the face follows from that.
  FaceReader faces_ = [](ProjectId, std::string payload) {
    IssueFace face;
    face.type = "error";
    face.platform = "python";
    face.title = "from " + payload;
    face.metadata_json = "{}";
    return std::optional<IssueFace>(face);
  };
};

}  // namespace mishap
