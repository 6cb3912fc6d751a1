#include "storage/connection.h"

#include <fmt/format.h>

#include "base/bytes.h"
#include "storage/pqxx_session.h"
#include "storage/sql.h"

namespace mishap {
namespace {

bool IsUrl(std::string_view conninfo) {
  return conninfo.starts_with("postgresql://") || conninfo.starts_with("postgres://");
}

// Later keywords win over earlier ones, so the caller's own connect_timeout stays.
std::string WithTimeout(const ConnectionSettings& s) {
  if (s.conninfo.find("connect_timeout") != std::string::npos) return s.conninfo;
  if (!IsUrl(s.conninfo)) {
    return fmt::format("connect_timeout={} {}", s.connect_timeout_s, s.conninfo);
  }
  const char joint = s.conninfo.find('?') == std::string::npos ? '?' : '&';
  return fmt::format("{}{}connect_timeout={}", s.conninfo, joint, s.connect_timeout_s);
}

std::string SettingsSql(const ConnectionSettings& s) {
  return fmt::format(
      "set timezone = 'UTC'; set datestyle = 'ISO'; set client_encoding = 'UTF8';"
      "set intervalstyle = 'postgres'; set bytea_output = 'hex'; set jit = off;"
      "set statement_timeout = {}; set lock_timeout = {};"
      "set idle_in_transaction_session_timeout = {};"
      "set client_min_messages = warning",
      s.statement_timeout_ms, s.lock_timeout_ms, s.idle_in_transaction_ms);
}

// A reason for each class of SQLSTATE; what a person can do stands in the server's own message.
Reason ReasonOf(std::string_view state) {
  if (state == "57014") return Reason::kTimeout;
  if (state == "23505") return Reason::kConflict;
  const std::string_view group = state.substr(0, 2);
  if (group == "22" || group == "23") return Reason::kInvalidArgument;
  if (group == "08" || group == "40" || group == "53" || group == "55" || group == "57") {
    return Reason::kUnavailable;
  }
  return Reason::kInternal;
}

std::string FirstLine(std::string_view text) {
  return std::string(TrimAscii(text.substr(0, text.find('\n'))));
}

}  // namespace

Session::Session(ConnectionSettings settings) : impl_(std::make_unique<Impl>()) {
  impl_->settings = std::move(settings);
}
Session::~Session() = default;
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;

const ConnectionSettings& Session::Settings() const {
  return impl_->settings;
}

Status Session::Connect() {
  try {
    impl_->Live();
    return {};
  } catch (...) {
    return Fail(CurrentPqxxError());
  }
}

pqxx::connection& Session::Impl::Live() {
  if (connection && !connection->is_open()) connection.reset();
  if (!connection) {
    prepared.clear();
    auto fresh = std::make_unique<pqxx::connection>(WithTimeout(settings));
    pqxx::nontransaction tx(*fresh);
    tx.exec(SettingsSql(settings));
    tx.exec(fmt::format("set application_name = {}", tx.quote(settings.application_name)));
    tx.commit();
    connection = std::move(fresh);
    // pqxx 6 would reconnect by itself, without our settings and prepared statements.
    // (Deprecated in 6.4, where it is still needed, and gone with the reactivation itself in 7.)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    connection->inhibit_reactivation(true);
#pragma GCC diagnostic pop
  }
  return *connection;
}

const std::string& Session::Impl::Prepare(std::string_view name) {
  auto it = prepared.find(name);
  if (it == prepared.end()) {
    connection->prepare(std::string(name), std::string(Sql(name)));
    it = prepared.emplace(name).first;
  }
  return *it;
}

void Session::Impl::ForgetIfBroken() noexcept {
  if (connection && !connection->is_open()) connection.reset();
}

Error CurrentPqxxError() {
  try {
    throw;
  } catch (const pqxx::broken_connection& e) {
    return {Reason::kUnavailable,
            fmt::format("PostgreSQL is not reachable: {}", FirstLine(e.what()))};
  } catch (const pqxx::in_doubt_error& e) {
    return {Reason::kUnavailable, FirstLine(e.what())};
  } catch (const pqxx::transaction_rollback& e) {  // a deadlock: no sql_error in pqxx 6
    return {Reason::kUnavailable,
            fmt::format("another change was in the way; repeat it: {}", FirstLine(e.what()))};
  } catch (const pqxx::sql_error& e) {
    return {ReasonOf(e.sqlstate()),
            fmt::format("{} (SQLSTATE {})", FirstLine(e.what()), e.sqlstate())};
  } catch (const pqxx::failure& e) {
    return {Reason::kInternal, FirstLine(e.what())};
  } catch (const std::exception& e) {  // conversion_error, usage_error: bugs of ours
    return {Reason::kInternal, e.what()};
  }
}

}  // namespace mishap
