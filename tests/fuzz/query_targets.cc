// The search language people type, and gRPC's events.
#include <string>
#include <vector>

#include "api/search/search_parser.h"
#include "api/search/search_values.h"
#include "base/bytes.h"
#include "event/event_json.h"
#include "ingest/grpc/capture_message.h"
#include "ingest/grpc/proto_event.h"
#include "ingest/normalise.h"
#include "proto/field_mask.h"
#include "proto/message.h"
#include "tests/fuzz/fuzz_target.h"

namespace mishap {
namespace {

// Counts the terms, and reads each value as every kind of value.
std::size_t ReadTerms(const ParsedSearch& search) {
  constexpr Timestamp kNow{1'795'364'400LL * kMicrosPerSecond};
  std::size_t count = 0;
  if (search.kind == ParsedSearch::Kind::kTerm || search.kind == ParsedSearch::Kind::kText) {
    count = 1;
    Require(search.term.values.size() <= kSearchListMax, "lists are bounded");
    Require(search.kind != ParsedSearch::Kind::kTerm || !search.term.key.empty(),
            "terms have a key");
  }
  for (const SearchValue& value : search.term.values) {
    IsAnyValue(ParsePattern(value.text));
    ParseNumberTest(value.text);
    ParseTimeTest(value.text, kNow);
    ParseBool(value.text);
  }
  for (const ParsedSearch& child : search.children) count += ReadTerms(child);
  return count;
}

std::size_t Depth(const ParsedSearch& search) {
  std::size_t deepest = 0;
  for (const ParsedSearch& child : search.children) deepest = std::max(deepest, Depth(child));
  return deepest + 1;
}

// What is read of a message of the contract, down to the last field.
void ReadMessage(const ProtoMessageType& type, std::string_view bytes) {
  const MessageView view(type, bytes);
  for (const auto& field : type.fields) {
    view.Int(field.name);
    view.Texts(field.name);
    if (field.kind == ProtoFieldType::Kind::kText) {
      Require(IsUtf8(view.Text(field.name)), "texts that were checked are UTF-8");
    }
    if (field.kind != ProtoFieldType::Kind::kMessage || field.is_repeated) continue;
    auto inner = view.Message(field.name);
    view.Time(field.name);
    if (inner && field.message) ReadMessage(*field.message, *inner);
  }
}

void FuzzQueryRequest(std::string_view input) {
  const auto& methods = ProtoSchema::OfHouse().Methods("mishap.v1.QueryService");
  if (input.empty()) return;
  const auto& method = methods[static_cast<unsigned char>(input[0]) % methods.size()];
  const auto bytes = input.substr(1);
  const auto checked = CheckMessage(*method.request, bytes);
  if (!checked) {
    Require(!checked.error().detail.empty(), "a refusal says why");
    return;
  }
  ReadMessage(*method.request, bytes);
  const MessageView request(*method.request, bytes);
  const auto mask = FieldMask::Read(request.Message("read_mask").value_or(""), *method.request);
  if (!mask) return;
  const auto kept = mask->Filter(bytes);
  Require(CheckMessage(*method.request, kept).has_value(), "a filtered message is one");
  Require(mask->Filter(kept) == kept, "filtering twice changes nothing");
  Require(kept.size() <= bytes.size() || !mask->IsAll(), "filtering adds nothing");
}

}  // namespace

void FuzzSearch(std::string_view input) {
  auto parsed = ParseSearch(input);
  if (parsed) {
    Require(input.size() <= kSearchBytesMax, "a search is bounded");
    Require(ReadTerms(*parsed) <= kSearchTermsMax, "terms are bounded");
    Require(Depth(*parsed) <= 2 * kSearchDepthMax + 4, "nesting is bounded");
  } else {
    Require(!IsUtf8(input) || input.find('\0') != input.npos || input.size() > kSearchBytesMax ||
                parsed.error().detail.find("column") != std::string::npos,
            "an error says where");
  }
}

// First byte 'q': a request of QueryService, the second byte chooses the method. Else odd: one
// event; even: a message with many.
void FuzzProto(std::string_view input) {
  if (input.empty()) return;
  if (input[0] == 'q') return FuzzQueryRequest(input.substr(1));
  static thread_local ProtoEventReader reader;
  static thread_local EventReader json;
  std::vector<std::string_view> events{input.substr(1)};
  if (input[0] % 2 == 0) {
    IngestLimits limits;
    auto request = ReadCaptureRequest(input.substr(1), limits);
    ReadCaptureStreamRequest(input.substr(1));
    if (!request) return;
    events = request->events;
  }
  static const ProjectEntry kProject;
  EventContext context;
  context.project = &kProject;
  context.received_at = Timestamp{1'795'364'400LL * kMicrosPerSecond};
  for (std::string_view bytes : events) {
    auto event = reader.Read(bytes);
    if (!event) continue;
    Normalize(*event, context);
    const std::string canonical = WriteEventJson(*event);
    auto again = json.Read(canonical);
    Require(again.has_value(), "canonical JSON is readable");
    Require(WriteEventJson(*again) == canonical, "reading and writing loses nothing");
    Normalize(*again, context);
    Require(WriteEventJson(*again) == canonical, "normalising twice changes nothing");
  }
}

}  // namespace mishap
