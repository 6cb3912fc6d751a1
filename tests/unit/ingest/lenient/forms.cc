#include "tests/unit/ingest/lenient/forms.h"

#include <cstdlib>

#include "event/raw_json.h"
#include "tests/unit/ingest/normalise_harness.h"

namespace mishap {

std::string_view At(std::string_view json, std::string_view path) {
  while (!path.empty() && !json.empty()) {
    std::size_t dot = path.find('.');
    std::string_view step = path.substr(0, dot);
    if (json[0] == '[') {
      auto elements = JsonChildren(json);
      auto index = static_cast<std::size_t>(std::atoi(std::string(step).c_str()));
      json = index < elements.size() ? elements[index].second : std::string_view();
    } else {
      json = JsonMember(json, step);
    }
    path = dot == std::string_view::npos ? "" : path.substr(dot + 1);
  }
  return json;
}

std::string FormName(const testing::TestParamInfo<Form>& info) {
  std::string name;
  for (char c : info.param.name) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    name.push_back(plain ? c : '_');
  }
  return name;
}

void LenientForm::Check(const Form& form) {
  EventContext context;
  context.client_ip = "203.0.113.7";
  const Event event = Normalized(form.json, context);
  EXPECT_EQ(At(WriteEventJson(event), form.path), form.want) << form.json.substr(0, 400);
  std::string errors;
  for (const std::string& name : ErrorNames(event)) errors += (errors.empty() ? "" : "|") + name;
  EXPECT_EQ(errors, form.errors) << form.json.substr(0, 400);
}

// The tables instantiate this one.
TEST_P(LenientForm, IsUnderstood) {
  Check(GetParam());
}

}  // namespace mishap
