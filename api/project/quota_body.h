// Quotas in a body and in an answer, of projects and of organizations (event/quota.h). Here a wrong
// one is refused; the doors, which read them from the settings, leave it out.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "api/json_body.h"
#include "base/json_writer.h"
#include "event/quota.h"

namespace mishap {

inline constexpr std::string_view kOrganizationQuotaReason = "organization_quota";

// The field `quotas` as it is stored; nullopt: absent, null, or refused (body.Problem() names the
// field within).
std::optional<std::string> TakeQuotas(JsonBody& body, std::string_view default_reason);

// What counts of stored ones.
void WriteQuotasField(std::string_view stored_json, std::string_view default_reason,
                      JsonWriter& json);

}  // namespace mishap
