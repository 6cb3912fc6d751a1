// PostgresCluster: one private PostgreSQL per test program, on a unix socket, without fsync; gone
// when the program ends, also when it is killed. MISHAP_TEST_DATABASE_URL names a server to use
// instead (its role must be able to make databases).
#pragma once

#include <string>

namespace mishap {

class PostgresCluster {
 public:
  // The program's cluster, started on first use.
  static PostgresCluster& Get();

  std::string ConnInfo(const std::string& database) const;

  PostgresCluster(const PostgresCluster&) = delete;
  PostgresCluster& operator=(const PostgresCluster&) = delete;

 private:
  PostgresCluster();
  ~PostgresCluster();
  void Start();

  std::string url_;   // given from outside, or empty
  std::string home_;  // data directory and socket
  int postmaster_ = 0;
};

}  // namespace mishap
