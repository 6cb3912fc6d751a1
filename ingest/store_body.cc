#include "ingest/store_body.h"

#include <fmt/format.h>

#include "base/bytes.h"

namespace mishap {
namespace {

constexpr std::string_view kFormField = "sentry_data=";

std::string_view StripMark(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  return text;
}

bool IsJsonObject(std::string_view text) {
  return text.starts_with('{');
}

bool IsCompressed(std::string_view bytes) {
  return LooksLikeGzip(bytes) || LooksLikeZlib(bytes);
}

Result<std::string_view> Bounded(std::string_view json, std::size_t bytes_max) {
  if (json.size() > bytes_max) {
    return Fail(Reason::kTooLarge,
                fmt::format("the event is {} bytes, the limit is {}", json.size(), bytes_max));
  }
  return json;
}

}  // namespace

Result<std::string_view> DecodeStoreBody(std::string_view body, std::size_t bytes_max,
                                         Inflater& inflater, std::string& scratch) {
  std::string_view text = StripMark(TrimAscii(body));
  if (text.empty()) return Fail(Reason::kInvalidEnvelope, "the request has no body");
  if (IsJsonObject(text)) return Bounded(text, bytes_max);
  std::string_view bytes = text;
  if (!IsCompressed(body)) {
    std::string form;
    if (text.starts_with(kFormField)) {
      std::string_view field = text.substr(kFormField.size());
      // A plus is a digit of base64; as a blank it would be skipped.
      form = PercentDecode(field.substr(0, field.find('&')), false);
      text = TrimAscii(form);
    }
    if (IsJsonObject(text)) {
      scratch = std::string(text);
      return Bounded(scratch, bytes_max);
    }
    auto decoded = DecodeBase64(text);
    if (!decoded) {
      return Fail(Reason::kInvalidJson, "the body is neither JSON nor base64 of JSON or zlib data");
    }
    scratch = std::move(*decoded);
    bytes = StripMark(scratch);
    if (IsJsonObject(bytes)) return Bounded(bytes, bytes_max);
  } else {
    bytes = body;
  }
  auto inflated = inflater.InflateInner(bytes, bytes_max);
  if (!inflated) return inflated;
  std::string_view json = StripMark(TrimAscii(*inflated));
  if (!IsJsonObject(json)) return Fail(Reason::kInvalidJson, "the event is not a JSON object");
  return json;
}

bool IsTransaction(std::string_view json, JsonTree& tree) {
  // Nearly all events are told apart here: few have the word as a value.
  constexpr std::string_view kWord = "\"transaction\"";
  bool as_value = false;
  for (std::size_t at = json.find(kWord); at != std::string_view::npos && !as_value;
       at = json.find(kWord, at + kWord.size())) {
    as_value = TrimAscii(json.substr(0, at)).ends_with(':');
  }
  if (!as_value) return false;
  auto root = tree.Parse(json);
  if (!root || !root->IsObject()) return false;
  bool transaction = false;
  root->EachMember([&](std::string_view key, JsonValue value) {
    if (key == "type") transaction = value.IsString() && value.Text() == "transaction";
  });
  return transaction;
}

}  // namespace mishap
