#include "event/typed_record.h"

#include <algorithm>

#include "event/record_bytes.h"

namespace mishap {
namespace {

constexpr std::size_t kSmallestBucketBytes = 8 + 1 + 8 + 5 * 8;
constexpr std::size_t kSmallestDiscardBytes = 4 + 4 + 8;

// Writes fields in order...
class FieldWriter {
 public:
  explicit FieldWriter(std::string& out) : writer_(out) {}

  template <class Tag>
  void operator()(const Id128<Tag>& id) {
    writer_.Id(id);
  }
  void operator()(const std::string& text) { writer_.Text(text); }
  void operator()(Timestamp time) { writer_.Number(time.micros); }
  void operator()(KeyId key) { writer_.Number(key.value); }
  void operator()(bool flag) { writer_.Number(static_cast<std::uint8_t>(flag)); }
  void operator()(std::int64_t number) { writer_.Number(number); }
  void operator()(std::uint64_t number) { writer_.Number(number); }
  void operator()(std::uint32_t number) { writer_.Number(number); }
  void operator()(const std::optional<std::uint64_t>& number) {
    (*this)(number.has_value());
    writer_.Number(number.value_or(0));
  }
  template <class Enum>
  void Choice(Enum value, Enum) {
    writer_.Number(static_cast<std::uint8_t>(value));
  }
  template <class T>
  void List(const std::vector<T>& list, std::size_t) {
    writer_.Number(static_cast<std::uint32_t>(list.size()));
    for (const T& element : list) Fields(*this, element);
  }

 private:
  RecordWriter writer_;
};

// ... and reads them in the same.
class FieldParser {
 public:
  explicit FieldParser(std::string_view bytes) : reader_(bytes), bytes_(bytes.size()) {
    ok_ = reader_.Number<std::uint8_t>() == kRecordVersion;
  }

  template <class Tag>
  void operator()(Id128<Tag>& id) {
    id = reader_.Id128Of<Id128<Tag>>();
  }
  void operator()(std::string& text) { text = reader_.Text(); }
  void operator()(Timestamp& time) { time.micros = reader_.Number<std::int64_t>(); }
  void operator()(KeyId& key) { key.value = reader_.Number<std::int64_t>(); }
  void operator()(bool& flag) {
    auto value = reader_.Number<std::uint8_t>();
    if (value > 1) ok_ = false;
    flag = value == 1;
  }
  void operator()(std::int64_t& number) { number = reader_.Number<std::int64_t>(); }
  void operator()(std::uint64_t& number) { number = reader_.Number<std::uint64_t>(); }
  void operator()(std::uint32_t& number) { number = reader_.Number<std::uint32_t>(); }
  void operator()(std::optional<std::uint64_t>& number) {
    bool there = false;
    (*this)(there);
    auto value = reader_.Number<std::uint64_t>();
    if (there) number = value;
  }
  template <class Enum>
  void Choice(Enum& value, Enum last) {
    auto number = reader_.Number<std::uint8_t>();
    if (number > static_cast<std::uint8_t>(last)) ok_ = false;
    value = static_cast<Enum>(number);
  }
  template <class T>
  void List(std::vector<T>& list, std::size_t smallest) {
    auto size = reader_.Number<std::uint32_t>();
    if (size > bytes_ / smallest) ok_ = false;  // never trust a count with memory
    for (std::uint32_t i = 0; ok_ && reader_.Ok() && i < size; ++i) {
      Fields(*this, list.emplace_back());
    }
  }
  bool Done() const { return ok_ && reader_.Done(); }

