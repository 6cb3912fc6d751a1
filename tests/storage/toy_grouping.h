// What tests of versions need: a toy algorithm that groups by the type of the main exception alone,
// a directory that is what the database says now, and the digest's preparer in front of the writer.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "digest/prepare.h"
#include "event/event_json.h"
#include "event/record.h"
#include "storage/directory_store.h"
#include "storage/organization_store.h"
#include "storage/project_grouping_store.h"
#include "storage/project_store.h"
#include "tests/storage/digest_fixture.h"

namespace mishap {

class ToyGrouping final : public GroupingAlgorithm {
 public:
  std::string_view Id() const override { return "g0"; }
  std::int16_t StoredId() const override { return 0; }
  Grouped Group(const Event& event) const override {
    Grouped grouped;
    Hash128 hash;
    const std::string& type = event.exceptions.back().type;
    for (std::size_t i = 0; i < type.size(); ++i) {
      hash.bytes[i % 16] = static_cast<std::uint8_t>(hash.bytes[i % 16] * 31 + type[i]);
    }
    grouped.keys.site = hash;
    grouped.keys.path = hash;
    grouped.keys.message = hash;
    grouped.keys.alias = hash;
    grouped.keys.weak = true;
    return grouped;
  }
  std::string Explain(const Event&) const override { return R"({"algo":"g0"})"; }
};

inline const GroupingAlgorithm* FindToy(std::string_view id) {
  static const ToyGrouping kToy;
  return id == "g0" ? &kToy : FindGrouping(id);
}

class NowDirectory final : public ProjectDirectory {
 public:
  std::shared_ptr<const DirectorySnapshot> Current() const override { return current; }
  bool IsAuthoritative() const override { return true; }
  std::shared_ptr<const DirectorySnapshot> current = std::make_shared<const DirectorySnapshot>();
};

class VersionTest : public DigestTest {
 protected:
  VersionTest() {
    organization_ = CreateOrganization(session_, "acme", "Acme").value().id;
    project_ = CreateProject(session_, organization_, "web", "Web", "python").value().id;
    Refresh();
  }
  void Refresh() {
    directory_.current = std::make_shared<const DirectorySnapshot>(LoadDirectory(session_).value());
    preparer_ =
        std::make_unique<EventPreparer>(codec_, ProjectGroupings(directory_, FindToy), *writer_);
  }
  Scope InScope() const { return {organization_, "acme", UserId{}, {project_}, {}}; }
  // days: the transition; 0: none.
  void Change(GroupingSetup setup, int days = 14) {
    setup.version = ReadGroupingVersions(session_, InScope(), project_, 1).value()[0].setup.version;
    const Timestamp now = SystemClock().Now();
    ASSERT_TRUE(ChangeProjectGrouping(session_, AuditBy{{}, "mara", "", now}, InScope(), project_,
                                      setup, Timestamp{now.micros + days * 24 * kMicrosPerHour}));
    Refresh();
  }
  // A Python error of `type` in shop.cart.<function>, called by shop.views.checkout, saying `text`.
  DigestEvent Error(std::uint64_t n, const std::string& type, const std::string& function,
                    const std::string& text = "broken") {
    Event event;
    event.id = EventIdOf(n);
    event.timestamp = SystemClock().Now();
    event.type = "error";
    event.platform = "python";
    Frame caller;
    caller.module = "shop.views";
    caller.function = "checkout";
    caller.in_app = true;
    Frame frame;
    frame.module = "shop.cart";
    frame.function = function;
    frame.filename = "shop/cart.py";
    frame.in_app = true;
    Exception exception;
    exception.type = type;
    exception.value = text;
    exception.stacktrace = Stacktrace{{caller, frame}, {}};
    event.exceptions.push_back(std::move(exception));
    EventRecord record;
    record.event_id = event.id;
    record.received_at = SystemClock().Now();
    record.key = KeyId{1};
    record.payload = codec_.Compress(WriteEventJson(event));
    SpoolRecord stored;
    stored.type = static_cast<std::uint8_t>(RecordType::kEvent);
    stored.project = project_;
    stored.payload = EncodeEventRecord(record);
    return preparer_->Prepare(stored).value();
  }
  // "ValueError: broken=3 ..": issues with their counts, by id.
  std::string Issues() const {
    return db_.Dump(
        "select id % 1000, title, times_seen from tenant.issue where status < 3 order by id");
  }

  Session session_{ConnectionSettings{.conninfo = db_.ConnInfo()}};
  OrganizationId organization_;
  ProjectId project_;
  PayloadCodec codec_;
  NowDirectory directory_;
  std::unique_ptr<EventPreparer> preparer_;
};

}  // namespace mishap
