#include "ingest/inbound_filter.h"

#include <algorithm>
#include <charconv>

#include "base/bytes.h"
#include "ingest/client_address.h"

namespace mishap {
namespace {

constexpr std::string_view kExtensionMessages[] = {
    "top.globals",
    "originalcreatenotification",
    "canvas.contentdocument",
    "myapp_removeallhighlights",
    "http://tt.epicplay.com",
    "can't find variable: zitereader",
    "jigsaw is not defined",
    "combosearch is not defined",
    "http://loading.retry.widdit.com/",
    "atomicfindclose",
    "fb_xd_fragment",
    "bmi_safeaddonload",
    "ebcallbackmessagereceived",
    "_gcrweb",
    "conduitpage",
    "null is not an object (evaluating 'elt.parentnode')",
    "plugin.setsuspendstate is not a function",
    "extension context invalidated",
    "webkit-masked-url:",
    "can't access dead object",
};
constexpr std::string_view kExtensionPlaces[] = {
    "graph.facebook.com",
    "connect.facebook.net",
    "eatdifferent.com.woopra-ns.com",
    "static.woopra.com/js/woopra.js",
    "webkit-masked-url",
    "127.0.0.1:4001/isrunning",
    "webappstoolbarba.texthelp.com/",
    "metrics.itunes.apple.com.edgesuite.net/",
    "kaspersky-labs.com",
};
constexpr std::string_view kExtensionSchemes[] = {
    "chrome://",           "chrome-extension://",     "moz-extension://",
    "safari-extension://", "safari-web-extension://",
};
constexpr std::string_view kCrawlers[] = {
    "mediapartners-google",
    "adsbot-google",
    "googlebot",
    "feedfetcher-google",
    "bingbot",
    "bingpreview",
    "baiduspider",
    "slurp",
    "sogou",
    "facebook",
    "ia_archiver",
    "slack",
    "calypso appcrawler",
    "pingdom",
    "lyticsbot",
    "aws security scanner",
    "hubspot crawler",
    "bytespider",
    "better uptime",
};
// Blocked by extensions, not by the page.
constexpr std::string_view kExtensionCspSchemes[] = {
    "chrome-extension",     "moz-extension",        "safari-extension",
    "safari-web-extension", "ms-browser-extension", "resource",
};

bool Contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

bool IsOn(const ProjectEntry& project, std::string_view filter) {
  return std::find(project.filters.begin(), project.filters.end(), filter) != project.filters.end();
}

std::string LowerUserAgent(const Event& event) {
  if (!event.request) return {};
  for (const auto& [name, value] : event.request->headers) {
    if (EqualsIgnoreCase(name, "User-Agent")) return ToLowerAscii(value);
  }
  return {};
}

// The youngest frame that stands in a file.
std::string_view YoungestPlace(const Exception& exception) {
  if (!exception.stacktrace) return {};
  const auto& frames = exception.stacktrace->frames;
  for (auto frame = frames.rbegin(); frame != frames.rend(); ++frame) {
    if (frame->abs_path.empty() || frame->abs_path == "<anonymous>" ||
        frame->abs_path == "[native code]") {
      continue;
    }
    return frame->abs_path;
  }
  return {};
}

bool IsFromExtension(const Event& event) {
  if (event.exceptions.empty()) return false;
  const Exception& first = event.exceptions.front();
  std::string value = ToLowerAscii(first.value);
  for (std::string_view text : kExtensionMessages) {
    if (Contains(value, text)) return true;
  }
  std::string_view place = YoungestPlace(first);
  for (std::string_view scheme : kExtensionSchemes) {
    if (place.starts_with(scheme)) return true;
  }
  return std::any_of(std::begin(kExtensionPlaces), std::end(kExtensionPlaces),
                     [&](std::string_view known) { return Contains(place, known); });
}

// "bot", "bots", "spider" at the end of a word of the agent: "ExampleBot/2.1".
bool HasCrawlerWord(std::string_view agent) {
  for (std::string_view word : {"bot", "bots", "spider"}) {
    for (std::size_t at = agent.find(word); at != std::string_view::npos;
         at = agent.find(word, at + 1)) {
      std::size_t end = at + word.size();
      if (end < agent.size() && Contains("/ \t);", agent.substr(end, 1))) return true;
    }
  }
  return false;
}

bool IsCrawler(std::string_view agent) {
  if (agent.starts_with("slackbot 1.")) return false;  // fetches for people
  for (std::string_view known : kCrawlers) {
    if (Contains(agent, known)) return true;
  }
  return HasCrawlerWord(agent);
}

// The number behind `mark`: 9 of "msie 9.0"; -1 if there is none.
int VersionBehind(std::string_view agent, std::string_view mark) {
  std::size_t at = agent.find(mark);
  if (at == std::string_view::npos) return -1;
  std::string_view digits = agent.substr(at + mark.size());
  int version = -1;
  std::from_chars(digits.data(), digits.data() + digits.size(), version);
  return version;
}

int IeVersion(std::string_view agent) {
  if (int version = VersionBehind(agent, "msie "); version >= 0) return version;
  return Contains(agent, "trident/") ? VersionBehind(agent, "rv:") : -1;
}

bool IsBelow(int version, int limit) {
  return version >= 0 && version < limit;
}

bool IsOperaBelow15(std::string_view agent) {
  if (!Contains(agent, "opera") || Contains(agent, "opera mini")) return false;
  int version = VersionBehind(agent, "version/");
  if (version < 0) version = VersionBehind(agent, "opera/");
  if (version < 0) version = VersionBehind(agent, "opera ");
  return IsBelow(version, 15);
}

// "legacy-browsers" is the default set; single families have names of their own.
bool IsLegacyBrowser(std::string_view agent, const ProjectEntry& project) {
  const bool all = IsOn(project, "legacy-browsers");
  auto on = [&](std::string_view name) { return IsOn(project, name); };
  const int ie = IeVersion(agent);
  if (IsBelow(ie, 9) && (all || on("ie_pre_9"))) return true;
  if (ie == 9 && (all || on("ie9"))) return true;
  if ((ie == 10 && on("ie10")) || (ie == 11 && on("ie11"))) return true;
  if ((all || on("opera_pre_15")) && IsOperaBelow15(agent)) return true;
  if ((all || on("opera_mini_pre_8")) && IsBelow(VersionBehind(agent, "opera mini/"), 8)) {
    return true;
  }
  const bool chrome = Contains(agent, "chrome/") || Contains(agent, "crios/");
  const bool android = Contains(agent, "android ");
  if (android) {
    return (all || on("android_pre_4")) && !chrome && Contains(agent, "safari/") &&
           IsBelow(VersionBehind(agent, "android "), 4);
  }
  return (all || on("safari_pre_6")) && !chrome && Contains(agent, "safari/") &&
         IsBelow(VersionBehind(agent, "version/"), 6);
}

bool IsLocalhost(const Event& event) {
  if (event.user && (event.user->ip_address == "127.0.0.1" || event.user->ip_address == "::1")) {
    return true;
  }
  if (!event.request) return false;
  std::string url = ToLowerAscii(event.request->url);
  if (url.starts_with("file:")) return true;
  std::size_t mark = url.find("://");
  if (mark == std::string::npos) return false;
  std::string_view host = std::string_view(url).substr(mark + 3);
  host = host.substr(0, host.find_first_of("/?#"));
  if (host.starts_with("[::1]")) return true;
  host = host.substr(0, host.find(':'));
  return host == "localhost" || host == "127.0.0.1";
}

bool IsExtensionCsp(const Event& event) {
  if (event.type != "csp") return false;
  std::string blocked = ToLowerAscii(event.Tag("blocked-uri"));
  std::string_view scheme = std::string_view(blocked).substr(0, blocked.find(':'));
  return std::find(std::begin(kExtensionCspSchemes), std::end(kExtensionCspSchemes), scheme) !=
         std::end(kExtensionCspSchemes);
}

bool MatchesAny(std::string_view text, const std::vector<std::string>& patterns) {
  if (text.empty()) return false;
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const std::string& pattern) { return GlobMatches(text, pattern); });
}

