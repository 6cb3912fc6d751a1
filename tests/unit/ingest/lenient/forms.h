// Forms of fields as clients send them (ingest-protocol 6), each a row of a table: what goes in at
// the door, and what one place of the canonical event then holds.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace mishap {

struct Form {
  std::string_view name;
  std::string json;    // the event as sent
  std::string path;    // "exception.values.0.type": into the canonical event
  std::string want;    // its JSON there; empty: absent
  std::string errors;  // "invalid_data level|..." as noted by Mishap; empty: none
};

// The JSON at a path, empty if there is nothing.
std::string_view At(std::string_view json, std::string_view path);
// `name` of a Form with what GoogleTest does not take replaced.
std::string FormName(const testing::TestParamInfo<Form>& info);

// Reads, normalises (twice) and compares; see Form.
class LenientForm : public testing::TestWithParam<Form> {
 protected:
  static void Check(const Form& form);
};

}  // namespace mishap
