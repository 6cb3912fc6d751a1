// The one file that includes simdjson: strict parsing at full speed, and RepairJson for what it
// refuses.
#include "event/json_tree.h"

#include <simdjson.h>

#include <charconv>
#include <cmath>
#include <utility>
#include <vector>

#include "base/json_writer.h"
#include "event/event.h"
#include "event/json_repair.h"

namespace mishap {
namespace {

// Bigger documents are rare; their buffers are not kept.
constexpr std::size_t kKeptBufferBytes = 1 << 20;
// Below this many members, finding duplicate keys by comparing pairs beats sorting.
constexpr std::size_t kPairwiseMembersMax = 24;

void AppendDouble(std::string& out, double value) {
  char buffer[40];
  auto* end = buffer + sizeof buffer;
  // Big whole numbers keep an exponent: read back without one they would be integers, and beyond 64
  // bits unreadable.
  if (value == 0) {
    out.push_back('0');
  } else if (std::fabs(value) >= 1e15) {
    out.append(buffer, std::to_chars(buffer, end, value, std::chars_format::scientific).ptr);
  } else {
    out.append(buffer, std::to_chars(buffer, end, value).ptr);
  }
}

template <class Number>
void AppendNumber(std::string& out, Number value) {
  char buffer[24];
  out.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr);
}

// Marks every member whose key comes again later.
std::vector<bool> Superseded(const std::vector<std::string_view>& keys) {
  std::vector<bool> gone;
  auto mark = [&](std::size_t i) {
    if (gone.empty()) gone.resize(keys.size());
    gone[i] = true;
  };
  if (keys.size() <= kPairwiseMembersMax) {
    for (std::size_t i = 0; i < keys.size(); ++i) {
      for (std::size_t j = i + 1; j < keys.size(); ++j) {
        if (keys[i] == keys[j]) {
          mark(i);
          break;
        }
      }
    }
    return gone;
  }
  std::vector<std::size_t> order(keys.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::pair(keys[a], a) < std::pair(keys[b], b);
  });
  for (std::size_t i = 0; i + 1 < order.size(); ++i) {
    if (keys[order[i]] == keys[order[i + 1]]) mark(order[i]);
  }
  return gone;
}

void AppendObject(std::string& out, JsonValue value) {
  std::vector<std::string_view> keys;
  value.EachMember([&](std::string_view key, JsonValue) { keys.push_back(key); });
  std::vector<bool> gone = Superseded(keys);
  out.push_back('{');
  std::size_t index = 0;
  bool first = true;
  value.EachMember([&](std::string_view key, JsonValue member) {
    if (!gone.empty() && gone[index++]) return;
    if (!first) out.push_back(',');
    first = false;
    AppendJsonString(out, key);
    out.push_back(':');
    AppendJson(out, member);
  });
  out.push_back('}');
}

void AppendArray(std::string& out, JsonValue value) {
  out.push_back('[');
  bool first = true;
  value.EachElement([&](JsonValue element) {
    if (!first) out.push_back(',');
    first = false;
    AppendJson(out, element);
  });
  out.push_back(']');
}

bool NeedsRepair(std::string_view json) {
  return json.find("\\u0000") != std::string_view::npos;
}

}  // namespace

struct JsonTree::Parser {
  simdjson::dom::parser parser;
  std::string buffer;

  simdjson::error_code Parse(std::string_view json) {
    if (parser.capacity() < json.size() || parser.max_depth() != kJsonDepthMax) {
      auto error = parser.allocate(std::max<std::size_t>(json.size(), 4096), kJsonDepthMax);
      if (error) return error;
    }
    buffer.resize(json.size() + simdjson::SIMDJSON_PADDING);
    std::memcpy(buffer.data(), json.data(), json.size());
    return parser.parse(buffer.data(), json.size(), false).error();
  }
};

JsonTree::JsonTree() : parser_(std::make_unique<Parser>()) {}
JsonTree::~JsonTree() = default;
JsonTree::JsonTree(JsonTree&&) noexcept = default;
JsonTree& JsonTree::operator=(JsonTree&&) noexcept = default;

Result<JsonValue> JsonTree::Parse(std::string_view json) {
  if (parser_->buffer.size() > kKeptBufferBytes) parser_ = std::make_unique<Parser>();
  if (NeedsRepair(json) || parser_->Parse(json) != simdjson::SUCCESS) {
    auto repaired = RepairJson(json);
    if (!repaired) return Fail(repaired.error());
    auto error = parser_->Parse(*repaired);
    if (error != simdjson::SUCCESS) {
      return Fail(Reason::kInvalidJson, simdjson::error_message(error));
    }
  }
  const auto& doc = parser_->parser.doc;
  return JsonValue(doc.tape.get() + 1, doc.tape.get(), doc.string_buf.get());
}

void AppendJson(std::string& out, JsonValue value) {
  if (value.IsString()) {
    AppendJsonString(out, value.Text());
  } else if (value.IsObject()) {
    AppendObject(out, value);
  } else if (value.IsArray()) {
    AppendArray(out, value);
  } else if (value.IsInt()) {
    AppendNumber(out, value.Int());
  } else if (value.IsUint()) {
    AppendNumber(out, value.Uint());
  } else if (value.IsDouble()) {
    AppendDouble(out, value.Double());
  } else if (value.IsBool()) {
    out += value.Bool() ? "true" : "false";
  } else {
    out += "null";
  }
}

}  // namespace mishap
