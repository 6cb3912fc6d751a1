#include "storage/typed/session_users.h"

#include <vector>

#include "storage/user_sketch.h"

namespace mishap {
namespace {

constexpr std::int16_t kAll = 0;
constexpr std::int16_t kErroredAnyhow = 1;

struct Keys {
  PqArray projects{PqArray::Type::kInt8};
  PqArray hours{PqArray::Type::kTime};
  PqArray releases{PqArray::Type::kInt4};
  PqArray environments{PqArray::Type::kInt4};
  PqArray statuses{PqArray::Type::kInt2};

  void Add(const SessionUserKey& key) {
    projects.Int8(key.first.project);
    hours.Time(key.first.hour);
    releases.Int4(key.first.release);
    environments.Int4(key.first.environment);
    statuses.Int2(key.second);
  }
  PqParams Params() {
    PqParams params;
    for (PqArray* column : {&projects, &hours, &releases, &environments, &statuses}) {
      params.Array(std::move(*column));
    }
    return params;
  }
};

}  // namespace

void AddSessionUser(const SessionHourKey& hour, SessionStatus status, std::uint64_t user,
                    SessionUsers& users) {
  users[{hour, kAll}].insert(user);
  if (status == SessionStatus::kOk) return;
  users[{hour, kErroredAnyhow}].insert(user);
  if (status != SessionStatus::kErrored) {
    users[{hour, static_cast<std::int16_t>(status)}].insert(user);
  }
}

void StoreSessionUsers(DigestRun& run, const SessionUsers& users) {
  if (users.empty()) return;
  Keys asked;
  std::vector<UserSketch> sketches(users.size());
  for (const auto& [key, hashes] : users) asked.Add(key);
  const PqRows rows = run.pg.Run("digest_session_user_select", asked.Params());
  for (int i = 0; i < rows.Count(); ++i) {
    auto sketch = UserSketch::Parse(rows.Bytes(i, 1));
    // Not the fault of any record in the batch: bisecting would throw good ones away.
    if (!sketch) throw SqlFailure{"XX001", "a user sketch in tenant.session_user is damaged"};
    sketches[static_cast<std::size_t>(rows.Int8(i, 0) - 1)] = *std::move(sketch);
  }
  Keys changed;
  PqArray bytes(PqArray::Type::kBytes);
  std::size_t index = 0;
  for (const auto& [key, hashes] : users) {
    UserSketch& sketch = sketches[index++];
    bool grew = false;
    for (std::uint64_t hash : hashes) grew |= sketch.Add(hash);
    if (!grew) continue;
    changed.Add(key);
    bytes.Bytes(sketch.Serialize());
  }
  if (bytes.Count() == 0) return;
  PqParams params = changed.Params();
  params.Array(std::move(bytes));
  run.pg.Run("digest_session_user_store", params);
}

}  // namespace mishap
