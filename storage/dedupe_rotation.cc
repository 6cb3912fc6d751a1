#include "storage/dedupe_rotation.h"

#include <fmt/format.h>

#include "storage/pqxx_session.h"

namespace mishap {

Result<int> RotateDedupe(Session& session, int hours) {
  return Transact(session, [&](Work& work) {
    // Batches hold this lock shared while they use a generation, so none sees it change under its
    // feet. It also orders two servers that rotate at once: the second finds a young generation.
    work.Run("dedupe_lock_exclusive");
    const pqxx::result next = work.Run("dedupe_next", hours);
    if (next.empty()) return work.Run("dedupe_current")[0][0].as<int>();
    const int generation = next[0][0].as<int>();
    work.Execute(fmt::format(
        "create table tenant.event_seen_{0} partition of tenant.event_seen for values in ({0})",
        generation));
    for (const pqxx::row& row : work.Run("dedupe_tables")) {
      const int old = row[0].as<int>();
      if (old < generation - 1) work.Execute(fmt::format("drop table tenant.event_seen_{}", old));
    }
    return generation;
  });
}

}  // namespace mishap
