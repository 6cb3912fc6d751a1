#include "ingest/envelope_parser.h"

#include <fmt/format.h>

#include <cmath>
#include <optional>

#include "base/bytes.h"
#include "ingest/item_type.h"

namespace mishap {
namespace {

// Rounds of the exact conversion double -> integer: beyond it a length is nonsense anyway.
constexpr double kLengthMax = 9007199254740992.0;

tl::unexpected<Error> Invalid(std::string detail) {
  return Fail(Reason::kInvalidEnvelope, std::move(detail));
}

std::string TextOr(JsonValue value, std::string_view otherwise) {
  return std::string(value.IsString() ? value.Text() : otherwise);
}

// A whole number, also as 12.0 or "12". nullopt: not a length.
std::optional<std::uint64_t> ReadLength(JsonValue value) {
  if (value.IsInt() && value.Int() >= 0) return static_cast<std::uint64_t>(value.Int());
  if (value.IsUint()) return value.Uint();
  if (value.IsDouble()) {
    double number = value.Double();
    if (number < 0 || number > kLengthMax || number != std::floor(number)) return std::nullopt;
    return static_cast<std::uint64_t>(number);
  }
  if (!value.IsString() || value.Text().empty() || value.Text().size() > 15) return std::nullopt;
  std::uint64_t number = 0;
  for (char c : value.Text()) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return number;
}

}  // namespace

struct EnvelopeParser::Cursor {
  std::string_view body;
  std::size_t at = 0;

  bool AtEnd() const { return at >= body.size(); }
  // Up to the line feed, which is consumed; one CR before it is not part of the line.
  std::string_view Line() {
    std::size_t end = body.find('\n', at);
    if (end == std::string_view::npos) end = body.size();
    std::string_view line = body.substr(at, end - at);
    at = std::min(end + 1, body.size());
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
  }
  void SkipBlank() {
    while (at < body.size() && (body[at] == '\n' || body[at] == '\r' || body[at] == ' ')) ++at;
  }
};

struct EnvelopeParser::ItemHeader {
  EnvelopeItem item;
  std::optional<std::uint64_t> length;
};

Result<JsonValue> EnvelopeParser::ParseHeaderLine(std::string_view line, std::string_view what) {
  if (line.size() > limits_.header_line_bytes_max) {
    return Fail(Reason::kTooLarge,
                fmt::format("{} is longer than {} bytes", what, limits_.header_line_bytes_max));
  }
  auto root = json_.Parse(line);
  if (!root) return Invalid(fmt::format("{}: {}", what, root.error().detail));
  if (!root->IsObject()) return Invalid(fmt::format("{} is not a JSON object", what));
  return root;
}

Status EnvelopeParser::ReadEnvelopeHeader(std::string_view line, Envelope& envelope) {
  auto root = ParseHeaderLine(line, "the envelope header");
  if (!root) return Fail(root.error());
  Status status;
  root->EachMember([&](std::string_view key, JsonValue value) {
    if (key == "event_id" && value.IsString()) {
      if (auto id = ParseId128<EventId>(value.Text())) envelope.event_id = *id;
    } else if (key == "sent_at" && value.IsString()) {
      envelope.sent_at = ParseTimestamp(value.Text());
    } else if (key == "sdk" && value.IsObject()) {
      envelope.sdk_json.clear();
      AppendJson(envelope.sdk_json, value);
    } else if (key == "dsn" && !value.IsNull()) {
      auto dsn = ParseDsn(value.IsString() ? value.Text() : std::string_view());
      if (dsn) {
        envelope.dsn = std::move(*dsn);
      } else {
        status = Fail(Reason::kInvalidArgument,
                      fmt::format("the envelope header's dsn: {}", dsn.error().detail));
      }
    }
  });
  return status;
}

Result<EnvelopeParser::ItemHeader> EnvelopeParser::ReadItemHeader(std::string_view line,
                                                                  std::size_t number) {
  auto root = ParseHeaderLine(line, fmt::format("the header of item {}", number));
  if (!root) return Fail(root.error());
  ItemHeader header;
  bool typed = false;
  bool bad_length = false;
  root->EachMember([&](std::string_view key, JsonValue value) {
    if (key == "type") {
      typed = value.IsString();
      header.item.type = TextOr(value, "");
    } else if (key == "length" && !value.IsNull()) {
      header.length = ReadLength(value);
      bad_length = !header.length;
    } else if (key == "content_type") {
      header.item.content_type = TextOr(value, "");
    } else if (key == "filename") {
      header.item.filename = TextOr(value, "");
    } else if (key == "attachment_type") {
      header.item.attachment_type = TextOr(value, "");
    } else if (key == "sentry_release") {
      header.item.release = TextOr(value, "");
    } else if (key == "sentry_environment") {
      header.item.environment = TextOr(value, "");
    }
  });
  if (!typed) return Invalid(fmt::format("the header of item {} has no type", number));
  if (bad_length) {
    return Invalid(fmt::format("the length of item {} is not a whole number of bytes", number));
  }
  return header;
}

Status EnvelopeParser::ReadItem(Cursor& cursor, Envelope& envelope) {
  std::size_t number = envelope.items.size() + 1;
  if (number > limits_.items_max) {
    return Fail(Reason::kTooLarge,
                fmt::format("the envelope has more than {} items", limits_.items_max));
  }
  auto header = ReadItemHeader(cursor.Line(), number);
  if (!header) return Fail(header.error());
  std::string_view rest = cursor.body.substr(cursor.at);
  std::size_t size = 0;
  if (!header->length) {
    size = std::min(rest.find('\n'), rest.size());
  } else if (*header->length <= rest.size() &&
             (*header->length == rest.size() || rest[*header->length] == '\n')) {
    size = *header->length;
  } else if (IsPayloadIgnored(ItemTypeNamed(header->item.type))) {
    // Node 7 and 8 count the length of statsd items in characters: go on at the next item header.
    size = std::min(rest.find("\n{"), rest.size());
  } else if (*header->length > rest.size()) {
    return Invalid(fmt::format("item {} announces {} bytes, the body ends after {}", number,
                               *header->length, rest.size()));
  } else {
    return Invalid(
        fmt::format("item {} is longer than the {} bytes it announces", number, *header->length));
  }
  header->item.payload = rest.substr(0, size);
  cursor.at = std::min(cursor.at + size + 1, cursor.body.size());
  envelope.items.push_back(std::move(header->item));
  return {};
}

Result<Envelope> EnvelopeParser::Parse(std::string_view body) {
  if (body.empty()) return Invalid("the request has no body");
  Envelope envelope;
  Cursor cursor{body};
  if (Status status = ReadEnvelopeHeader(cursor.Line(), envelope); !status) {
    return Fail(status.error());
  }
  for (cursor.SkipBlank(); !cursor.AtEnd(); cursor.SkipBlank()) {
    if (Status status = ReadItem(cursor, envelope); !status) return Fail(status.error());
  }
  return envelope;
}

}  // namespace mishap
