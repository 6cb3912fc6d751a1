// Wiring: the house put together. Every part is built from its options and the parts before it, in
// one function, and shut down in reverse. No part finds another by itself. Not here: the process
// around it (serve.cc).
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/metrics.h"
#include "base/random.h"
#include "base/result.h"
#include "server/config.h"

namespace mishap {

class Wiring {
 public:
  struct Surroundings {
    const Config& config;
    std::string conninfo;
    std::string ready_file;  // empty: none
    const Clock& clock;
    Random& random;
  };

  // Opens the spool, starts the door and both listeners; the database is brought up behind it, as
  // soon as it answers. Errors: conflict (spool in use), unavailable (port taken, directory not
  // writable).
  static Result<std::unique_ptr<Wiring>> Build(const Surroundings& around);
  virtual ~Wiring() = default;

  // To be called about twice a second from the main thread: what waits in files is taken up.
  virtual void Tick() = 0;
  // An error that ends the server: the database is newer than this binary.
  virtual Status Health() const = 0;
  // Refuses what is new, finishes what is running, stores what the spool holds, at most `drain` for
  // each.
  virtual void Shutdown(std::chrono::milliseconds drain) = 0;
};

}  // namespace mishap
