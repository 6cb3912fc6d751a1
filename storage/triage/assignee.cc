#include "storage/triage/assignee.h"

#include <charconv>

#include "storage/read_rows.h"

namespace mishap {
namespace {

std::optional<std::int64_t> NumberIn(std::string_view text) {
  std::int64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value <= 0) return std::nullopt;
  return value;
}

Result<std::optional<Assignee>> FindMember(Session& session, const Scope& scope,
                                           std::optional<std::int64_t> id, std::string_view text) {
  return Read(session, [&](Work& work) -> std::optional<Assignee> {
    auto rows =
        work.Run("triage_member", scope.Organization(), id, text, ArrayParam(scope.Projects()));
    if (rows.empty()) return std::nullopt;
    Assignee out;
    out.user = {rows[0][0].as<std::int64_t>()};
    out.name = TextOf(rows[0][1]);
    out.email = TextOf(rows[0][2]);
    return out;
  });
}

Result<std::optional<Assignee>> FindTeam(Session& session, const Scope& scope,
                                         std::optional<std::int64_t> id, std::string_view slug) {
  return Read(session, [&](Work& work) -> std::optional<Assignee> {
    auto rows =
        work.Run("triage_team", scope.Organization(), id, slug, ArrayParam(scope.Projects()));
    if (rows.empty()) return std::nullopt;
    Assignee out;
    out.team = rows[0][0].as<std::int64_t>();
    out.name = TextOf(rows[0][1]);
    return out;
  });
}

}  // namespace

Result<std::optional<Assignee>> FindAssignee(Session& session, const Scope& scope,
                                             std::string_view text) {
  if (text == "me") {
    if (!scope.User()) return std::optional<Assignee>();
    return FindMember(session, scope, scope.User().value, "");
  }
  if (text.starts_with('#')) return FindTeam(session, scope, std::nullopt, text.substr(1));
  if (text.starts_with("team:")) {
    text.remove_prefix(5);
    auto id = NumberIn(text);
    return FindTeam(session, scope, id, id ? std::string_view() : text);
  }
  if (text.starts_with("user:")) {
    text.remove_prefix(5);
    auto id = NumberIn(text);
    return FindMember(session, scope, id, id ? std::string_view() : text);
  }
  return FindMember(session, scope, NumberIn(text), text);
}

}  // namespace mishap
