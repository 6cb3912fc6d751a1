#include "event/search_tags.h"

#include <xxhash.h>

#include <algorithm>
#include <array>
#include <string>

#include "base/bytes.h"
#include "event/raw_json.h"

namespace mishap {
namespace {

constexpr std::size_t kValueBytesMax = 200;
constexpr std::string_view kFlagPrefix = "flags[\"";

struct Member {
  std::string_view context;
  std::string_view member;
  std::string_view key;
};
constexpr std::array kMembers = {
    Member{"os", "version", "os.version"},
    Member{"os", "build", "os.build"},
    Member{"os", "kernel_version", "os.kernel_version"},
    Member{"os", "rooted", "os.rooted"},
    Member{"browser", "version", "browser.version"},
    Member{"runtime", "version", "runtime.version"},
    Member{"client_os", "version", "client_os.version"},
    Member{"device", "model", "device.model"},
    Member{"device", "model_id", "device.model_id"},
    Member{"device", "arch", "device.arch"},
    Member{"device", "brand", "device.brand"},
    Member{"device", "manufacturer", "device.manufacturer"},
    Member{"device", "name", "device.name"},
    Member{"device", "orientation", "device.orientation"},
    Member{"device", "simulator", "device.simulator"},
    Member{"device", "locale", "device.locale"},
    Member{"device", "class", "device.class"},
    Member{"device", "charging", "device.charging"},
    Member{"device", "online", "device.online"},
    Member{"device", "low_memory", "device.low_memory"},
    Member{"app", "app_identifier", "app.identifier"},
    Member{"app", "app_name", "app.name"},
    Member{"app", "app_version", "app.version"},
    Member{"app", "app_build", "app.build"},
    Member{"app", "build_type", "app.build_type"},
    Member{"app", "in_foreground", "app.in_foreground"},
    Member{"response", "status_code", "http.status_code"},
};
constexpr std::array<std::string_view, 6> kOtherKeys = {
    "http.method", "http.referer", "geo.country_code", "geo.city", "geo.region", "sdk.version"};

class SearchTagList {
 public:
  explicit SearchTagList(const std::vector<NamedText>& tags) : tags_(tags) {}

  void Add(std::string_view key, std::string_view value) {
    value = TrimAscii(value);
    auto same = [&](const NamedText& tag) { return tag.first == key; };
    if (value.empty() || out_.size() >= kSearchTagsMax ||
        std::any_of(tags_.begin(), tags_.end(), same) ||
        std::any_of(out_.begin(), out_.end(), same)) {
      return;
    }
    std::string text(Utf8Prefix(value, kValueBytesMax));
    std::replace(text.begin(), text.end(), '\n', ' ');
    out_.emplace_back(key, std::move(text));
  }
  std::vector<NamedText> Take() { return std::move(out_); }

 private:
  const std::vector<NamedText>& tags_;
  std::vector<NamedText> out_;
};

// {"values": [{"flag": "new-checkout", "result": true}]}
void AddFlags(std::string_view context, SearchTagList& out) {
  for (const auto& [name, flag] : JsonChildren(JsonMember(context, "values"))) {
    auto key = JsonMemberText(flag, "flag");
    if (key.empty() || key.find_first_of("\"[]\n") != std::string::npos) continue;
    out.Add(std::string(kFlagPrefix) + key + "\"]", JsonMemberText(flag, "result"));
  }
}

void AddRequest(const HttpRequest& request, SearchTagList& out) {
  out.Add("http.method", request.method);
  for (const auto& [name, value] : request.headers) {
    if (EqualsIgnoreCase(name, "referer")) out.Add("http.referer", value);
  }
}

}  // namespace

std::vector<NamedText> SearchTags(const Event& event, const std::vector<NamedText>& tags) {
  SearchTagList out(tags);
  for (const auto& [name, context] : event.contexts) {
    if (name == "flags") AddFlags(context.text, out);
    for (const auto& member : kMembers) {
      if (member.context == name) out.Add(member.key, JsonMemberText(context.text, member.member));
    }
  }
  if (event.request) AddRequest(*event.request, out);
  if (event.user && !event.user->geo.empty()) {
    for (std::string_view part : {"country_code", "city", "region"}) {
      out.Add("geo." + std::string(part), JsonMemberText(event.user->geo.text, part));
    }
  }
  if (event.sdk) out.Add("sdk.version", event.sdk->version);
  return out.Take();
}

bool IsSearchTag(std::string_view key) {
  if (key.starts_with(kFlagPrefix)) return true;
  return std::find(kOtherKeys.begin(), kOtherKeys.end(), key) != kOtherKeys.end() ||
         std::any_of(kMembers.begin(), kMembers.end(),
                     [&](const Member& member) { return member.key == key; });
}

bool IsNamedForSearch(std::string_view key) {
  return key == "url" || key.starts_with("user.");
}

std::int64_t UniqueTagHash(std::string_view key, std::string_view value) {
  std::string text(key);
  text += '\0';
  text += value;
  return static_cast<std::int64_t>(XXH3_64bits(text.data(), text.size()));
}

}  // namespace mishap
