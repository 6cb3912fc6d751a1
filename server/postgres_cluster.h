// The private cluster on disk: where it lives, how it is made, which PostgreSQL it belongs to. Not
// here: running it.
#pragma once

#include <string>

#include "base/random.h"
#include "base/result.h"
#include "server/postgres_process.h"

namespace mishap {

struct PostgresCluster {
  std::string home;      // log and socket; owned by the account, 0700
  std::string pgdata;    // home + "/data"
  std::string programs;  // "/usr/lib/postgresql/15/bin"
  PostgresAccount account;

  std::string StartLog() const { return home + "/start.log"; }
};

// The newest PostgreSQL (15 or newer) of this machine; `version` not 0: exactly that one.
// Errors: unavailable, naming what to install.
Result<std::string> FindPostgresPrograms(int version);

// Finds the cluster of a data directory, and makes it on the first call: initdb, the role `mishap`
// (no superuser) and its database. A data directory that user postgres cannot enter (below /root)
// gets its cluster in /var/lib/mishap/clusters/<random>; the file `postgres-path` in the data
// directory says so. Errors: unavailable (no PostgreSQL, wrong version, no place), internal (initdb
// failed).
Result<PostgresCluster> OpenCluster(const std::string& data_dir, Random& random);

// The cluster's home if it was made before; empty otherwise.
std::string FindClusterHome(const std::string& data_dir);

}  // namespace mishap
