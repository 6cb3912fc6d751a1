#include "grouping/g1/options.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "grouping/g1/chars.h"

namespace mishap::g1 {
namespace {

struct Line {
  std::string_view text;
  std::uint32_t number = 0;

  // Column of a part of the line, counted in characters from 1.
  RuleError Error(std::string_view part, std::string message) const {
    const std::string_view before =
        text.substr(0, static_cast<std::size_t>(part.data() - text.data()));
    const auto characters = std::count_if(before.begin(), before.end(), [](char c) {
      return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    });
    return {number, static_cast<std::uint32_t>(characters) + 1, std::move(message)};
  }
};

using Mistake = std::optional<RuleError>;

Mistake ReadChoice(const Line& line, std::string_view name, std::string_view value,
                   Options& options) {
  if (name == "frame_order") {
    if (value != "oldest_first" && value != "newest_first")
      return line.Error(value, "frame_order is oldest_first or newest_first");
    options.newest_first = value == "newest_first";
  } else if (name == "depth") {
    if (value != "site" && value != "path" && value != "full")
      return line.Error(value, "depth is site, path or full");
    options.depth = value == "site" ? Depth::kSite : value == "full" ? Depth::kFull : Depth::kPath;
  } else if (name == "message.parameterize") {
    if (value != "on" && value != "off")
      return line.Error(value, "message.parameterize is on or off");
    options.parameterise = value == "on";
  } else {
    return line.Error(name, fmt::format("\"{}\" is no option: frame_order, depth, "
                                        "message.parameterize or pattern NAME",
                                        name));
  }
  return std::nullopt;
}

Mistake ReadLine(const Line& line, Options& options, TextPatterns& patterns) {
  const std::string_view text = Trim(line.text);
  if (text.empty() || text.front() == '#') return std::nullopt;
  const auto equals = text.find('=');
  if (equals == std::string_view::npos) return line.Error(text, "an option is \"name = value\"");
  const std::string_view name = Trim(text.substr(0, equals));
  std::string_view value = Trim(text.substr(equals + 1));
  static constexpr std::string_view kPattern = "pattern ";
  if (name.substr(0, kPattern.size()) != kPattern) {
    const auto comment = value.find(" #");
    if (comment != std::string_view::npos) value = Trim(value.substr(0, comment));
    if (value.empty()) return line.Error(text, fmt::format("{} has no value", name));
    return ReadChoice(line, name, value, options);
  }
  const std::string_view placeholder = Trim(name.substr(kPattern.size()));
  if (auto wrong = patterns.Add(placeholder, value); !wrong.empty()) {
    return line.Error(value.empty() ? text : value, std::move(wrong));
  }
  return std::nullopt;
}

}  // namespace

tl::expected<Options, RuleError> ReadOptions(std::string_view text) {
  Options options;
  auto patterns = std::make_unique<TextPatterns>();
  std::uint32_t number = 0;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    if (auto wrong = ReadLine({text.substr(from, end - from), ++number}, options, *patterns)) {
      return tl::unexpected(std::move(*wrong));
    }
    from = end + 1;
  }
  if (!patterns->Empty()) options.patterns = std::move(patterns);
  return options;
}

}  // namespace mishap::g1
