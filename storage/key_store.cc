#include "storage/key_store.h"

#include <fmt/format.h>

#include "storage/pqxx_session.h"

namespace mishap {
namespace {

constexpr std::size_t kKeyBytes = 16;

ProjectKey KeyOfRow(const pqxx::row& row) {
  ProjectKey key;
  key.id = KeyId{row[0].as<std::int64_t>()};
  key.project = ProjectId{row[1].as<std::int64_t>()};
  key.public_key = row[2].c_str();
  key.secret_key = row[3].c_str();
  key.name = row[4].c_str();
  key.active = row[5].as<bool>();
  key.rate_limit_count = row[6].as<std::int64_t>();
  key.rate_limit_window_s = row[7].as<std::int64_t>();
  key.created_at = TimestampOf(row[8]);
  return key;
}

Error NoKey(std::string_view public_key) {
  return {Reason::kNotFound, fmt::format("this project has no key '{}'", public_key)};
}

}  // namespace

Result<ProjectKey> CreateKey(Session& session, Random& random, ProjectId project,
                             std::string_view name) {
  return Transact(session, [&](Work& work) {
    const std::string public_key = random.Hex(kKeyBytes);
    const std::string secret_key = random.Hex(kKeyBytes);
    const pqxx::result rows = work.Run("project_key_insert", project, public_key, secret_key, name);
    work.Run("directory_bump");
    return KeyOfRow(rows[0]);
  });
}

Result<std::vector<ProjectKey>> ListKeys(Session& session, ProjectId project) {
  return Read(session, [&](Work& work) {
    std::vector<ProjectKey> out;
    for (const pqxx::row& row : work.Run("project_key_list", project)) out.push_back(KeyOfRow(row));
    return out;
  });
}

Result<ProjectKey> FindKey(Session& session, ProjectId project, std::string_view public_key) {
  return Read(session, [&](Work& work) -> Result<ProjectKey> {
    const pqxx::result rows = work.Run("project_key_by_public_key", project, public_key);
    if (rows.empty()) return Fail(NoKey(public_key));
    return KeyOfRow(rows[0]);
  });
}

Status SetKeyActive(Session& session, ProjectId project, std::string_view public_key, bool active) {
  return Transact(session, [&](Work& work) -> Status {
    if (work.Run("project_key_set_active", project, public_key, active).empty()) {
      return Fail(NoKey(public_key));
    }
    work.Run("directory_bump");
    return {};
  });
}

Status RevokeKey(Session& session, ProjectId project, std::string_view public_key) {
  return SetKeyActive(session, project, public_key, false);
}

Status SetKeyRateLimit(Session& session, ProjectId project, std::string_view public_key,
                       std::int64_t count, std::int64_t window_s) {
  if (count < 0 || window_s < 0 || (count > 0 && window_s == 0)) {
    return Fail(Reason::kInvalidArgument,
                "a rate limit needs a count of at least 0 and, above 0, a window in seconds");
  }
  return Transact(session, [&](Work& work) -> Status {
    if (work.Run("project_key_set_rate_limit", project, public_key, count, window_s).empty()) {
      return Fail(NoKey(public_key));
    }
    work.Run("directory_bump");
    return {};
  });
}

}  // namespace mishap
