// The private PostgreSQL: started, adopted, watched over and stopped (decisions 2.11). There is
// never a second postmaster on one cluster. Every call belongs to the main thread, and Start comes
// before any other thread.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "server/postgres_cluster.h"

namespace mishap {

class EmbeddedPostgres {
 public:
  // Makes the cluster if there is none, then starts it, or adopts a postmaster that a crash of ours
  // left behind. Returns when it takes connections, or after 30 s of crash recovery (it goes on by
  // itself).
  static Result<std::unique_ptr<EmbeddedPostgres>> Start(const std::string& data_dir,
                                                         const Clock& clock, Random& random);
  ~EmbeddedPostgres();
  EmbeddedPostgres(const EmbeddedPostgres&) = delete;
  EmbeddedPostgres& operator=(const EmbeddedPostgres&) = delete;

  // libpq connection string for the role mishap.
  std::string Conninfo() const;
  // To be called about twice a second: starts a postmaster that ended, with a growing pause.
  void Supervise();
  // Fast stop: sessions end, a checkpoint is written. Idempotent.
  void Stop();

 private:
  EmbeddedPostgres(PostgresCluster cluster, const Clock& clock);

  Status StartOrAdopt();
  bool Adopt();
  Status EndStuckPostmaster(pid_t pid);
  Status ChooseSocketDirectory();
  Status Launch();
  bool IsAlive();
  Status WaitReady(std::chrono::seconds at_most);
  bool WaitGone(pid_t pid, std::chrono::seconds at_most);

  PostgresCluster cluster_;
  const Clock& clock_;
  std::string socket_directory_;
  bool owns_socket_directory_ = false;
  pid_t pid_ = 0;  // 0: none
  bool is_child_ = false;
  int restarts_ = 0;
  std::chrono::steady_clock::time_point next_start_;
};

// Connection string of a private PostgreSQL that another process of ours runs on this data
// directory; not_found when none.
Result<std::string> FindRunningPostgres(const std::string& data_dir);

}  // namespace mishap
