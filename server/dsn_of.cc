// See dsn_of.h.
#include "server/dsn_of.h"

#include "fmt/format.h"

namespace mishap {

std::string DsnOf(std::string_view public_url, std::string_view public_key, ProjectId project) {
  while (public_url.ends_with('/')) public_url.remove_suffix(1);
  const std::size_t scheme_end = public_url.find("://");
  return fmt::format("{}://{}@{}/{}", public_url.substr(0, scheme_end), public_key,
                     public_url.substr(scheme_end + 3), project.value);
}

std::string ConfiguredUrl(const Config& config) {
  if (!config.server.public_url.empty()) return config.server.public_url;
  return "http://" + config.server.listen;
}

}  // namespace mishap
