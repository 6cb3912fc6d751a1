#include "event/dsn.h"

#include <fmt/format.h>

#include "base/bytes.h"

namespace mishap {

Result<std::string> ParsePublicKey(std::string_view text) {
  std::string key = ToLowerAscii(text.substr(0, text.find('.')));
  bool hex = key.size() == 32 && key.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (!hex) return Fail(Reason::kInvalidArgument, "a public key is 32 hexadecimal digits");
  return key;
}

Result<ProjectId> ParseProjectId(std::string_view text) {
  std::int64_t value = 0;
  for (char c : text) {
    if (c < '0' || c > '9') {
      return Fail(Reason::kInvalidArgument, "a project id is a decimal number");
    }
    value = value * 10 + (c - '0');
    if (value > kProjectIdMax) break;
  }
  if (value < 1 || value > kProjectIdMax) {
    return Fail(Reason::kInvalidArgument,
                fmt::format("a project id lies between 1 and {}", kProjectIdMax));
  }
  return ProjectId{value};
}

Result<Dsn> ParseDsn(std::string_view text) {
  std::size_t scheme_end = text.find("://");
  if (scheme_end == std::string_view::npos) {
    return Fail(Reason::kInvalidArgument, "a DSN starts with http:// or https://");
  }
  Dsn dsn;
  std::string_view scheme = text.substr(0, scheme_end);
  // raven's "sync+https": the transport is the client's business.
  if (std::size_t plus = scheme.rfind('+'); plus != std::string_view::npos) {
    scheme.remove_prefix(plus + 1);
  }
  dsn.scheme = ToLowerAscii(scheme);
  if (dsn.scheme != "http" && dsn.scheme != "https") {
    return Fail(Reason::kInvalidArgument, "a DSN starts with http:// or https://");
  }
  std::string_view rest = text.substr(scheme_end + 3);
  rest = rest.substr(0, rest.find_first_of("?#"));
  std::size_t at = rest.find('@');
  if (at == std::string_view::npos) {
    return Fail(Reason::kInvalidArgument, "the DSN has no public key before '@'");
  }
  std::string_view user = rest.substr(0, at);
  auto key = ParsePublicKey(user.substr(0, user.find(':')));
  if (!key) return Fail(key.error());
  dsn.public_key = std::move(*key);
  std::string_view location = rest.substr(at + 1);
  std::size_t host_end = location.find('/');
  std::size_t last_slash = location.rfind('/');
  if (host_end == std::string_view::npos) {
    return Fail(Reason::kInvalidArgument, "the DSN has no project id after the host");
  }
  dsn.host = location.substr(0, host_end);
  dsn.path = location.substr(host_end, last_slash - host_end);
  auto project = ParseProjectId(location.substr(last_slash + 1));
  if (!project) return Fail(project.error());
  dsn.project = *project;
  return dsn;
}

std::string Dsn::ToString() const {
  return fmt::format("{}://{}@{}{}/{}", scheme, public_key, host, path, project.value);
}

}  // namespace mishap
