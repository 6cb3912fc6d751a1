// mishap serve: the process. Lock, private PostgreSQL, wiring, signals, the way out. Everything
// here happens on the main thread, which also owns the postmaster (decisions 2.11).
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <memory>
#include <string_view>

#include "base/log.h"
#include "fmt/format.h"
#include "server/announce.h"
#include "server/commands.h"
#include "server/data_dir.h"
#include "server/embedded_postgres.h"
#include "server/version.h"
#include "server/wiring.h"

namespace mishap {
namespace {

constexpr int kTickMs = 500;
// What a stop may take beyond its two drains (requests, spool).
constexpr std::int64_t kStopGraceSeconds = 10;

// Blocks SIGTERM and SIGINT for this thread and all that follow; read from the descriptor.
int OpenSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

// From here on a second signal ends the process at once. The spool keeps what was acknowledged; the
// postmaster gets its own signal when we are gone.
void EndAtNextSignal() {
  struct sigaction action {};
  action.sa_handler = [](int) { _exit(130); };
  sigaction(SIGTERM, &action, nullptr);
  sigaction(SIGINT, &action, nullptr);
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
}

// A database that hangs answers nobody, and libpq waits for it without end. Its turn is over then:
// what was acknowledged stands in the spool.
void EndWhenOverdue(std::int64_t drain_seconds) {
  struct sigaction action {};
  action.sa_handler = [](int) {
    constexpr std::string_view kText =
        "mishap: the stop takes too long, probably PostgreSQL hangs: ended without waiting; the "
        "next start goes on from the spool\n";
    [[maybe_unused]] const auto n = write(STDERR_FILENO, kText.data(), kText.size());
    _exit(1);
  };
  sigaction(SIGALRM, &action, nullptr);
  alarm(static_cast<unsigned>(2 * drain_seconds + kStopGraceSeconds));
}

// Returns when a signal came or the server cannot go on.
Status RunUntilSignal(int signals, Wiring& wiring, EmbeddedPostgres* postgres) {
  for (;;) {
    pollfd waiting{signals, POLLIN, 0};
    if (poll(&waiting, 1, kTickMs) > 0) {
      signalfd_siginfo signal{};
      if (read(signals, &signal, sizeof signal) == ssize_t{sizeof signal}) {
        Log(LogLevel::kInfo, "stopping", {{"signal", std::int64_t{signal.ssi_signo}}});
        return {};
      }
    }
    if (postgres != nullptr) postgres->Supervise();
    wiring.Tick();
    if (auto healthy = wiring.Health(); !healthy) return healthy;
  }
}

}  // namespace

int RunServe(CommandContext& context, const ServeCommand& options) {
  const Config& config = context.config;
  const int signals = OpenSignals();
  Log(LogLevel::kInfo, "starting", {{"version", kVersion}, {"data_dir", config.server.data_dir}});
  auto lock = DataDirLock::Take(config.server.data_dir);
  if (!lock) return PrintError(lock.error());
  if (!options.ready_file.empty()) unlink(options.ready_file.c_str());

  std::unique_ptr<EmbeddedPostgres> postgres;
  std::string conninfo = config.database.url;
  if (conninfo.empty()) {
    auto started = EmbeddedPostgres::Start(config.server.data_dir, context.clock, context.random);
    if (!started) return PrintError(started.error());
    postgres = std::move(*started);
    conninfo = postgres->Conninfo();
  }
  auto wiring =
      Wiring::Build({config, conninfo, options.ready_file, context.clock, context.random});
  if (!wiring) return PrintError(wiring.error());

  const Status ended = RunUntilSignal(signals, **wiring, postgres.get());
  NotifySystemd("STOPPING=1");
  EndAtNextSignal();
  EndWhenOverdue(config.server.drain_seconds);
  (*wiring)->Shutdown(std::chrono::seconds(config.server.drain_seconds));
  wiring->reset();
  alarm(0);
  if (postgres) postgres->Stop();
  Log(LogLevel::kInfo, "stopped");
  return ended ? 0 : PrintError(ended.error());
}

}  // namespace mishap
