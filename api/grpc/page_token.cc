#include "api/grpc/page_token.h"

#include <algorithm>

#include "api/query_params.h"
#include "base/bytes.h"
#include "proto/wire.h"
#include "storage/account/token_text.h"

namespace mishap {
namespace {

constexpr std::size_t kTokenBytesMax = 1000;
constexpr std::size_t kMarkBytes = 8;  // of the query's hash

std::string MarkOf(std::string_view query) {
  return Sha256("page token 1 " + std::string(query)).substr(0, kMarkBytes);
}

}  // namespace

// A message: 1 value, 2 offset, 3 text, 4 the query's mark; in base64 that needs no escaping.
std::string WritePageToken(const PageToken& token, std::string_view query) {
  std::string bytes;
  ProtoWriter(bytes).Int(1, token.value).Int(2, token.offset).Text(3, token.text);
  ProtoWriter(bytes).Text(4, MarkOf(query));
  std::string text = EncodeBase64(bytes);
  while (text.ends_with('=')) text.pop_back();
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return text;
}

Result<PageToken> ReadPageToken(std::string_view text, std::string_view query) {
  auto wrong = [] {
    return Fail(Reason::kInvalidArgument,
                "is no token of this server: send next_page_token as it came");
  };
  if (text.size() > kTokenBytesMax) return wrong();
  const auto bytes = DecodeBase64(text);
  if (!bytes) return wrong();
  PageToken token;
  std::string_view mark;
  ProtoReader reader(*bytes);
  ProtoField field;
  while (reader.Next(field)) {
    if (field.number == 1) token.value = field.Signed();
    if (field.number == 2) token.offset = field.Signed();
    if (field.number == 3) token.text = field.bytes;
    if (field.number == 4) mark = field.bytes;
  }
  if (reader.Broken() || mark.size() != kMarkBytes || token.offset < 0 ||
      !IsStorableText(token.text)) {
    return wrong();
  }
  if (mark != MarkOf(query)) {
    return Fail(Reason::kInvalidArgument,
                "belongs to another call: parent, filter, order and time must stay the same");
  }
  return token;
}

}  // namespace mishap
