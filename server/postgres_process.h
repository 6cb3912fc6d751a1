// Processes that run as PostgreSQL's account: fork with a clean environment, wait, read
// postmaster.pid. PostgreSQL refuses to run as root; root runs it as user `postgres`, everybody
// else as themselves. Not here: where a cluster lives.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace mishap {

struct PostgresAccount {
  bool switches = false;  // we are root and become `name`
  uid_t uid = 0;
  gid_t gid = 0;
  std::string name;
};
// Errors: unavailable when we are root and there is no user postgres.
Result<PostgresAccount> FindPostgresAccount();

// True if the account may enter `directory` (every directory above it included).
bool CanEnter(const PostgresAccount& account, const std::string& directory);

// Starts a program as the account, in a session of its own (Ctrl-C in the terminal is not for it),
// with SIGINT when this process dies. Only from the main thread: the kernel ties that signal to the
// forking thread. stdin: a file descriptor or -1; output goes to `log_path`, appended.
Result<pid_t> Spawn(const PostgresAccount& account, const std::vector<std::string>& arguments,
                    int stdin_fd, const std::string& log_path);
// Runs to the end with `input` on stdin. Errors: internal with the end of the log when it did not
// exit with 0.
Status RunToEnd(const PostgresAccount& account, const std::vector<std::string>& arguments,
                const std::string& input, const std::string& log_path);
// Exit or death of a child of ours; nullopt while it lives.
std::optional<int> ReapChild(pid_t pid);

// What PostgreSQL writes into postmaster.pid.
struct PostmasterFile {
  pid_t pid = 0;
  std::string socket_directory;
  std::string status;  // starting | stopping | ready | standby
};
// nullopt: no such file, or it is not complete yet.
std::optional<PostmasterFile> ReadPostmasterFile(const std::string& pgdata);
// True if that process lives and has `pgdata` as its working directory (pids are reused; names
// prove nothing).
bool IsPostmasterOf(pid_t pid, const std::string& pgdata);
// True if something that speaks PostgreSQL's protocol answers on the socket within a second.
bool AnswersOnSocket(const std::string& socket_directory);

std::string LastLines(const std::string& path, std::size_t bytes_max = 2000);

}  // namespace mishap
