// What a ready server says: words for the person at the terminal, one JSON file for programs, one
// line for systemd.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "server/first_run.h"

namespace mishap {

// Where this server is reached.
struct Addresses {
  std::string http;   // the bound address as a URL
  std::string grpc;   // "127.0.0.1:9002"; empty: off
  std::string admin;  // of /metrics, as a URL
  std::string public_url;
};

// URL, DSN, a snippet to paste, a curl that lists issues; on standard output.
void PrintWelcome(const Addresses& at, const FirstProject& project,
                  const FirstCredentials& credentials, const std::string& data_dir);

// {"http":..,"grpc":..,"dsn":..,"token":..,"organization":..,"project":..}: exactly these, written
// atomically, 0600. http, grpc: the bound addresses, whatever the public URL says; grpc is "" when
// it is off.
Status WriteReadyFile(const std::string& path, const Addresses& at, const std::string& dsn,
                      const std::string& token, const FirstProject& project);

// "READY=1", "STOPPING=1" to $NOTIFY_SOCKET (systemd Type=notify); nothing when it is not set.
void NotifySystemd(std::string_view state);

}  // namespace mishap
