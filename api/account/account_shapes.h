// Teams, members, tokens, logins and the audit log as the API shows them (web-api 2.1, 2.13). Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/json_writer.h"
#include "storage/account/audit_log.h"
#include "storage/account/login_store.h"
#include "storage/account/member_store.h"
#include "storage/account/team_store.h"
#include "storage/scope.h"
#include "storage/token_store.h"

namespace mishap {

// scope: of the one who reads it.
void WriteTeam(const Team& team, const Scope& scope, JsonWriter& json);
// Inside an object.
void WriteMemberFields(const MemberRow& member, Timestamp now, JsonWriter& json);
void WriteMember(const MemberRow& member, Timestamp now, JsonWriter& json);
// text: the token itself where it was just made; else empty.
void WritePersonalToken(const Token& token, std::string_view text, JsonWriter& json);
void WriteOrganizationToken(const Token& token, std::string_view text, JsonWriter& json);
void WriteLoginSession(const LoginSession& login, bool is_current, JsonWriter& json);
void WriteAuditRow(const AuditRow& row, JsonWriter& json);

}  // namespace mishap