 private:
  RecordReader reader_;
  std::size_t bytes_;
  bool ok_ = true;
};

// One list of fields for both directions: Body is const when writing.
template <class Io, class Body>
void Fields(Io& io, Body& b) {
  using T = std::remove_const_t<Body>;
  if constexpr (std::is_same_v<T, SessionUpdate>) {
    io(b.sid), io(b.user_hash), io(b.seq), io(b.init), io(b.started), io(b.timestamp);
    io(b.duration_ms);
    io.Choice(b.status, SessionStatus::kUnknown);
    io.Choice(b.mechanism, AbnormalMechanism::kAnrBackground);
    io(b.errors), io(b.release), io(b.environment);
  } else if constexpr (std::is_same_v<T, SessionBucket>) {
    io(b.started), io(b.user_hash), io(b.exited), io(b.errored), io(b.abnormal);
    io(b.unhandled), io(b.crashed);
  } else if constexpr (std::is_same_v<T, SessionAggregate>) {
    io(b.repeat), io(b.release), io(b.environment);
    io.List(b.buckets, kSmallestBucketBytes);
  } else if constexpr (std::is_same_v<T, CheckIn>) {
    io(b.id), io(b.latest), io(b.slug);
    io.Choice(b.status, CheckInStatus::kUnknown);
    io(b.duration_ms), io(b.environment), io(b.release), io(b.trace_id), io(b.monitor_config);
  } else if constexpr (std::is_same_v<T, ClientDiscard>) {
    io(b.reason), io(b.category), io(b.quantity);
  } else if constexpr (std::is_same_v<T, ClientReport>) {
    io(b.repeat), io(b.timestamp);
    io.List(b.discards, kSmallestDiscardBytes);
  } else if constexpr (std::is_same_v<T, Feedback>) {
    io.Choice(b.kind, FeedbackKind::kUserReport);
    io(b.id), io(b.event_id), io(b.occurred_at), io(b.name), io(b.email), io(b.comments);
    io(b.url), io(b.replay_id), io(b.source), io(b.environment), io(b.release), io(b.payload);
  } else {
    static_assert(std::is_same_v<T, AttachmentRef>);
    io(b.id), io(b.event_id), io(b.name), io(b.content_type), io(b.type), io(b.bytes);
    io(b.sha1), io(b.blob);
  }
}

template <class Body>
Result<TypedRecord> DecodeAs(std::string_view bytes) {
  TypedRecord record;
  FieldParser parser(bytes);
  parser(record.key);
  parser(record.received_at);
  Fields(parser, record.body.emplace<Body>());
  if (!parser.Done()) return DamagedRecord(RecordTypeName(TypeOf(record.body)));
  return record;
}

}  // namespace

RecordType TypeOf(const TypedBody& body) {
  constexpr RecordType kTypes[] = {RecordType::kSessionUpdate, RecordType::kSessionAggregate,
                                   RecordType::kCheckIn,       RecordType::kClientReport,
                                   RecordType::kFeedback,      RecordType::kAttachmentRef};
  return kTypes[body.index()];
}

Category CategoryOf(const TypedBody& body) {
  constexpr Category kCategories[] = {Category::kSession,  Category::kSession,
                                      Category::kMonitor,  Category::kInternal,
                                      Category::kFeedback, Category::kAttachment};
  return kCategories[body.index()];
}

std::int64_t QuantityOf(const TypedBody& body) {
  const auto* attachment = std::get_if<AttachmentRef>(&body);
  return attachment == nullptr ? 1 : std::max<std::int64_t>(1, attachment->bytes);
}

bool IsTyped(RecordType type) {
  return type >= RecordType::kSessionUpdate && type <= RecordType::kAttachmentRef;
}

std::string EncodeTypedRecord(const TypedRecord& record) {
  std::string out;
  FieldWriter writer(out);
  writer(record.key);
  writer(record.received_at);
  std::visit([&](const auto& body) { Fields(writer, body); }, record.body);
  return out;
}

Result<TypedRecord> DecodeTypedRecord(RecordType type, std::string_view bytes) {
  switch (type) {
    case RecordType::kSessionUpdate:
      return DecodeAs<SessionUpdate>(bytes);
    case RecordType::kSessionAggregate:
      return DecodeAs<SessionAggregate>(bytes);
    case RecordType::kCheckIn:
      return DecodeAs<CheckIn>(bytes);
    case RecordType::kClientReport:
      return DecodeAs<ClientReport>(bytes);
    case RecordType::kFeedback:
      return DecodeAs<Feedback>(bytes);
    case RecordType::kAttachmentRef:
      return DecodeAs<AttachmentRef>(bytes);
    case RecordType::kEvent:
    case RecordType::kOutcomes:
      break;
  }
  return Fail(Reason::kInternal, "not a typed record");
}

}  // namespace mishap