bool HasUnwantedMessage(const Event& event, const std::vector<std::string>& patterns) {
  if (patterns.empty()) return false;
  for (const Exception& exception : event.exceptions) {
    std::string text = exception.type;
    if (!exception.type.empty() && !exception.value.empty()) text += ": ";
    text += exception.value;
    if (MatchesAny(text, patterns)) return true;
  }
  return event.logentry && (MatchesAny(event.logentry->formatted, patterns) ||
                            MatchesAny(event.logentry->message, patterns));
}

bool IsUnwantedAddress(std::string_view ip, const std::vector<std::string>& blocks) {
  return std::any_of(blocks.begin(), blocks.end(), [&](const std::string& block) {
    auto parsed = TrustedProxies::Parse({block});  // a bad block matches nobody
    return parsed && parsed->Contains(ip);
  });
}

}  // namespace

bool GlobMatches(std::string_view text, std::string_view pattern) {
  std::size_t t = 0;
  std::size_t p = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || lower(pattern[p]) == lower(text[t]))) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

std::string_view FilterOf(const Event& event, const ProjectEntry& project,
                          std::string_view client_ip) {
  if (IsUnwantedAddress(client_ip, project.filtered_addresses)) return "ip-address";
  if (MatchesAny(event.release, project.filtered_releases)) return "release-version";
  if (HasUnwantedMessage(event, project.filtered_messages)) return "error-message";
  if (project.filters.empty()) return {};
  if (IsOn(project, "browser-extensions") && IsFromExtension(event)) return "browser-extensions";
  if (IsOn(project, "localhost") && IsLocalhost(event)) return "localhost";
  if (IsOn(project, "invalid-csp") && IsExtensionCsp(event)) return "invalid-csp";
  std::string agent = LowerUserAgent(event);
  if (agent.empty()) return {};
  if (IsOn(project, "web-crawlers") && IsCrawler(agent)) return "web-crawlers";
  if (IsLegacyBrowser(agent, project)) return "legacy-browsers";
  return {};
}

}  // namespace mishap
