// Order in, order out, whatever the workers do in between. One thread is enough: the calls below
// never have to wait.
#include "digest/in_flight.h"

#include <gtest/gtest.h>

#include "tests/unit/digest/fakes.h"

namespace mishap {
namespace {

using namespace mishap::testing;

ReadBatch BatchOf(std::uint64_t seq, bool alone = false) {
  ReadBatch batch;
  batch.expected_seq = seq;
  batch.records.push_back(RecordOf(seq));
  batch.read_at = Timestamp{static_cast<std::int64_t>(100 + seq)};
  batch.alone = alone;
  return batch;
}

PreparedWork WorkOf(const ReadBatch& batch) {
  return {PreparedBatch(SomeSpoolId(), batch.expected_seq), batch.Range()};
}

void Nothing() {}

TEST(InFlightTest, TheCommitterGetsTheOrderOfTheSpool) {
  InFlight in_flight(4);
  in_flight.RestartAt(1, Nothing);
  for (std::uint64_t seq = 1; seq <= 3; ++seq) {
    auto cursor = in_flight.WaitForCursor();
    ASSERT_EQ(cursor->seq, seq) << "a push moves the cursor";
    ASSERT_TRUE(in_flight.Push(*cursor, BatchOf(seq), Nothing));
  }
  std::vector<InFlight::Ticket> tickets;
  for (int i = 0; i < 3; ++i) tickets.push_back(*in_flight.Take());
  for (std::size_t i : {2u, 0u, 1u}) {
    in_flight.Finish(tickets[i].number, WorkOf(tickets[i].batch));
  }
  for (std::uint64_t seq = 1; seq <= 3; ++seq) {
    EXPECT_EQ(in_flight.WaitForFront()->range.first, seq);
    in_flight.CommitDone();
  }
  EXPECT_EQ(in_flight.Size(), 0u);
}

TEST(InFlightTest, ARestartDropsWhatIsInFlightAndLateWork) {
  InFlight in_flight(4);
  in_flight.RestartAt(1, Nothing);
  auto old_cursor = in_flight.WaitForCursor();
  ASSERT_TRUE(in_flight.Push(*old_cursor, BatchOf(1), Nothing));
  auto ticket = in_flight.Take();
  in_flight.RestartAt(50, Nothing);
  in_flight.Finish(ticket->number, WorkOf(ticket->batch));
  EXPECT_EQ(in_flight.Size(), 0u);
  bool ran = false;
  EXPECT_FALSE(in_flight.Push(*old_cursor, BatchOf(2), [&] { ran = true; }));
  EXPECT_FALSE(ran) << "a refused batch was never open";
  EXPECT_EQ(in_flight.WaitForCursor()->seq, 50u);
}

TEST(InFlightTest, ClosedMeansNulloptEverywhere) {
  InFlight in_flight(4);
  in_flight.RestartAt(1, Nothing);
  auto cursor = in_flight.WaitForCursor();
  in_flight.Close();
  EXPECT_FALSE(in_flight.Push(*cursor, BatchOf(1), Nothing));
  EXPECT_FALSE(in_flight.WaitForCursor());
  EXPECT_FALSE(in_flight.Take());
  EXPECT_FALSE(in_flight.WaitForFront());
}

TEST(InFlightTest, TheOldestIsTheEventsAgeOnceItIsKnown) {
  InFlight in_flight(4);
  EXPECT_FALSE(in_flight.OldestSince());
  in_flight.RestartAt(1, Nothing);
  in_flight.Push(*in_flight.WaitForCursor(), BatchOf(1), Nothing);
  EXPECT_EQ(in_flight.OldestSince()->micros, 101);
  auto ticket = in_flight.Take();
  PreparedWork work = WorkOf(ticket->batch);
  DigestEvent event;
  event.seq = 1;
  event.received_at.micros = 40;
  work.batch.Add(RecordOf(1), event);
  in_flight.Finish(ticket->number, std::move(work));
  EXPECT_EQ(in_flight.OldestSince()->micros, 40);
}

}  // namespace
}  // namespace mishap
