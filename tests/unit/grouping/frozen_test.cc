// What freezes g1: its files include nothing that may change under them.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "grouping/grouping.h"

namespace mishap {
namespace {

TEST(Frozen, FilesIncludeOnlyBaseTheEventAndThemselves) {
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator("grouping/g1")) {
    ++files;
    std::ifstream file(entry.path());
    for (std::string line; std::getline(file, line);) {
      if (line.rfind("#include \"", 0) != 0) continue;
      const std::string included = line.substr(10, line.find('"', 10) - 10);
      const bool allowed = included.rfind("base/", 0) == 0 || included == "event/event.h" ||
                           included == "grouping/grouping.h" ||
                           included.rfind("grouping/g1/", 0) == 0;
      EXPECT_TRUE(allowed) << entry.path() << " includes " << included;
    }
  }
  EXPECT_GT(files, 50);
}

TEST(Frozen, AlgorithmsAreFoundByTheirId) {
  ASSERT_NE(FindGrouping("g1"), nullptr);
  EXPECT_EQ(FindGrouping("g1")->Id(), "g1");
  EXPECT_EQ(FindGrouping("g1")->StoredId(), 1);
  EXPECT_EQ(&CurrentGrouping(), FindGrouping("g1"));
  EXPECT_EQ(FindGrouping("g0"), nullptr);
}

}  // namespace
}  // namespace mishap
