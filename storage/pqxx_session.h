// The inside of a Session, for storage/*.cc only (pqxx is included nowhere else): transactions that
// run named SQL and turn pqxx's exceptions into errors.
//
//   Result<std::int64_t> CountKeys(Session& session, ProjectId project) {
//     return Transact(session, [&](Work& work) {
//       return work.Run("key_count", project.value)[0][0].as<std::int64_t>();
//     });
//   }
#pragma once

#include <optional>
// <optional> before pqxx: only then does pqxx 6 take std::optional as a parameter.
#include <pqxx/pqxx>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "storage/connection.h"

namespace mishap {

struct Session::Impl {
  ConnectionSettings settings;
  std::unique_ptr<pqxx::connection> connection;
  std::set<std::string, std::less<>> prepared;

  // Throws pqxx exceptions. A connection that broke is thrown away, never silently revived in a
  // transaction.
  pqxx::connection& Live();
  // Prepares Sql(name) on this connection if it is not yet; returns the name.
  const std::string& Prepare(std::string_view name);
  void ForgetIfBroken() noexcept;
};

// pqxx 6 has no string_view parameters; times travel as text, ids as numbers or uuid text.
inline std::string Param(std::string_view value) {
  return std::string(value);
}
inline std::string Param(const char* value) {
  return value;
}
inline std::string Param(const std::string& value) {
  return value;
}
inline std::string Param(Timestamp value) {
  return FormatTimestamp(value);
}
template <class Tag>
std::int64_t Param(NumericId<Tag> id) {
  return id.value;
}
template <class Tag>
std::string Param(const Id128<Tag>& id) {
  return ToHex(id);  // for uuid columns; for bytea use BytesParam
}
template <class T>
requires std::is_arithmetic_v<T> T Param(T value) {
  return value;
}
inline pqxx::binarystring Param(const pqxx::binarystring& bytes) {
  return bytes;
}
template <class T>
auto Param(const std::optional<T>& value) {
  using Inner = decltype(Param(*value));
  return value ? std::optional<Inner>(Param(*value)) : std::optional<Inner>();
}
inline pqxx::binarystring BytesParam(std::string_view bytes) {
  return pqxx::binarystring(bytes.data(), bytes.size());
}

// '{1,2}' and '{"a","b"}' for bigint[] and text[] parameters.
std::string ArrayParam(const std::vector<std::int64_t>& values);
std::string ArrayParam(const std::vector<ProjectId>& values);
std::string ArrayParam(const std::vector<std::string>& values);

// Reading. Sessions speak UTC and ISO dates, so a timestamptz is "2026-05-01 10:00:00.123456+00".
Timestamp TimestampOf(const pqxx::field& field);
std::optional<Timestamp> OptionalTimestampOf(const pqxx::field& field);
EventId EventIdOf(const pqxx::field& field);    // uuid
std::string BytesOf(const pqxx::field& field);  // bytea
std::vector<std::string> TextArrayOf(const pqxx::field& field);
std::vector<std::int64_t> Int64ArrayOf(const pqxx::field& field);

// What a pqxx exception means; to be called in a catch block only.
Error CurrentPqxxError();

// One running transaction.
class Work {
 public:
  Work(Session::Impl& session, pqxx::transaction_base& tx) : session_(session), tx_(tx) {}

  // Runs named SQL, prepared. $1, $2, ... are args through Param().
  template <class... Args>
  pqxx::result Run(std::string_view name, const Args&... args) {
    return tx_.exec_prepared(session_.Prepare(name), Param(args)...);
  }
  // SQL put together at run time (search): fragments come from files or literals, every value is a
  // parameter.
  pqxx::result RunText(const std::string& sql, const std::vector<std::string>& params);
  // DDL and settings: no parameters.
  void Execute(const std::string& sql) { tx_.exec(sql); }
  pqxx::transaction_base& Tx() { return tx_; }

 private:
  Session::Impl& session_;
  pqxx::transaction_base& tx_;
};

namespace detail {
template <class T>
struct ResultOf {
  using type = Result<T>;
};
template <class T>
struct ResultOf<Result<T>> {
  using type = Result<T>;
};

template <class Transaction, class Body>
auto RunIn(Session& session, Body&& body) ->
    typename ResultOf<std::invoke_result_t<Body, Work&>>::type {
  using Returned = std::invoke_result_t<Body, Work&>;
  Session::Impl& inside = session.Inside();
  try {
    Transaction tx(inside.Live());
    Work work(inside, tx);
    if constexpr (std::is_void_v<Returned>) {
      body(work);
      tx.commit();
      return {};
    } else {
      typename ResultOf<Returned>::type result = body(work);
      if (!result) return result;  // tx rolls back
      tx.commit();
      return result;
    }
  } catch (...) {
    Error error = CurrentPqxxError();
    inside.ForgetIfBroken();
    return Fail(std::move(error));
  }
}
}  // namespace detail

// body(Work&) -> T, void or Result<T>. Commits unless body throws or returns an error.
template <class Body>
auto Transact(Session& session, Body&& body) {
  return detail::RunIn<pqxx::work>(session, std::forward<Body>(body));
}
// The same, up to 5 times when somebody was in the way (a deadlock, a serialisation failure): body
// must not use up what it captures.
template <class Body>
auto TransactAgain(Session& session, Body&& body) {
  constexpr int kAttemptsMax = 5;
  for (int attempt = 1;; ++attempt) {
    bool in_the_way = false;
    auto result = detail::RunIn<pqxx::work>(session, [&](Work& work) {
      try {
        return body(work);
      } catch (const pqxx::transaction_rollback&) {
        in_the_way = true;
        throw;
      }
    });
    if (result || !in_the_way || attempt == kAttemptsMax) return result;
  }
}
// The same, read only.
template <class Body>
auto Read(Session& session, Body&& body) {
  return detail::RunIn<pqxx::read_transaction>(session, std::forward<Body>(body));
}
// Without a transaction block, for statements that refuse one (DETACH ... CONCURRENTLY).
template <class Body>
auto OutsideTransaction(Session& session, Body&& body) {
  return detail::RunIn<pqxx::nontransaction>(session, std::forward<Body>(body));
}

}  // namespace mishap
