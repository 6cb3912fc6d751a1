// See announce.h.
#include "server/announce.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "base/json_writer.h"
#include "fmt/format.h"
#include "server/data_dir.h"
#include "server/dsn_of.h"

namespace mishap {

void PrintWelcome(const Addresses& at, const FirstProject& project,
                  const FirstCredentials& credentials, const std::string& data_dir) {
  const std::string dsn = DsnOf(at.public_url, project.public_key, project.project_id);
  const bool has_token = !credentials.token.empty();
  std::string text = fmt::format(
      "\nMishap is ready.\n\n"
      "  URL      {}\n"
      "  DSN      {}\n"
      "  gRPC     {}\n"
      "  Metrics  {}/metrics\n\n"
      "A first event from Python (pip install sentry-sdk, or apt install python3-sentry-sdk):\n\n"
      "  import sentry_sdk\n"
      "  sentry_sdk.init(\"{}\")\n"
      "  sentry_sdk.capture_exception(ValueError(\"my first event\"))\n\n"
      "List issues:\n\n"
      "  curl -H 'Authorization: Bearer {}' {}/api/0/organizations/{}/issues/\n\n",
      at.public_url, dsn, at.grpc.empty() ? "off" : at.grpc, at.admin, dsn,
      has_token ? credentials.token : "TOKEN", at.public_url, project.organization);
  if (has_token) {
    text += fmt::format("The owner's credentials are in {}/first-run.json.\n", data_dir);
  } else {
    text += "A token: mishap token create --organization " + project.organization + "\n";
  }
  text += "Ctrl-C stops the server; nothing that was acknowledged is lost.\n\n";
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

Status WriteReadyFile(const std::string& path, const Addresses& at, const std::string& dsn,
                      const std::string& token, const FirstProject& project) {
  std::string text;
  JsonWriter json(text);
  json.BeginObject()
      .Field("http", at.http)
      .Field("grpc", at.grpc)
      .Field("dsn", dsn)
      .Field("token", token)
      .Field("organization", project.organization)
      .Field("project", project.project)
      .EndObject();
  return WriteFileAtomically(path, text + "\n", 0600);
}

void NotifySystemd(std::string_view state) {
  const char* path = std::getenv("NOTIFY_SOCKET");
  sockaddr_un address{};
  if (path == nullptr || std::strlen(path) >= sizeof address.sun_path) return;
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path, std::strlen(path));
  if (address.sun_path[0] == '@') address.sun_path[0] = '\0';  // the abstract namespace
  const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return;
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + std::strlen(path));
  sendto(fd, state.data(), state.size(), MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&address),
         length);
  close(fd);
}

}  // namespace mishap
