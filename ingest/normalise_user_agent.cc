// Browser, operating system and device from the request's User-Agent and client hints
// (ingest-protocol 7.7): the families people filter by. Only contexts the SDK did not send are
// filled. Not a full user agent database.
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "event/raw_json.h"
#include "ingest/normalise_parts.h"

namespace mishap {
namespace {

constexpr std::size_t kUserAgentBytesMax = 1024;

// At most three numbers: "156.0.0" of "156.0.0.0", "16.1" of "16_1".
std::string VersionAt(std::string_view text) {
  std::string version;
  int parts = 1;
  for (char c : text) {
    const bool digit = c >= '0' && c <= '9';
    if (digit) {
      version.push_back(c);
    } else if ((c == '.' || c == '_') && parts < 3 && !version.empty() && version.back() != '.') {
      version.push_back('.');
      ++parts;
    } else {
      break;
    }
  }
  if (version.ends_with('.')) version.pop_back();
  return version;
}

struct Family {
  std::string_view mark;  // what stands before the version
  std::string_view name;
  std::string_view with;  // must occur too
};

struct Product {
  std::string_view name;
  std::string version;
};

template <std::size_t N>
Product FirstOf(std::string_view agent, const Family (&families)[N]) {
  for (const Family& family : families) {
    std::size_t at = agent.find(family.mark);
    if (at == std::string_view::npos || agent.find(family.with) == std::string_view::npos) continue;
    return {family.name, VersionAt(agent.substr(at + family.mark.size()))};
  }
  return {};
}

// The first that fits: impostors (everybody is Mozilla, Chrome is Safari) stand behind the ones
// they hide.
constexpr Family kBrowsers[] = {
    {"Edg/", "Edge", ""},
    {"EdgA/", "Edge Mobile", ""},
    {"EdgiOS/", "Edge Mobile", ""},
    {"Edge/", "Edge", ""},
    {"OPR/", "Opera Mobile", "Mobile"},
    {"OPR/", "Opera", ""},
    {"SamsungBrowser/", "Samsung Internet", ""},
    {"YaBrowser/", "Yandex Browser", ""},
    {"Electron/", "Electron", ""},
    {"HeadlessChrome/", "HeadlessChrome", ""},
    {"CriOS/", "Chrome Mobile iOS", ""},
    {"FxiOS/", "Firefox iOS", ""},
    {"Firefox/", "Firefox Mobile", "Mobile"},
    {"Firefox/", "Firefox", ""},
    {"Chrome/", "Chrome Mobile", "Mobile"},
    {"Chrome/", "Chrome", ""},
    {"Version/", "Mobile Safari", "Mobile/"},
    {"Version/", "Safari", "Safari/"},
    {"MSIE ", "IE", ""},
    {"Trident/7.0; rv:", "IE", ""},
    {"rv:", "IE", "Trident/"},
};

constexpr Family kSystems[] = {
    {"Windows NT ", "Windows", ""}, {"iPhone OS ", "iOS", ""},     {"CPU OS ", "iOS", "iPad"},
    {"Android ", "Android", ""},    {"Mac OS X ", "Mac OS X", ""}, {"CrOS ", "Chrome OS", ""},
    {"Ubuntu", "Ubuntu", ""},       {"Linux", "Linux", ""},
};

std::string_view HeaderValue(const HttpRequest& request, std::string_view name) {
  for (const auto& [key, value] : request.headers) {
    if (EqualsIgnoreCase(key, name)) return value;
  }
  return {};
}

// "Chromium";v="118", "Google Chrome";v="118", "Not=A?Brand";v="99": the brand that is not filler.
Product FromHints(std::string_view hints, std::string& storage) {
  while (!hints.empty()) {
    std::size_t open = hints.find('"');
    std::size_t close = open == hints.npos ? open : hints.find('"', open + 1);
    std::size_t end = close == hints.npos ? close : hints.find(',', close);
    if (close == hints.npos) return {};
    std::string_view brand = hints.substr(open + 1, close - open - 1);
    std::string_view rest = hints.substr(close, end == hints.npos ? end : end - close);
    bool filler = false;
    for (std::string_view word : {"Brand", "Chromium", "Gecko", "WebKit"}) {
      filler |= brand.find(word) != brand.npos;
    }
    std::size_t version = rest.find("v=\"");
    if (!filler && !brand.empty() && version != rest.npos) {
      storage = brand;
      return {storage, VersionAt(rest.substr(version + 3))};
    }
    if (end == hints.npos) return {};
    hints.remove_prefix(end + 1);
  }
  return {};
}

bool HasContext(const Event& event, std::string_view name) {
  for (const auto& [key, context] : event.contexts) {
    if (key == name) return true;
  }
  return false;
}

void AddContext(Event& event, std::string_view key, const Product& product) {
  if (product.name.empty() || HasContext(event, key)) return;
  std::string json = "{\"name\":" + QuotedJson(product.name);
  if (!product.version.empty()) json += ",\"version\":" + QuotedJson(product.version);
  event.contexts.emplace_back(key, RawJson{json + "}"});
}

// Frozen versions mean "this or newer".
void MendSystemVersion(Product& system) {
  if (system.name == "Windows") {
    if (system.version == "10.0") system.version = ">=10";
    if (system.version == "6.3") system.version = "8.1";
    if (system.version == "6.2") system.version = "8";
    if (system.version == "6.1") system.version = "7";
  } else if (system.name == "Mac OS X" && system.version == "10.15.7") {
    system.version = ">=10.15.7";
  } else if (system.name == "Ubuntu" || system.name == "Linux") {
    system.version.clear();
  }
}

}  // namespace

void NormalizeUserAgent(Event& event) {
  if (!event.request) return;
  std::string_view agent = HeaderValue(*event.request, "User-Agent").substr(0, kUserAgentBytesMax);
  std::string brand;
  Product browser = FromHints(HeaderValue(*event.request, "Sec-Ch-Ua"), brand);
  if (browser.name.empty()) browser = FirstOf(agent, kBrowsers);
  // Programs that are no browsers say little about a system worth a tag.
  if (browser.name.empty()) return;
  AddContext(event, "browser", browser);
  Product system = FirstOf(agent, kSystems);
  MendSystemVersion(system);
  AddContext(event, event.platform == "javascript" ? "os" : "client_os", system);
  for (std::string_view device : {"iPhone", "iPad"}) {
    if (agent.find(device) == agent.npos || HasContext(event, "device")) continue;
    event.contexts.emplace_back(
        "device", RawJson{"{\"family\":" + QuotedJson(device) + ",\"model\":" + QuotedJson(device) +
                          ",\"brand\":\"Apple\"}"});
  }
}

}  // namespace mishap
