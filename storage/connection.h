// Session: one PostgreSQL connection with this room's settings. It connects when it is first used
// and again after it broke; a transaction that was running then fails with `unavailable` and the
// caller decides. Owned by one thread. No SQL here: what can be done with a session are the
// functions of the stores. Inside storage: pqxx_session.h.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"

namespace mishap {

struct ConnectionSettings {
  std::string conninfo;  // libpq keywords or postgresql:// URL
  std::string application_name = "mishap";
  int connect_timeout_s = 5;
  int statement_timeout_ms = 10'000;
  int lock_timeout_ms = 5'000;
  int idle_in_transaction_ms = 10'000;
};

class Session {
 public:
  explicit Session(ConnectionSettings settings);
  ~Session();
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;

  // Connects (again) if there is no live connection. Errors: unavailable.
  Status Connect();
  const ConnectionSettings& Settings() const;

  struct Impl;
  Impl& Inside() { return *impl_; }  // for storage/*.cc

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace mishap
