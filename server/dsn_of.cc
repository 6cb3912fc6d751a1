// See dsn_of.h.
#include "server/dsn_of.h"

#include <fstream>

#include "fmt/format.h"
#include "server/data_dir.h"

namespace mishap {
namespace {

std::string UrlFile(const std::string& data_dir) {
  return data_dir + "/public-url";
}

}  // namespace

std::string DsnOf(std::string_view public_url, std::string_view public_key, ProjectId project) {
  while (public_url.ends_with('/')) public_url.remove_suffix(1);
  const std::size_t scheme_end = public_url.find("://");
  return fmt::format("{}://{}@{}/{}", public_url.substr(0, scheme_end), public_key,
                     public_url.substr(scheme_end + 3), project.value);
}

std::string ConfiguredUrl(const Config& config) {
  if (!config.server.public_url.empty()) return config.server.public_url;
  std::ifstream file(UrlFile(config.server.data_dir));
  std::string url;
  if (std::getline(file, url) && url.find("://") != std::string::npos) return url;
  return "http://" + config.server.listen;
}

Status RememberUrl(const std::string& data_dir, const std::string& public_url) {
  return WriteFileAtomically(UrlFile(data_dir), public_url + "\n", 0644);
}

}  // namespace mishap
