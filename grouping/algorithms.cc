// The table of algorithms that shipped. A new one is a new folder and a new line; old lines never
// go.
#include "grouping/g1/algorithm.h"
#include "grouping/grouping.h"

namespace mishap {

const GroupingAlgorithm& CurrentGrouping() {
  static const g1::Algorithm kAlgorithm;
  return kAlgorithm;
}

const GroupingAlgorithm* FindGrouping(std::string_view id) {
  return id == CurrentGrouping().Id() ? &CurrentGrouping() : nullptr;
}

}  // namespace mishap
