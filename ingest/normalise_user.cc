// The user, and which address counts as theirs (ingest-protocol 7.5): what the SDK said, "{{auto}}"
// for the address the request came from, and that address for clients that run on the user's own
// machine.
#include <arpa/inet.h>

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "event/raw_json.h"
#include "ingest/normalise_limits.h"
#include "ingest/normalise_parts.h"
#include "ingest/normalise_text.h"

namespace mishap {
namespace {

constexpr std::string_view kAuto = "{{auto}}";

bool IsAddress(const std::string& text) {
  unsigned char bytes[16];
  return inet_pton(AF_INET, text.c_str(), bytes) == 1 ||
         inet_pton(AF_INET6, text.c_str(), bytes) == 1;
}

bool RunsOnUsersMachine(std::string_view platform) {
  return platform == "javascript" || platform == "cocoa" || platform == "objc";
}

// The members of `env` with REMOTE_ADDR set to `address`, or without it when that is empty.
void SetRemoteAddress(RawJson& env, const std::string& address) {
  std::string out = "{";
  for (const auto& [key, value] : JsonChildren(env.text)) {
    if (key == "REMOTE_ADDR" && address.empty()) continue;
    if (out.size() > 1) out.push_back(',');
    AppendQuotedJson(out, key);
    out.push_back(':');
    if (key == "REMOTE_ADDR") {
      AppendQuotedJson(out, address);
    } else {
      out += value;
    }
  }
  env.text = out == "{" ? "" : out + "}";
}

void NormalizeAddresses(Event& event, const EventContext& context) {
  std::string wish;  // sdk.settings.infer_ip: auto | never | legacy
  if (event.sdk) wish = JsonMemberText(event.sdk->settings.text, "infer_ip");
  const std::string client_ip =
      wish == "never" || !IsAddress(context.client_ip) ? std::string() : context.client_ip;
  std::string remote;
  if (event.request) {
    remote = JsonMemberText(event.request->env.text, "REMOTE_ADDR");
    if (remote == kAuto) {
      SetRemoteAddress(event.request->env, client_ip);
      remote = client_ip;
    }
  }
  if (event.user) {
    std::string& address = event.user->ip_address;
    if (address == kAuto) address = client_ip;
    if (!address.empty() && !IsAddress(address)) {
      AddEventError(event, "invalid_data", "user.ip_address", address);
      address.clear();
    }
    if (!address.empty()) return;
  }
  std::string address;
  if (IsAddress(remote)) {
    address = remote;
  } else if (wish == "auto" || RunsOnUsersMachine(event.platform)) {
    address = client_ip;
  }
  if (address.empty()) return;
  if (!event.user) event.user.emplace();
  event.user->ip_address = std::move(address);
}

}  // namespace

void NormalizeUser(Event& event, const EventContext& context, MetaNotes& notes) {
  NormalizeAddresses(event, context);
  if (!event.user) return;
  EventUser& user = *event.user;
  auto trim = [&](std::string& text, const char* field, TextLimit limit) {
    StripBlanks(text);
    if (auto length = TrimText(text, limit)) notes.Shortened({"user", field}, *length);
  };
  trim(user.id, "id", kEnumLimit);
  trim(user.username, "username", kEnumLimit);
  trim(user.name, "name", kEnumLimit);
  trim(user.email, "email", kEmailLimit);
  if (auto length = TrimBag(user.geo, kSmallBag)) notes.Shortened({"user", "geo"}, *length);
  // What says nothing is not worth a row on the page.
  std::erase_if(user.data, [](const NamedJson& named) {
    return named.second.text == "null" || named.second.text == "\"\"";
  });
  if (TrimNamed(user.data, kMediumBag, kLargeBag.bytes_max)) {
    notes.Remark({"user", "data"}, "!limit", 's');
  }
  if (user.empty()) event.user.reset();
}

}  // namespace mishap
