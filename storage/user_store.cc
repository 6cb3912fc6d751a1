#include "storage/user_store.h"

#include <fmt/format.h>
#include <sodium.h>

#include <chrono>
#include <mutex>

#include "storage/pqxx_session.h"

namespace mishap {
namespace {

constexpr unsigned long long kPasses = 2;
constexpr std::size_t kMemoryBytes = 19u << 20;

constexpr std::chrono::seconds kHashWaitMax{2};

// One hash at a time in this process.
std::timed_mutex hashing;

Result<std::unique_lock<std::timed_mutex>> TakeTurn() {
  std::unique_lock<std::timed_mutex> turn(hashing, kHashWaitMax);
  if (!turn.owns_lock()) return Fail(Reason::kOverloaded, "too many logins at once");
  return turn;
}

Result<std::string> HashPassword(std::string_view password) {
  if (password.size() < kPasswordBytesMin || password.size() > kPasswordBytesMax) {
    return Fail(Reason::kInvalidArgument,
                fmt::format("a password has {} to {} bytes", kPasswordBytesMin, kPasswordBytesMax));
  }
  auto turn = TakeTurn();
  if (!turn) return Fail(turn.error());
  char out[crypto_pwhash_STRBYTES];
  if (sodium_init() < 0 || crypto_pwhash_str_alg(out, password.data(), password.size(), kPasses,
                                                 kMemoryBytes, crypto_pwhash_ALG_ARGON2ID13) != 0) {
    return Fail(Reason::kInternal, "hashing a password needs 19 MiB of memory and did not get it");
  }
  return std::string(out);
}

User UserOfRow(const pqxx::row& row) {
  return {UserId{row[0].as<std::int64_t>()},
          row[1].c_str(),
          row[2].c_str(),
          row[3].as<bool>(),
          row[4].as<bool>(),
          TimestampOf(row[5])};
}

Error NoUser(std::string_view which) {
  return {Reason::kNotFound, fmt::format("there is no user '{}'", which)};
}

}  // namespace

Status CheckEmail(std::string_view email) {
  const std::size_t at = email.find('@');
  if (at != 0 && at != std::string_view::npos && at + 1 < email.size() && email.size() <= 254 &&
      email.find(' ') == std::string_view::npos) {
    return {};
  }
  return Fail(Reason::kInvalidArgument, fmt::format("'{}' is not an email address", email));
}

Result<User> CreateUser(Session& session, std::string_view email, std::string_view name,
                        std::string_view password) {
  if (auto fine = CheckEmail(email); !fine) return Fail(fine.error());
  std::string hash;
  if (!password.empty()) {
    auto hashed = HashPassword(password);
    if (!hashed) return Fail(hashed.error());
    hash = std::move(*hashed);
  }
  return Transact(session, [&](Work& work) -> Result<User> {
    const pqxx::result rows = work.Run("user_insert", email, name, hash);
    if (rows.empty()) {
      return Fail(Reason::kConflict, fmt::format("a user '{}' exists already", email));
    }
    return UserOfRow(rows[0]);
  });
}

Result<std::vector<User>> ListUsers(Session& session) {
  return Read(session, [](Work& work) {
    std::vector<User> out;
    for (const pqxx::row& row : work.Run("user_list")) out.push_back(UserOfRow(row));
    return out;
  });
}

Result<User> FindUser(Session& session, std::string_view email) {
  return Read(session, [&](Work& work) -> Result<User> {
    const pqxx::result rows = work.Run("user_by_email", email);
    if (rows.empty()) return Fail(NoUser(email));
    return UserOfRow(rows[0]);
  });
}

Result<User> FindUserById(Session& session, UserId id) {
  return Read(session, [&](Work& work) -> Result<User> {
    const pqxx::result rows = work.Run("user_by_id", id);
    if (rows.empty()) return Fail(NoUser(fmt::to_string(id.value)));
    return UserOfRow(rows[0]);
  });
}

Status SetPassword(Session& session, UserId user, std::string_view password) {
  auto hash = HashPassword(password);
  if (!hash) return Fail(hash.error());
  return Transact(session, [&](Work& work) -> Status {
    if (work.Run("user_set_password", user, *hash).empty()) {
      return Fail(NoUser(fmt::to_string(user.value)));
    }
    return {};
  });
}

Status SetUserActive(Session& session, UserId user, bool active) {
  return Transact(session, [&](Work& work) -> Status {
    if (work.Run("user_set_active", user, active).empty()) {
      return Fail(NoUser(fmt::to_string(user.value)));
    }
    return {};
  });
}

Status SetUserName(Session& session, UserId user, std::string_view name) {
  return Transact(session, [&](Work& work) -> Status {
    if (work.Run("user_set_name", user, name).empty()) {
      return Fail(NoUser(fmt::to_string(user.value)));
    }
    return {};
  });
}

Result<User> CheckPassword(Session& session, std::string_view email, std::string_view password) {
  const Error refused{Reason::kUnauthenticated, "email or password is wrong"};
  if (password.size() > kPasswordBytesMax) return Fail(refused);
  std::string hash;
  auto user = Read(session, [&](Work& work) -> Result<User> {
    const pqxx::result rows = work.Run("user_by_email", email);
    if (rows.empty()) return User{};
    if (!rows[0][6].is_null()) hash = rows[0][6].c_str();
    return UserOfRow(rows[0]);
  });
  if (!user) return user;
  // Outside the turn: it takes one itself.
  static const std::string kDecoy = HashPassword("a decoy password").value_or("");
  auto turn = TakeTurn();
  if (!turn) return Fail(turn.error());
  if (hash.empty()) {
    // Spend the same time as for a user that exists.
    [[maybe_unused]] const int spent =
        crypto_pwhash_str_verify(kDecoy.c_str(), password.data(), password.size());
    return Fail(refused);
  }
  if (crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) != 0 ||
      !user->active) {
    return Fail(refused);
  }
  return user;
}

}  // namespace mishap
