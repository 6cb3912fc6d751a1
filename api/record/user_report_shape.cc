#include "api/record/user_report_shape.h"

namespace mishap {
namespace {

void WriteTextOrNull(std::string_view name, const std::string& value, JsonWriter& json) {
  if (value.empty()) {
    json.Key(name).Null();
  } else {
    json.Field(name, value);
  }
}

}  // namespace

void WriteReport(const UserReportRow& row, JsonWriter& json) {
  const std::string event = ToHex(row.event);
  json.BeginObject().Field("id", ToHex(row.id)).Field("eventID", event);
  WriteTextOrNull("name", row.name, json);
  WriteTextOrNull("email", row.email, json);
  json.Field("comments", row.comments).Field("dateCreated", FormatTimestamp(row.received_at));
  json.Key("user").Null();
  json.Key("event").BeginObject().Field("id", event).Field("eventID", event).EndObject();
  json.EndObject();
}

}  // namespace mishap
