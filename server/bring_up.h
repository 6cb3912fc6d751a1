// BringUp: what has to happen in the database before it can be used, tried until it works, in a
// thread of its own: ingest takes events meanwhile (decisions 1.13). Migrations, the dictionary,
// the first project and its owner.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "server/first_run.h"

namespace mishap {

struct BroughtUp {
  FirstProject project;
  FirstCredentials credentials;
  std::string process_token;
};

class BringUp {
 public:
  struct Plan {
    std::string conninfo;
    std::string data_dir;
    std::string instance;  // names this server's process tokens
    bool mints_token = false;
  };

  // on_done is called once, from this object's thread, when the database is ready.
  BringUp(Plan plan, Random& random, std::function<void(const BroughtUp&)> on_done);
  ~BringUp();  // Stop
  BringUp(const BringUp&) = delete;
  BringUp& operator=(const BringUp&) = delete;

  void Start();
  void Stop();
  // An error that trying again does not cure: the database is newer than this binary, or too old.
  std::optional<Error> Fatal() const;
  bool IsDone() const;
  // Ends the process token; best effort.
  void RevokeToken();

 private:
  void Run();
  Status Try();
  Result<BroughtUp> Prepare();
  bool Wait(std::chrono::milliseconds time);

  const Plan plan_;
  Random& random_;
  const std::function<void(const BroughtUp&)> on_done_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  bool done_ = false;
  std::optional<Error> fatal_;
  std::optional<FirstProject> minted_for_;
  std::thread thread_;
};

}  // namespace mishap
