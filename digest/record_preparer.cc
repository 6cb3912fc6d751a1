#include "digest/record_preparer.h"

#include <exception>
#include <string>
#include <utility>

#include "event/record.h"
#include "event/typed_record.h"

namespace mishap {
namespace {

PreparedRecord Undecodable(const SpoolRecord& record, const std::string& why) {
  return MakeDeadLetter(record, "undecodable", why);
}

class TypedRecordPreparer final : public RecordPreparer {
 public:
  TypedRecordPreparer(const PayloadCodec& codec, ProjectGroupings groupings,
                      const DigestWriter& writer)
      : events_(codec, std::move(groupings), writer) {}

  PreparedRecord Prepare(const SpoolRecord& record) override {
    // The one catch of a worker's loop: a library that throws costs this record, not its batch.
    try {
      return Dispatch(record);
    } catch (const std::exception& e) {
      return Undecodable(record, std::string("preparing the record threw: ") + e.what());
    }
  }

 private:
  PreparedRecord Dispatch(const SpoolRecord& record) {
    switch (static_cast<RecordType>(record.type)) {
      case RecordType::kEvent: {
        auto event = events_.Prepare(record);
        if (!event) return Undecodable(record, event.error().detail);
        return std::move(*event);
      }
      case RecordType::kOutcomes: {
        auto outcomes = DecodeOutcomesRecord(record.payload);
        if (!outcomes) return Undecodable(record, outcomes.error().detail);
        return std::move(outcomes->counts);
      }
      case RecordType::kSessionUpdate:
      case RecordType::kSessionAggregate:
      case RecordType::kCheckIn:
      case RecordType::kClientReport:
      case RecordType::kFeedback:
      case RecordType::kAttachmentRef: {
        auto typed = DecodeTypedRecord(static_cast<RecordType>(record.type), record.payload);
        if (!typed) return Undecodable(record, typed.error().detail);
        return DigestTyped{record.seq, record.project, std::move(*typed)};
      }
    }
    return MakeDeadLetter(record, "unknown_type",
                          "record type " + std::to_string(record.type) +
                              " is not read by this version; retry it after an upgrade");
  }

  EventPreparer events_;
};

}  // namespace

std::unique_ptr<RecordPreparer> MakeRecordPreparer(const PayloadCodec& codec,
                                                   ProjectGroupings groupings,
                                                   const DigestWriter& writer) {
  return std::make_unique<TypedRecordPreparer>(codec, std::move(groupings), writer);
}

}  // namespace mishap
