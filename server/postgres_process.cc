// See postgres_process.h. Between fork and exec only async-signal-safe calls: other threads may run
// by then (a restart).
#include "server/postgres_process.h"

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>

#include "base/bytes.h"
#include "fmt/format.h"

namespace mishap {
namespace {

std::string ErrnoText() {
  return std::strerror(errno);
}

// In the child. False: exit at once.
bool BecomeAccount(const PostgresAccount& account) {
  if (!account.switches) return true;
  return setgroups(0, nullptr) == 0 && setgid(account.gid) == 0 && setuid(account.uid) == 0;
}

[[noreturn]] void ExecChild(const PostgresAccount& account, char* const* argv, char* const* envp,
                            pid_t parent, int stdin_fd, int log_fd) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  std::signal(SIGPIPE, SIG_DFL);
  setsid();
  if (!BecomeAccount(account)) _exit(126);
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  // After setuid, which clears it. If the parent died in between, nobody would tell us.
  prctl(PR_SET_PDEATHSIG, SIGINT);
  if (getppid() != parent) _exit(125);
  dup2(stdin_fd, STDIN_FILENO);
  dup2(log_fd, STDOUT_FILENO);
  dup2(log_fd, STDERR_FILENO);
  umask(077);
  if (chdir("/") != 0) _exit(124);
  execve(argv[0], argv, envp);
  _exit(127);
}

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  out.reserve(texts.size() + 1);
  for (std::string& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

bool WriteAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = write(fd, bytes.data(), bytes.size());
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

}  // namespace

Result<PostgresAccount> FindPostgresAccount() {
  PostgresAccount account;
  account.switches = geteuid() == 0;
  const passwd* entry = account.switches ? getpwnam("postgres") : getpwuid(geteuid());
  if (entry == nullptr) {
    return Fail(Reason::kUnavailable,
                account.switches
                    ? std::string("there is no user 'postgres' to run PostgreSQL as: install "
                                  "postgresql-15, or give --database-url")
                    : fmt::format("uid {} has no user name, which PostgreSQL's peer login needs: "
                                  "give --database-url",
                                  geteuid()));
  }
  account.uid = entry->pw_uid;
  account.gid = entry->pw_gid;
  account.name = entry->pw_name;
  return account;
}

bool CanEnter(const PostgresAccount& account, const std::string& directory) {
  const pid_t pid = fork();
  if (pid < 0) return false;
  if (pid == 0) _exit(BecomeAccount(account) && chdir(directory.c_str()) == 0 ? 0 : 1);
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

Result<pid_t> Spawn(const PostgresAccount& account, const std::vector<std::string>& arguments,
                    int stdin_fd, const std::string& log_path) {
  const int log_fd = open(log_path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  const int null_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
  std::vector<std::string> argument_texts = arguments;
  std::vector<std::string> environment = {"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "HOME=/"};
  if (const char* zone = std::getenv("TZ")) environment.push_back(fmt::format("TZ={}", zone));
  const std::vector<char*> argv = Pointers(argument_texts);
  const std::vector<char*> envp = Pointers(environment);
  const pid_t parent = getpid();
  const pid_t pid = log_fd < 0 ? -1 : fork();
  if (pid == 0) {
    ExecChild(account, argv.data(), envp.data(), parent, stdin_fd >= 0 ? stdin_fd : null_fd,
              log_fd);
  }
  const std::string error = ErrnoText();
  if (log_fd >= 0) close(log_fd);
  close(null_fd);
  if (pid < 0) {
    return Fail(Reason::kUnavailable,
                fmt::format("cannot start {} (log {}): {}", arguments.at(0), log_path, error));
  }
  return pid;
}

Status RunToEnd(const PostgresAccount& account, const std::vector<std::string>& arguments,
                const std::string& input, const std::string& log_path) {
  std::array<int, 2> pipe_fds{};
  if (pipe2(pipe_fds.data(), O_CLOEXEC) != 0) return Fail(Reason::kUnavailable, ErrnoText());
  // The inputs are a few lines: they fit into the pipe before anyone reads.
  const bool written = WriteAll(pipe_fds[1], input);
  close(pipe_fds[1]);
  auto pid = written ? Spawn(account, arguments, pipe_fds[0], log_path)
                     : Result<pid_t>(Fail(Reason::kInternal, "cannot write to a pipe"));
  close(pipe_fds[0]);
  if (!pid) return Fail(pid.error());
  int status = 0;
  while (waitpid(*pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  return Fail(Reason::kInternal, fmt::format("{} failed; {} ends with:\n{}", arguments.at(0),
                                             log_path, LastLines(log_path)));
}

std::optional<int> ReapChild(pid_t pid) {
  int status = 0;
  const pid_t done = waitpid(pid, &status, WNOHANG);
  if (done == 0) return std::nullopt;
  return status;  // also when it is no child of ours any more
}

std::optional<PostmasterFile> ReadPostmasterFile(const std::string& pgdata) {
  std::ifstream file(pgdata + "/postmaster.pid");
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.emplace_back(TrimAscii(line));
  if (lines.empty() || lines[0].empty()) return std::nullopt;
  PostmasterFile out;
  out.pid = static_cast<pid_t>(std::strtol(lines[0].c_str(), nullptr, 10));
  if (out.pid <= 0) return std::nullopt;
  if (lines.size() > 4) out.socket_directory = lines[4];
  if (lines.size() > 7) out.status = lines[7];
  return out;
}

bool IsPostmasterOf(pid_t pid, const std::string& pgdata) {
  std::array<char, 4096> there{};
  const std::string link = fmt::format("/proc/{}/cwd", pid);
  const ssize_t n = readlink(link.c_str(), there.data(), there.size() - 1);
  if (n <= 0) return false;
  char* real = realpath(pgdata.c_str(), nullptr);
  const bool same =
      real != nullptr && std::string_view(there.data(), static_cast<std::size_t>(n)) == real;
  std::free(real);
  return same;
}

bool AnswersOnSocket(const std::string& socket_directory) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = socket_directory + "/.s.PGSQL.5432";
  if (path.size() >= sizeof address.sun_path) return false;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return false;
  // SSLRequest: every PostgreSQL answers with one byte, before any login.
  constexpr std::array<unsigned char, 8> kSslRequest = {0, 0, 0, 8, 4, 210, 22, 47};
  bool answered = false;
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
      write(fd, kSslRequest.data(), kSslRequest.size()) == ssize_t{8}) {
    pollfd waiting{fd, POLLIN, 0};
    char byte = 0;
    answered = poll(&waiting, 1, 1000) == 1 && read(fd, &byte, 1) == 1;
  }
  close(fd);
  return answered;
}

std::string LastLines(const std::string& path, std::size_t bytes_max) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  std::string all = text.str();
  if (all.size() > bytes_max) all = all.substr(all.size() - bytes_max);
  return all;
}

}  // namespace mishap
