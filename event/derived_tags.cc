#include "event/derived_tags.h"

#include <algorithm>
#include <string_view>

#include "base/bytes.h"
#include "event/raw_json.h"

namespace mishap {
namespace {

constexpr std::size_t kTagValueBytesMax = 200;

class TagList {
 public:
  void Add(std::string_view key, std::string_view value) {
    value = TrimAscii(value);
    if (value.empty()) return;
    std::string text(Utf8Prefix(value, kTagValueBytesMax));
    std::replace(text.begin(), text.end(), '\n', ' ');
    tags_.emplace_back(key, std::move(text));
  }
  std::vector<NamedText> Take() { return std::move(tags_); }

 private:
  std::vector<NamedText> tags_;
};

// id:7, username:jo, email:..., ip:...: the first that is there.
std::string IdentityTag(const EventUser& user) {
  if (!user.id.empty()) return "id:" + user.id;
  if (!user.username.empty()) return "username:" + user.username;
  if (!user.email.empty()) return "email:" + user.email;
  if (!user.ip_address.empty()) return "ip:" + user.ip_address;
  return {};
}

// "Firefox 128" under `key`, "Firefox" under key.name.
void AddNamedVersion(TagList& tags, std::string_view key, std::string_view context) {
  std::string name = JsonMemberText(context, "name");
  if (name.empty()) return;
  std::string version(TrimAscii(JsonMemberText(context, "version")));
  tags.Add(key, version.empty() ? name : name + " " + version);
  tags.Add(std::string(key) + ".name", name);
}

void AddContext(TagList& tags, std::string_view name, std::string_view context) {
  if (name == "browser" || name == "os" || name == "client_os" || name == "runtime") {
    AddNamedVersion(tags, name, context);
  } else if (name == "device") {
    tags.Add("device", JsonMemberText(context, "model"));
    tags.Add("device.family", JsonMemberText(context, "family"));
  } else if (name == "trace") {
    tags.Add("trace", JsonMemberText(context, "trace_id"));
  } else if (name == "replay") {
    tags.Add("replayId", JsonMemberText(context, "replay_id"));
  }
}

}  // namespace

std::vector<NamedText> DerivedTags(const Event& event) {
  TagList tags;
  if (event.level) tags.Add("level", LevelName(*event.level));
  tags.Add("logger", event.logger);
  tags.Add("environment", event.environment);
  tags.Add("release", event.release);
  tags.Add("dist", event.dist);
  tags.Add("transaction", event.transaction);
  if (event.request) tags.Add("url", event.request->url);
  tags.Add("server_name", event.server_name);
  if (event.user) {
    tags.Add("user", IdentityTag(*event.user));
    tags.Add("user.id", event.user->id);
    tags.Add("user.username", event.user->username);
    tags.Add("user.email", event.user->email);
    tags.Add("user.ip_address", event.user->ip_address);
  }
  for (const auto& [name, context] : event.contexts) AddContext(tags, name, context.text);
  if (!event.exceptions.empty() && event.exceptions.back().mechanism) {
    const Mechanism& mechanism = *event.exceptions.back().mechanism;
    tags.Add("mechanism", mechanism.type);
    if (mechanism.handled) tags.Add("handled", *mechanism.handled ? "yes" : "no");
  }
  if (event.sdk) tags.Add("sdk.name", event.sdk->name);
  return tags.Take();
}

std::vector<NamedText> AllTags(const Event& event) {
  std::vector<NamedText> tags = DerivedTags(event);
  tags.insert(tags.end(), event.tags.begin(), event.tags.end());
  auto by_key = [](const NamedText& a, const NamedText& b) { return a.first < b.first; };
  std::stable_sort(tags.begin(), tags.end(), by_key);
  auto same_key = [](const NamedText& a, const NamedText& b) { return a.first == b.first; };
  tags.erase(std::unique(tags.begin(), tags.end(), same_key), tags.end());
  return tags;
}

}  // namespace mishap
