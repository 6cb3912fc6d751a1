// Similar issues in the database: samples are read once, counted, found by bands within a project,
// and gone with what they describe.
#include "storage/similar/similar_store.h"

#include "tests/storage/digest_fixture.h"

namespace mishap {
namespace {

class Similar : public DigestTest {
 protected:
  IssueId Issue(std::int64_t n) const { return MakeIssueId(ProjectId{1}, n); }
  // Stores numbers for all that is unread: frame 5 everywhere, band `hash_row % 2`.
  int ReadAll() {
    auto unread = ListUnreadSamples(session_, 100);
    EXPECT_TRUE(unread) << unread.error().detail;
    std::vector<SimilarRow> rows;
    for (const UnreadSample& sample : *unread) {
      SimilarRow row;
      row.project = sample.project;
      row.hash_row = sample.hash_row;
      row.type = 0xFFFFFFFFFFFFFFFFULL;
      row.frames = {5, static_cast<std::uint64_t>(sample.hash_row), 5};
      row.words = {1};
      row.bands = {42, static_cast<std::uint64_t>(sample.hash_row) << 32};
      rows.push_back(row);
    }
    auto stored = StoreSimilar(session_, rows);
    EXPECT_TRUE(stored) << stored.error().detail;
    return static_cast<int>(rows.size());
  }

  Session session_{ConnectionSettings{.conninfo = db_.ConnInfo()}};
  Scope scope_{OrganizationId{1}, "acme", UserId{}, {ProjectId{1}}, {}};
  Scope other_{OrganizationId{2}, "globex", UserId{}, {ProjectId{2}}, {}};
};

TEST_F(Similar, SamplesAreReadOnceAndCountedOnce) {
  Store({MakeEvent(1, 1), MakeEvent(2, 2), MakeEvent(3, 1)});
  EXPECT_EQ(ReadAll(), 2) << "a sample a hash row";
  EXPECT_EQ(ReadAll(), 0);
  Store({MakeEvent(4, 3)});
  EXPECT_EQ(ReadAll(), 1) << "only the new one";
  auto counts = ReadFrameCounts(session_, scope_, Issue(1), {5, 99});
  ASSERT_TRUE(counts);
  EXPECT_EQ(counts->total, 3);
  EXPECT_EQ(counts->samples, (std::unordered_map<std::uint64_t, std::int64_t>{{5, 3}}));
}

TEST_F(Similar, CandidatesShareABandAndAreOtherIssues) {
  Store({MakeEvent(1, 1), MakeEvent(2, 2), MakeEvent(3, 3)});
  ASSERT_EQ(ReadAll(), 3);
  auto own = ReadSimilarOfIssue(session_, scope_, Issue(1), 5);
  ASSERT_TRUE(own);
  ASSERT_EQ(own->size(), 1u);
  EXPECT_EQ(own->front().type, 0xFFFFFFFFFFFFFFFFULL) << "all 64 bits come back";
  EXPECT_EQ(own->front().frames.size(), 3u) << "in their order, repeats too";
  auto found = ReadSimilarCandidates(session_, scope_, Issue(1), {42}, 10);
  ASSERT_TRUE(found);
  ASSERT_EQ(found->size(), 2u);
  EXPECT_NE(found->at(0).issue, Issue(1));
  EXPECT_EQ(ReadSimilarCandidates(session_, scope_, Issue(1), {42}, 1)->size(), 1u);
  EXPECT_TRUE(ReadSimilarCandidates(session_, scope_, Issue(1), {43}, 10)->empty());
}

TEST_F(Similar, AnotherOrganizationSeesNothing) {
  Store({MakeEvent(1, 1), MakeEvent(2, 2)});
  ASSERT_EQ(ReadAll(), 2);
  EXPECT_TRUE(ReadSimilarOfIssue(session_, other_, Issue(1), 5)->empty());
  EXPECT_TRUE(ReadSimilarCandidates(session_, other_, Issue(1), {42}, 10)->empty());
  EXPECT_EQ(ReadFrameCounts(session_, other_, Issue(1), {5})->total, 0);
}

TEST_F(Similar, DeletedAndDiscardedIssuesAreNotSuggested) {
  Store({MakeEvent(1, 1), MakeEvent(2, 2), MakeEvent(3, 3)});
  ASSERT_EQ(ReadAll(), 3);
  db_.Rows("update tenant.issue set status = 4 where id = 1000000002");
  db_.Rows("update tenant.hash_row set state = 2 where issue_id = 1000000003");
  EXPECT_TRUE(ReadSimilarCandidates(session_, scope_, Issue(1), {42}, 10)->empty());
}

TEST_F(Similar, NothingToCompareIsProgressAllTheSame) {
  Store({MakeEvent(1, 1)});
  auto unread = ListUnreadSamples(session_, 10);
  ASSERT_EQ(unread->size(), 1u);
  SimilarRow empty;
  empty.project = unread->front().project;
  empty.hash_row = unread->front().hash_row;
  ASSERT_TRUE(StoreSimilar(session_, {empty}));
  EXPECT_TRUE(ListUnreadSamples(session_, 10)->empty());
  EXPECT_TRUE(ReadSimilarOfIssue(session_, scope_, Issue(1), 5)->empty());
}

}  // namespace
}  // namespace mishap
