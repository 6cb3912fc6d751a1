// DigestTest: a fresh database, a writer, and the position the test has reached.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <utility>
#include <vector>

#include "base/metrics.h"
#include "storage/digest_writer.h"
#include "tests/storage/digest_builder.h"
#include "tests/storage/fresh_database.h"

namespace mishap {

class DigestTest : public ::testing::Test {
 protected:
  DigestTest() { writer_ = NewWriter(); }

  std::unique_ptr<DigestWriter> NewWriter(DigestWriterOptions options = {}) {
    return DigestWriter::Make(db_.ConnInfo(), metrics_, options);
  }

  // Commits these events at the current position; fails the test if that does not work.
  DigestCommit Store(std::vector<DigestEvent> events) {
    if (!started_) {
      EXPECT_EQ(writer_->Position(kTestSpool, 0).value(), 0u);
      started_ = true;
    }
    const DigestBatch batch = BatchOf(std::move(events), next_seq_);
    auto commit = writer_->Commit(batch);
    if (!commit) {
      ADD_FAILURE() << commit.error().sqlstate << " " << commit.error().detail;
      return {};
    }
    next_seq_ = batch.next_seq;
    return *commit;
  }

  FreshDatabase db_;
  Metrics metrics_;
  std::unique_ptr<DigestWriter> writer_;
  std::uint64_t next_seq_ = 0;
  bool started_ = false;
};

}  // namespace mishap
