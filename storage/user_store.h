// People who sign in (schema control). Passwords are argon2id strings of libsodium (19 MiB, two
// passes), hashed one at a time: a storm of logins costs one core and 19 MiB.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "storage/connection.h"

namespace mishap {

inline constexpr std::size_t kPasswordBytesMin = 8;
inline constexpr std::size_t kPasswordBytesMax = 256;

struct User {
  UserId id;
  std::string email;
  std::string name;
  bool active = true;
  bool has_password = false;
  Timestamp created_at;
};

// Errors: invalid_argument.
Status CheckEmail(std::string_view email);

// password empty: the user cannot sign in with one. Errors: invalid_argument (email, password
// length), conflict.
Result<User> CreateUser(Session& session, std::string_view email, std::string_view name,
                        std::string_view password);
Result<std::vector<User>> ListUsers(Session& session);            // by email
Result<User> FindUser(Session& session, std::string_view email);  // not_found
Result<User> FindUserById(Session& session, UserId id);           // not_found
Status SetPassword(Session& session, UserId user,
                   std::string_view password);  // not_found, invalid_argument
// Off: sessions and tokens open nothing from now on.
Status SetUserActive(Session& session, UserId user, bool active);          // not_found
Status SetUserName(Session& session, UserId user, std::string_view name);  // not_found
// The user whose password this is; unauthenticated for a wrong password and an unknown or inactive
// user alike (the time taken does not tell which). Errors also: overloaded (too many at once).
Result<User> CheckPassword(Session& session, std::string_view email, std::string_view password);

}  // namespace mishap
