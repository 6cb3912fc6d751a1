// What a ready server says: words for the person at the terminal, one JSON file for programs, one
// line for systemd.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "server/first_run.h"

namespace mishap {

// URL, DSN, a snippet to paste, a curl that lists issues; on standard output.
void PrintWelcome(const std::string& public_url, const std::string& admin_url,
                  const FirstProject& project, const FirstCredentials& credentials,
                  const std::string& data_dir);

// {"http":..,"dsn":..,"token":..,"organization":..,"project":..}: exactly these, written
// atomically, 0600. http: the bound address, whatever the public URL says.
Status WriteReadyFile(const std::string& path, const std::string& http, const std::string& dsn,
                      const std::string& token, const FirstProject& project);

// "READY=1", "STOPPING=1" to $NOTIFY_SOCKET (systemd Type=notify); nothing when it is not set.
void NotifySystemd(std::string_view state);

}  // namespace mishap
