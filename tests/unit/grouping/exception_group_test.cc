// Exception groups (spec 9.4) and trees that are none.
#include <gtest/gtest.h>

#include <optional>

#include "tests/unit/grouping/events.h"

namespace mishap {
namespace {

using namespace grouping_test;  // NOLINT(google-build-using-namespace): only shorthand for tests

Exception Node(Exception exception, std::int64_t id, std::optional<std::int64_t> parent,
               bool group) {
  Mechanism mechanism;
  mechanism.exception_id = id;
  mechanism.parent_id = parent;
  if (group) mechanism.is_exception_group = true;
  exception.mechanism = mechanism;
  return exception;
}

Exception Member(const char* type, const char* function) {
  return MakeException(type, "value", {MakeFrame("work", function)});
}

Exception Root() {
  return Node(MakeException("ExceptionGroup", "2 errors", {MakeFrame("app", "gather")}), 0, {},
              true);
}

TEST(ExceptionGroup, EqualMembersAreOneError) {
  const Event one = MakeEvent("python", {Node(Member("KeyError", "a"), 1, 0, false), Root()});
  const Event three = MakeEvent("python", {Node(Member("KeyError", "a"), 3, 0, false),
                                           Node(Member("KeyError", "a"), 2, 0, false),
                                           Node(Member("KeyError", "a"), 1, 0, false), Root()});
  EXPECT_EQ(KeysOf(one), KeysOf(three));
  EXPECT_EQ(GroupOf(three).main_exception, 2U) << "the member with the least id names the issue";
}

TEST(ExceptionGroup, SingleMemberIsThatException) {
  const Event grouped = MakeEvent("python", {Node(Member("KeyError", "a"), 1, 0, false), Root()});
  const Event plain = MakeEvent("python", {Member("KeyError", "a")});
  EXPECT_EQ(KeysOf(grouped).site, KeysOf(plain).site);
}

TEST(ExceptionGroup, OrderOfMembersDoesNotMatter) {
  const auto group = [](bool swapped) {
    return MakeEvent("python", {Node(Member("KeyError", "a"), swapped ? 2 : 1, 0, false),
                                Node(Member("OSError", "b"), swapped ? 1 : 2, 0, false), Root()});
  };
  EXPECT_EQ(KeysOf(group(false)), KeysOf(group(true)));
  EXPECT_EQ(GroupOf(group(false)).main_exception, 2U) << "the group itself names the issue";
}

TEST(ExceptionGroup, OtherMembersAreAnotherError) {
  const auto group = [](const char* type) {
    return MakeEvent("python", {Node(Member("KeyError", "a"), 1, 0, false),
                                Node(Member(type, "b"), 2, 0, false), Root()});
  };
  EXPECT_NE(KeysOf(group("OSError")).site, KeysOf(group("TypeError")).site);
}

TEST(ExceptionGroup, NestedGroupsAreLookedThrough) {
  const Event nested =
      MakeEvent("python", {Node(Member("KeyError", "a"), 2, 1, false),
                           Node(MakeException("ExceptionGroup", "inner", {}), 1, 0, true), Root()});
  EXPECT_EQ(KeysOf(nested).site, KeysOf(MakeEvent("python", {Member("KeyError", "a")})).site);
}

TEST(ExceptionGroup, BrokenTreesArePlainChains) {
  const Exception a = Member("KeyError", "a");
  const Exception root = MakeException("ExceptionGroup", "2 errors", {MakeFrame("app", "gather")});
  const GroupingKeys chain = KeysOf(MakeEvent("python", {a, root}));
  const auto broken = [&](Exception child, Exception group) {
    return KeysOf(MakeEvent("python", {std::move(child), std::move(group)}));
  };
  EXPECT_EQ(broken(Node(a, 1, 1, false), Node(root, 0, {}, true)), chain) << "its own parent";
  EXPECT_EQ(broken(Node(a, 0, {}, false), Node(root, 0, {}, true)), chain) << "an id twice";
  EXPECT_EQ(broken(Node(a, 1, 7, false), Node(root, 0, {}, true)), chain) << "unknown parent";
  EXPECT_EQ(broken(Node(a, 2, 1, false), Node(root, 1, {}, true)), chain) << "no id 0";
  EXPECT_EQ(broken(Node(a, 1, 0, true), Node(root, 0, 1, true)), chain) << "a cycle of groups";
  EXPECT_EQ(broken(a, Node(root, 0, {}, true)), chain) << "a missing id";
}

TEST(ExceptionGroup, CyclicParentsOfManyEnd) {
  std::vector<Exception> all;
  for (std::int64_t i = 0; i < 200; ++i) {
    all.push_back(Node(Member("E", "f"), i, (i + 1) % 200, i != 100));
  }
  EXPECT_TRUE(KeysOf(MakeEvent("python", all)).site);
}

TEST(ExceptionGroup, VeryDeepAndVeryWideAreBounded) {
  std::vector<Exception> deep;
  for (std::int64_t i = 0; i < 5000; ++i) {
    deep.push_back(
        Node(Member("E", "f"), i, i == 0 ? std::nullopt : std::optional(i - 1), i < 4999));
  }
  EXPECT_TRUE(KeysOf(MakeEvent("python", deep)).site);
}

}  // namespace
}  // namespace mishap
