#include "storage/release/version_columns.h"

#include <fmt/format.h>

namespace mishap {

VersionColumns VersionColumnsOf(std::string_view version) {
  auto parsed = ParseReleaseVersion(version);
  VersionColumns out{std::move(parsed.package), {}, {}, {}};
  if (!parsed.semantic) return out;
  out.numbers = fmt::format("{{{}}}", fmt::join(parsed.semantic->numbers, ","));
  out.prerelease = std::move(parsed.semantic->prerelease);
  out.build = std::move(parsed.semantic->build);
  return out;
}

}  // namespace mishap
