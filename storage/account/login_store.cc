#include "storage/account/login_store.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "storage/account/token_text.h"
#include "storage/pqxx_session.h"
#include "storage/read_caller.h"

namespace mishap {
namespace {

constexpr std::size_t kUserAgentBytesMax = 200;

// How long until fewer than `max` failures are younger than `window`; 0: no wait.
std::int64_t WaitOf(const pqxx::result& rows, Timestamp now, std::int64_t window) {
  if (rows.empty()) return 0;
  return std::max<std::int64_t>(1, TimestampOf(rows[0][0]).micros + window - now.micros);
}

}  // namespace

Result<BegunSession> BeginSession(Session& session, Random& random, const AuditBy& by,
                                  std::string_view user_agent) {
  BegunSession out;
  out.cookie = random.Hex(32);
  return Transact(session, [&](Work& work) -> Result<BegunSession> {
    const pqxx::result rows =
        work.Run("login_session_insert", by.user, BytesParam(Sha256(out.cookie)), by.ip,
                 user_agent.substr(0, kUserAgentBytesMax), by.at);
    out.id = {rows[0][0].as<std::int64_t>()};
    work.Run("login_note_user", by.user, by.at);
    for (const pqxx::row& row : work.Run("organization_of_member", by.user)) {
      WriteAudit(work, by, OrganizationId{row[0].as<std::int64_t>()}, {"auth.login", by.actor});
    }
    return out;
  });
}

Result<std::vector<LoginSession>> ReadSessions(Session& session, UserId user, Timestamp now) {
  return Read(session, [&](Work& work) {
    std::vector<LoginSession> out;
    for (const pqxx::row& row :
         work.Run("login_session_list", user, Timestamp{now.micros - kSessionIdleMicros},
                  Timestamp{now.micros - kSessionAgeMicros})) {
      out.push_back({{row[0].as<std::int64_t>()},
                     row[1].c_str(),
                     row[2].c_str(),
                     TimestampOf(row[3]),
                     TimestampOf(row[4])});
    }
    return out;
  });
}

Status EndSession(Session& session, const AuditBy& by, LoginSessionId id) {
  return Transact(session, [&](Work& work) -> Status {
    if (work.Run("login_session_end", by.user, id, by.at).empty()) {
      return Fail(Reason::kNotFound, "no such session");
    }
    return {};
  });
}

Status EndSessionsExcept(Session& session, UserId user, LoginSessionId kept, Timestamp now) {
  return Transact(session,
                  [&](Work& work) { work.Run("login_session_end_others", user, kept, now); });
}

Result<bool> HasAnybodySignedIn(Session& session) {
  return Read(session, [](Work& work) { return work.Run("login_any")[0][0].as<bool>(); });
}

Result<std::int64_t> LoginWait(Session& session, std::string_view email, std::string_view ip,
                               Timestamp now) {
  return Read(session, [&](Work& work) -> std::int64_t {
    const auto account = WaitOf(
        work.Run("login_failures_of_account", email, NetworkOf(ip),
                 Timestamp{now.micros - kFailuresPerAccountMicros}, kFailuresPerAccountMax - 1),
        now, kFailuresPerAccountMicros);
    const auto address =
        WaitOf(work.Run("login_failures_of_ip", ip, Timestamp{now.micros - kFailuresPerIpMicros},
                        kFailuresPerIpMax - 1),
               now, kFailuresPerIpMicros);
    return (std::max(account, address) + kMicrosPerSecond - 1) / kMicrosPerSecond;
  });
}

Status NoteLoginFailure(Session& session, std::string_view email, std::string_view ip,
                        Timestamp now) {
  return Transact(session, [&](Work& work) {
    work.Run("login_failure_forget", Timestamp{now.micros - kFailuresPerIpMicros});
    work.Run("login_failure_insert", now, email, NetworkOf(ip), ip);
    WriteAudit(work, {{}, std::string(email), std::string(ip), now}, {},
               {"auth.login-failed", std::string(email)});
  });
}

std::string NetworkOf(std::string_view ip) {
  std::string text(ip);
  std::array<unsigned char, 16> bytes{};
  std::array<char, INET6_ADDRSTRLEN> out{};
  if (inet_pton(AF_INET, text.c_str(), bytes.data()) == 1) {
    bytes[3] = 0;
    inet_ntop(AF_INET, bytes.data(), out.data(), out.size());
    return std::string(out.data()) + "/24";
  }
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1) {
    std::fill(bytes.begin() + 8, bytes.end(), static_cast<unsigned char>(0));
    inet_ntop(AF_INET6, bytes.data(), out.data(), out.size());
    return std::string(out.data()) + "/64";
  }
  return text;
}

}  // namespace mishap
