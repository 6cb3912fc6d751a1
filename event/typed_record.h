// Typed records: what SDKs send beside events, as the door acknowledged it (record types 3 to 8).
// One struct a type, one codec for all; docs/formats/spool.md is the contract of the bytes. What
// becomes of each is the digest's business (storage/typed/).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "event/outcome.h"
#include "event/record.h"

namespace mishap {

// Names the same thing sent again; nil: not recognisable.
using RepeatId = Id128<struct RepeatTag>;
using SessionId = Id128<struct SessionTag>;
using CheckInId = Id128<struct CheckInTag>;
using AttachmentId = Id128<struct AttachmentTag>;

enum class SessionStatus : std::uint8_t {
  kOk = 0,  // still running; all others are final
  kExited = 1,
  kErrored = 2,
  kCrashed = 3,
  kAbnormal = 4,
  kUnhandled = 5,
  kUnknown = 6,  // a word of a newer SDK
};

enum class AbnormalMechanism : std::uint8_t { kNone = 0, kAnrForeground = 1, kAnrBackground = 2 };

// One state of one session (ingest-protocol 5.4).
struct SessionUpdate {
  SessionId sid;
  std::optional<std::uint64_t> user_hash;  // XXH3-64 of the distinct id
  std::uint64_t seq = 0;
  bool init = false;
  Timestamp started;
  Timestamp timestamp;
  std::int64_t duration_ms = -1;  // -1: not told
  SessionStatus status = SessionStatus::kOk;
  AbnormalMechanism mechanism = AbnormalMechanism::kNone;
  std::uint32_t errors = 0;
  std::string release;      // never empty
  std::string environment;  // empty: none

  bool operator==(const SessionUpdate&) const = default;
};

// Sessions counted by the client (5.5). `errored` holds neither crashed, abnormal nor unhandled
// ones.
struct SessionBucket {
  Timestamp started;
  std::optional<std::uint64_t> user_hash;
  std::int64_t exited = 0;
  std::int64_t errored = 0;
  std::int64_t abnormal = 0;
  std::int64_t unhandled = 0;
  std::int64_t crashed = 0;

  bool operator==(const SessionBucket&) const = default;
};
struct SessionAggregate {
  RepeatId repeat;
  std::string release;
  std::string environment;
  std::vector<SessionBucket> buckets;

  bool operator==(const SessionAggregate&) const = default;
};

enum class CheckInStatus : std::uint8_t { kInProgress = 0, kOk = 1, kError = 2, kUnknown = 3 };

// A monitored job reports (5.8).
struct CheckIn {
  CheckInId id;         // never nil
  bool latest = false;  // continues the monitor's newest one in progress; `id` if there is none
  std::string slug;
  CheckInStatus status = CheckInStatus::kUnknown;
  std::int64_t duration_ms = -1;  // -1: not told
  std::string environment;        // never empty
  std::string release;
  std::string trace_id;        // 32 hex digits, or empty
  std::string monitor_config;  // a JSON object that describes the monitor, or empty

  bool operator==(const CheckIn&) const = default;
};

// What a client threw away itself (5.9). Categories as the client calls them.
struct ClientDiscard {
  std::string reason;
  std::string category;
  std::int64_t quantity = 0;

  bool operator==(const ClientDiscard&) const = default;
};
struct ClientReport {
  RepeatId repeat;
  Timestamp timestamp;
  std::vector<ClientDiscard> discards;

  bool operator==(const ClientReport&) const = default;
};

enum class FeedbackKind : std::uint8_t {
  kFeedback = 0,    // an item of its own: an event of the SDK
  kUserReport = 1,  // about an event: item user_report, error page, API. One per event
};

// What a person wrote (5.6, 5.7); scrubbed.
struct Feedback {
  FeedbackKind kind = FeedbackKind::kFeedback;
  EventId id;        // of the feedback; the event's of a user report
  EventId event_id;  // what it is about; nil: nothing
  Timestamp occurred_at;
  std::string name;
  std::string email;
  std::string comments;
  std::string url;
  std::string replay_id;
  std::string source;  // "widget", "error_page", "api" ...
  std::string environment;
  std::string release;
  std::string payload;  // PayloadCodec frame of the whole event, of kFeedback; else empty

  bool operator==(const Feedback&) const = default;
};

// A blob that was written and synced before (spool/blob_files.h).
struct AttachmentRef {
  AttachmentId id;  // of event, name and content: the same sent again has the same
  EventId event_id;
  std::string name;
  std::string content_type;
  std::string type;  // "event.attachment", "event.minidump" ...
  std::int64_t bytes = 0;
  std::string sha1;  // 40 hex digits
  std::string blob;  // BlobFiles' name

  bool operator==(const AttachmentRef&) const = default;
};

using TypedBody =
    std::variant<SessionUpdate, SessionAggregate, CheckIn, ClientReport, Feedback, AttachmentRef>;

struct TypedRecord {
  KeyId key;
  Timestamp received_at;
  TypedBody body;

  bool operator==(const TypedRecord&) const = default;
};

RecordType TypeOf(const TypedBody& body);
// What the item is counted as, and how many of it: bytes of an attachment (at least 1), else 1.
Category CategoryOf(const TypedBody& body);
std::int64_t QuantityOf(const TypedBody& body);

// True for the types of this file.
bool IsTyped(RecordType type);
std::string EncodeTypedRecord(const TypedRecord& record);
// Errors: internal (not what the encoder writes).
Result<TypedRecord> DecodeTypedRecord(RecordType type, std::string_view bytes);

}  // namespace mishap
