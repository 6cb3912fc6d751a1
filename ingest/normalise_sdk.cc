// Which SDK sent an event: its own word, else the envelope's, else the client name of the request.
#include <string>

#include "event/event_json.h"
#include "ingest/normalise_limits.h"
#include "ingest/normalise_parts.h"
#include "ingest/normalise_text.h"

namespace mishap {
namespace {

std::optional<Sdk> FromEnvelope(const std::string& sdk_json) {
  if (sdk_json.empty()) return std::nullopt;
  auto event = EventReader().Read("{\"sdk\":" + sdk_json + "}");
  if (!event || !event->sdk || event->sdk->name.empty()) return std::nullopt;
  return std::move(event->sdk);
}

// "sentry.python/2.1.0"
std::optional<Sdk> FromClientName(const std::string& client) {
  if (client.empty()) return std::nullopt;
  Sdk sdk;
  std::size_t slash = client.find('/');
  sdk.name = client.substr(0, slash);
  if (slash != std::string::npos) sdk.version = client.substr(slash + 1);
  if (sdk.name.empty()) return std::nullopt;
  return sdk;
}

}  // namespace

void NormalizeSdk(Event& event, const EventContext& context) {
  if (!event.sdk || event.sdk->name.empty()) {
    std::optional<Sdk> sdk = FromEnvelope(context.sdk_json);
    if (!sdk) sdk = FromClientName(context.sentry_client);
    if (sdk && event.sdk) {
      event.sdk->name = std::move(sdk->name);
      if (event.sdk->version.empty()) event.sdk->version = std::move(sdk->version);
    } else if (sdk) {
      event.sdk = std::move(sdk);
    }
  }
  if (!event.sdk) return;
  Sdk& sdk = *event.sdk;
  TrimText(sdk.name, kEnumLimit);
  TrimText(sdk.version, kEnumLimit);
  if (sdk.integrations.size() > kSdkListMax) sdk.integrations.resize(kSdkListMax);
  for (std::string& name : sdk.integrations) TrimText(name, kEnumLimit);
  if (sdk.packages.size() > kSdkListMax) sdk.packages.resize(kSdkListMax);
  for (SdkPackage& package : sdk.packages) {
    TrimText(package.name, kEnumLimit);
    TrimText(package.version, kEnumLimit);
  }
  TrimBag(sdk.settings, kSmallBag);
  TrimNamed(sdk.other, kSmallBag, kMediumBag.bytes_max);
  if (sdk == Sdk{}) event.sdk.reset();
}

}  // namespace mishap
