#include "ingest/typed/session_item.h"

#include <algorithm>

#include "base/bytes.h"
#include "ingest/normalise_limits.h"
#include "ingest/normalise_parts.h"

namespace mishap {
namespace {

constexpr std::size_t kWordBytesMax = 64;

struct Attributes {
  std::string release;
  std::string environment;
};

// By the rules of an event's release and environment; nullopt without a release.
std::optional<Attributes> ReadAttributes(const JsonFields& item) {
  auto attrs = item.Object("attrs");
  if (!attrs) return std::nullopt;
  Event event;
  event.release = attrs->Text("release", kReleaseBytesMax + 1);
  event.environment = attrs->Text("environment", kEnvironmentBytesMax + 1);
  NormalizeVersions(event);
  if (event.release.empty()) return std::nullopt;
  return Attributes{std::move(event.release), std::move(event.environment)};
}

SessionStatus StatusNamed(std::string_view word) {
  if (word.empty() || word == "ok") return SessionStatus::kOk;
  if (word == "exited") return SessionStatus::kExited;
  if (word == "errored") return SessionStatus::kErrored;
  if (word == "crashed") return SessionStatus::kCrashed;
  if (word == "abnormal") return SessionStatus::kAbnormal;
  if (word == "unhandled") return SessionStatus::kUnhandled;
  return SessionStatus::kUnknown;
}

AbnormalMechanism MechanismNamed(std::string_view word) {
  if (word == "anr_foreground") return AbnormalMechanism::kAnrForeground;
  return word == "anr_background" ? AbnormalMechanism::kAnrBackground : AbnormalMechanism::kNone;
}

bool IsInTime(Timestamp started, const ItemTimes& times, const IngestLimits& limits) {
  return started.micros >= times.received_at.micros - limits.session_age_s_max * kMicrosPerSecond &&
         started.micros <= times.received_at.micros + kFutureMax;
}

SessionId SessionIdOf(const JsonFields& item, Random& random) {
  auto sid = ParseId128<SessionId>(item.Text("sid", kWordBytesMax));
  return sid && !sid->IsNil() ? *sid : SessionId{random.Bytes16()};
}

SessionBucket BucketOf(const JsonFields& fields, Timestamp started) {
  constexpr std::uint64_t kCountMax = UINT32_MAX;
  auto count = [&](std::string_view name) {
    return static_cast<std::int64_t>(std::min(fields.Count(name).value_or(0), kCountMax));
  };
  SessionBucket bucket;
  bucket.started = started;
  bucket.user_hash = UserHashOf(fields.Text("did", kNameBytesMax));
  bucket.exited = count("exited");
  bucket.errored = count("errored");
  bucket.abnormal = count("abnormal");
  bucket.unhandled = count("unhandled");
  bucket.crashed = count("crashed");
  return bucket;
}

}  // namespace

Timestamp ItemTimes::Corrected(Timestamp time) const {
  if (!sent_at) return time;
  const std::int64_t drift = received_at.micros - sent_at->micros;
  if (drift < kDriftMin && drift > -kDriftMin) return time;
  std::int64_t moved = 0;
  return __builtin_add_overflow(time.micros, drift, &moved) ? time : Timestamp{moved};
}

ItemResult<SessionUpdate> ReadSession(JsonValue item, const ItemTimes& times,
                                      const IngestLimits& limits, Random& random) {
  const JsonFields fields(item);
  auto attributes = ReadAttributes(fields);
  auto started = fields.Time("started");
  if (!attributes || !started) return RefuseItem("payload");
  SessionUpdate update;
  update.started = times.Corrected(*started);
  if (!IsInTime(update.started, times, limits)) return RefuseItem("timestamp");
  auto timestamp = fields.Time("timestamp");
  update.timestamp = timestamp ? times.Corrected(*timestamp) : times.received_at;
  update.sid = SessionIdOf(fields, random);
  update.user_hash = UserHashOf(fields.Text("did", kNameBytesMax));
  update.init = fields.Flag("init");
  const auto now_ms = static_cast<std::uint64_t>(times.received_at.micros / 1000);
  update.seq = update.init ? 0 : fields.Count("seq").value_or(now_ms);
  update.duration_ms = DurationMs(fields.Number("duration"));
  update.status = StatusNamed(fields.Text("status", kWordBytesMax));
  update.mechanism = MechanismNamed(fields.Text("abnormal_mechanism", kWordBytesMax));
  update.errors = static_cast<std::uint32_t>(
      std::min<std::uint64_t>(fields.Count("errors").value_or(0), UINT32_MAX));
  const bool ended_badly = update.status == SessionStatus::kCrashed ||
                           update.status == SessionStatus::kAbnormal ||
                           update.status == SessionStatus::kUnhandled;
  if (ended_badly) update.errors = std::max<std::uint32_t>(1, update.errors);
  update.release = std::move(attributes->release);
  update.environment = std::move(attributes->environment);
  return update;
}

ItemResult<SessionAggregate> ReadSessions(JsonValue item, const ItemTimes& times,
                                          const IngestLimits& limits) {
  const JsonFields fields(item);
  auto attributes = ReadAttributes(fields);
  auto list = fields.Find("aggregates");
  if (!attributes || !list || !list->IsArray()) return RefuseItem("payload");
  SessionAggregate aggregate;
  std::size_t seen = 0;
  list->EachElement([&](JsonValue element) {
    const JsonFields bucket(element);
    auto started = bucket.Time("started");
    if (++seen > limits.session_buckets_max || !started) return;
    const Timestamp corrected = times.Corrected(*started);
    if (!IsInTime(corrected, times, limits)) return;
    aggregate.buckets.push_back(BucketOf(bucket, corrected));
  });
  if (seen > limits.session_buckets_max) return RefuseItem("too_large:sessions");
  if (aggregate.buckets.empty()) return RefuseItem(seen == 0 ? "payload" : "timestamp");
  aggregate.release = std::move(attributes->release);
  aggregate.environment = std::move(attributes->environment);
  return aggregate;
}

}  // namespace mishap
