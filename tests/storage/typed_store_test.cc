// Typed records in the digest transaction: what is counted, what is stored, and that nothing counts
// twice however it comes again.
#include "event/typed_record.h"
#include "storage/typed/record_jobs.h"
#include "tests/storage/digest_fixture.h"

namespace mishap {
namespace {

template <class Id>
Id IdOf(std::uint8_t n) {
  Id id;
  id.bytes[0] = 0xAB;
  id.bytes[15] = n;
  return id;
}

class TypedStoreTest : public DigestTest {
 protected:
  // Commits these bodies, one record each, received `seconds` after noon.
  void StoreTyped(std::vector<TypedBody> bodies, std::int64_t seconds = 0) {
    DigestBatch batch = BatchOf({}, next_seq_);
    if (!started_) {
      EXPECT_EQ(writer_->Position(kTestSpool, 0).value(), 0u);
      started_ = true;
    }
    for (TypedBody& body : bodies) {
      batch.typed.push_back(
          {batch.next_seq++, ProjectId{1}, {KeyId{1}, Noon(seconds), std::move(body)}});
    }
    auto commit = writer_->Commit(batch);
    ASSERT_TRUE(commit) << commit.error().sqlstate << " " << commit.error().detail;
    next_seq_ = batch.next_seq;
  }
  // A line each row, columns separated by '|'.
  std::string Lines(const std::string& sql) {
    std::string out;
    for (const auto& row : db_.Rows(sql)) {
      if (!out.empty()) out += '\n';
      for (std::size_t i = 0; i < row.size(); ++i) out += (i > 0 ? "|" : "") + row[i];
    }
    return out;
  }
  // "accepted|2", "duplicate|1" of a category.
  std::string Outcomes(const std::string& category) {
    return Lines(
        "select case outcome when 0 then 'accepted' when 5 then 'client_discard' else reason end, "
        "sum(quantity) from tenant.outcome where category = '" +
        category + "' group by 1 order by 1");
  }
};

SessionUpdate Update(std::uint8_t n, SessionStatus status, bool init = true) {
  SessionUpdate update;
  update.sid = IdOf<SessionId>(n);
  update.started = Noon(-600);
  update.timestamp = Noon();
  update.status = status;
  update.init = init;
  update.seq = init ? 0 : 7;
  update.release = "shop@1";
  update.environment = "production";
  update.user_hash = n;
  return update;
}

constexpr const char* kHours =
    "select total, exited, errored, crashed, abnormal, unhandled, duration_ms, durations "
    "from tenant.session_hour order by hour, release_id";

TEST_F(TypedStoreTest, SessionsAreCountedOnceAsWhatTheyBecame) {
  StoreTyped({Update(1, SessionStatus::kOk), Update(2, SessionStatus::kOk)});
  EXPECT_EQ(Lines(kHours), "2|0|0|0|0|0|0|0");
  SessionUpdate errored = Update(1, SessionStatus::kOk, false);
  errored.errors = 2;
  StoreTyped({errored});
  EXPECT_EQ(Lines(kHours), "2|0|1|0|0|0|0|0");
  SessionUpdate crashed = Update(1, SessionStatus::kCrashed, false);
  crashed.errors = 3;
  crashed.duration_ms = 1500;
  SessionUpdate exited = Update(2, SessionStatus::kExited, false);
  exited.duration_ms = 500;
  StoreTyped({crashed, exited, crashed, Update(1, SessionStatus::kExited, false)});
  EXPECT_EQ(Lines(kHours), "2|1|0|1|0|0|2000|2");
  // The whole again, as an SDK that lost our answers sends it.
  StoreTyped({Update(1, SessionStatus::kOk), Update(2, SessionStatus::kOk), crashed, exited});
  EXPECT_EQ(Lines(kHours), "2|1|0|1|0|0|2000|2");
  EXPECT_EQ(Outcomes("session"), "accepted|5\nduplicate|6");
  EXPECT_EQ(Lines("select status, length(sketch) from tenant.session_user order by 1"),
            "0|17\n1|9\n3|9");
  EXPECT_EQ(Lines("select r.version, e.name from tenant.session_hour h "
                  "join tenant.project_release r on r.id = h.release_id "
                  "join tenant.environment e on e.id = h.environment_id"),
            "shop@1|production");
}

// Any order of the same updates gives the same counts.
TEST_F(TypedStoreTest, ALateStartAndAnotherServerCountTheSame) {
  StoreTyped({Update(1, SessionStatus::kCrashed, false)});
  EXPECT_EQ(Lines(kHours), "0|0|0|1|0|0|0|0");
  StoreTyped({Update(1, SessionStatus::kOk, true)});
  EXPECT_EQ(Lines(kHours), "1|0|0|1|0|0|0|0");
  auto other = NewWriter();
  const SpoolId spool{{9}};
  ASSERT_TRUE(other->Position(spool, 0));
  DigestBatch batch;
  batch.spool = spool;
  batch.next_seq = 1;
  batch.typed.push_back({0, ProjectId{1}, {KeyId{1}, Noon(), Update(1, SessionStatus::kOk, true)}});
  ASSERT_TRUE(other->Commit(batch));
  EXPECT_EQ(Lines(kHours), "1|0|0|1|0|0|0|0");
}

TEST_F(TypedStoreTest, AggregatesAreSummedAndARepeatIsNot) {
  SessionAggregate aggregate;
  aggregate.repeat = IdOf<RepeatId>(1);
  aggregate.release = "shop@1";
  SessionBucket bucket;
  bucket.started = Noon(-600);
  bucket.exited = 3;
  bucket.errored = 2;
  bucket.crashed = 1;
  bucket.user_hash = 5;
  aggregate.buckets = {bucket, bucket};
  aggregate.buckets[1].started = Noon(-7200);
  StoreTyped({aggregate, aggregate});
  StoreTyped({aggregate});
  EXPECT_EQ(Lines(kHours), "6|3|2|1|0|0|0|0\n6|3|2|1|0|0|0|0");
  EXPECT_EQ(Outcomes("session"), "accepted|1\nduplicate|2");
  aggregate.repeat = {};  // not recognisable: two clients may be alike
  StoreTyped({aggregate, aggregate});
  EXPECT_EQ(db_.Value("select sum(total) from tenant.session_hour"), "36");
}

TEST_F(TypedStoreTest, ASessionOlderThanRetentionIsExpired) {
  SessionUpdate old = Update(1, SessionStatus::kOk);
  old.started = Noon(-100 * 86'400);
  StoreTyped({old});
  EXPECT_EQ(Outcomes("session"), "expired|1");
  EXPECT_EQ(Lines(kHours), "");
}

CheckIn Check(std::uint8_t n, CheckInStatus status) {
  CheckIn check;
  check.id = IdOf<CheckInId>(n);
  check.slug = "nightly";
  check.status = status;
  check.environment = "production";
  return check;
}

constexpr const char* kChecks =
    "select right(id::text, 2), status, duration_ms from tenant.check_in order by id";

TEST_F(TypedStoreTest, ACheckInIsOneRow) {
  CheckIn first = Check(1, CheckInStatus::kInProgress);
  first.monitor_config = R"({"schedule":{"type":"crontab","value":"0 * * * *"}})";
  StoreTyped({first});
  CheckIn end = Check(1, CheckInStatus::kOk);
  end.duration_ms = 1200;
  end.release = "shop@1";
  StoreTyped({end, Check(2, CheckInStatus::kError)}, 60);
  EXPECT_EQ(Lines(kChecks), "01|1|1200\n02|2|-1");
  StoreTyped({end, first}, 120);  // again
  EXPECT_EQ(Lines(kChecks), "01|1|1200\n02|2|-1");
  EXPECT_EQ(Outcomes("monitor"), "accepted|3\nduplicate|2");
  EXPECT_EQ(Lines("select slug, config->'schedule'->>'type', last_seen > first_seen "
                  "from tenant.monitor"),
            "nightly|crontab|t");
  EXPECT_EQ(Lines("select updated_at - started_at from tenant.check_in where status = 1"),
            "00:01:00");
}

TEST_F(TypedStoreTest, ACheckInWithoutAnIdGoesOnWithTheNewestInProgress) {
  StoreTyped({Check(1, CheckInStatus::kInProgress)}, 0);
  StoreTyped({Check(2, CheckInStatus::kInProgress)}, 60);
  CheckIn latest = Check(9, CheckInStatus::kOk);
  latest.latest = true;
  StoreTyped({latest}, 120);
  EXPECT_EQ(Lines(kChecks), "01|0|-1\n02|1|-1");
  StoreTyped({latest, latest}, 180);  // the other one, then one of its own
  EXPECT_EQ(Lines(kChecks), "01|1|-1\n02|1|-1\n09|1|-1");
}

TEST_F(TypedStoreTest, MonitorsOfAProjectAreBounded) {
  DigestWriterOptions options;
  options.names.monitors_max = 2;
  writer_ = NewWriter(options);
  std::vector<TypedBody> bodies;
  for (std::uint8_t n = 0; n < 4; ++n) {
    CheckIn check = Check(n, CheckInStatus::kOk);
    check.slug = "job-" + std::to_string(n);
    bodies.emplace_back(check);
  }
  StoreTyped(bodies);
  EXPECT_EQ(Lines("select slug from tenant.monitor order by 1"), "job-0\njob-1");
  EXPECT_EQ(Outcomes("monitor"), "accepted|2\nmonitor_limit|2");
}

TEST_F(TypedStoreTest, FeedbackOnceAndTheLastUserReportStays) {
  Feedback feedback;
  feedback.id = EventIdOf(1);
  feedback.event_id = EventIdOf(2);
  feedback.occurred_at = Noon();
  feedback.comments = "it broke";
  feedback.payload = "frame";
  Feedback report = feedback;
  report.kind = FeedbackKind::kUserReport;
  report.id = report.event_id;
  report.payload.clear();
  report.comments = "first";
  StoreTyped({feedback, report, feedback});
  report.comments = "second";
  StoreTyped({report, feedback}, 60);
  EXPECT_EQ(Lines("select kind, comments, payload is null from tenant.feedback order by kind"),
            "0|it broke|f\n1|second|t");
  EXPECT_EQ(Outcomes("feedback"), "accepted|3\nduplicate|2");
}

TEST_F(TypedStoreTest, ClientReportsBecomeOutcomesOnce) {
  ClientReport report;
  report.repeat = IdOf<RepeatId>(3);
  report.timestamp = Noon(-7200);
  report.discards = {{"sample_rate", "transaction", 4}, {"x", "invented", 2}};
  StoreTyped({report, report});
  StoreTyped({report});
  EXPECT_EQ(Outcomes("internal"), "accepted|1\nduplicate|2");
  EXPECT_EQ(Lines("select category, reason, quantity from tenant.outcome where outcome = 5 "
                  "order by 1"),
            "invented|x|2\ntransaction|sample_rate|4");
}

TEST_F(TypedStoreTest, AttachmentsAreCountedInBytesAndLeaveWithTheirDay) {
  AttachmentRef file;
  file.id = IdOf<AttachmentId>(1);
  file.event_id = EventIdOf(1);
  file.name = "log.txt";
  file.content_type = "text/plain";
  file.type = "event.attachment";
  file.bytes = 12;
  file.blob = "20260501/1/ab";
  StoreTyped({file, file});
  EXPECT_EQ(Outcomes("attachment"), "accepted|12\nduplicate|12");
  EXPECT_EQ(db_.Value("select count(*) from tenant.attachment"), "1");
}

TEST_F(TypedStoreTest, OneBatchMixesAllAndIsStoredWholeOrNotAtAll) {
  StoreTyped({Update(1, SessionStatus::kOk)});
  DigestBatch batch = BatchOf({MakeEvent(1, 1)}, next_seq_ + 5);  // the fence is elsewhere
  batch.typed.push_back(
      {next_seq_, ProjectId{1}, {KeyId{1}, Noon(), Update(2, SessionStatus::kOk)}});
  auto fenced = writer_->Commit(batch);
  ASSERT_FALSE(fenced);
  EXPECT_EQ(fenced.error().kind, CommitFailure::Kind::kFenced);
  EXPECT_EQ(Lines(kHours), "1|0|0|0|0|0|0|0");
}

TEST_F(TypedStoreTest, RetentionDeletesOldRows) {
  StoreTyped({Check(1, CheckInStatus::kOk)});
  ConnectionSettings settings;
  settings.conninfo = db_.ConnInfo();
  Session session(std::move(settings));
  EXPECT_EQ(PurgeCheckIns(session, Noon(-60), 10).value(), 0);
  EXPECT_EQ(PurgeCheckIns(session, Noon(60), 10).value(), 1);
  EXPECT_EQ(PurgeFeedback(session, Noon(60), 10).value(), 0);
}

TEST_F(TypedStoreTest, SpikeThresholdsFollowWhatIsUsual) {
  for (int hour = 1; hour <= 24; ++hour) {
    const std::string ago = std::to_string(hour);
    db_.Rows("insert into tenant.outcome values (1, date_trunc('hour', now()) - interval '" + ago +
             " hours', 1, 'error', 0, '', " + (hour == 3 ? "100000" : "1000") + ")");
  }
  db_.Rows(
      "insert into tenant.outcome values (1, date_trunc('hour', now()) - interval '3 hours', 1, "
      "'error', 2, 'spike_protection', 5)");
  db_.Rows(
      "insert into tenant.outcome values (2, date_trunc('hour', now()) - interval '2 hours', 1, "
      "'session', 0, '', 10)");
  ConnectionSettings settings;
  settings.conninfo = db_.ConnInfo();
  Session session(std::move(settings));
  ASSERT_TRUE(ComputeSpikes(session));
  // Twice the usual hour, the spike itself left out; the floor for a quiet project.
  EXPECT_EQ(Lines("select project_id, category, per_hour from tenant.spike_threshold order by 1"),
            "1|error|2000\n2|session|500");
  ASSERT_TRUE(ComputeSpikes(session));
}

}  // namespace
}  // namespace mishap
