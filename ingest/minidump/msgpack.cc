#include "ingest/minidump/msgpack.h"

#include <bit>
#include <cstdint>

#include "base/json_writer.h"

namespace mishap {
namespace {

constexpr int kDepthMax = 64;

// Reads values off the front. Counts are the sender's word: nothing is reserved for them, and every
// element takes at least a byte that must be there.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  bool AtEnd() const { return rest_.empty(); }
  // False: damaged; `json` has got a whole value all the same.
  bool Value(JsonWriter& json, int depth);
  // The elements of an array, or the one value that is none.
  bool Elements(JsonWriter& json);

 private:
  bool Number(std::size_t width, std::uint64_t& value) {
    if (rest_.size() < width) return false;
    value = 0;
    for (std::size_t i = 0; i < width; ++i) {
      value = value << 8 | static_cast<unsigned char>(rest_[i]);
    }
    rest_.remove_prefix(width);
    return true;
  }
  bool Text(std::uint64_t size, std::string_view& text) {
    if (rest_.size() < size) return false;
    text = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return true;
  }
  bool Broken(JsonWriter& json) {
    json.Null();
    rest_ = {};
    return false;
  }
  bool Sized(JsonWriter& json, unsigned char tag, int depth);
  bool Scalar(JsonWriter& json, unsigned char tag);
  bool String(JsonWriter& json, std::uint64_t size);
  bool Skip(JsonWriter& json, std::uint64_t size);
  bool Array(JsonWriter& json, std::uint64_t count, int depth);
  bool Map(JsonWriter& json, std::uint64_t count, int depth);
  bool Key(std::string& key, int depth);

  std::string_view rest_;
};

// How many bytes the length behind a tag takes: 8, 16 or 32 bits by the tag's place in its family.
std::size_t LengthWidth(unsigned char tag, unsigned char first) {
  return std::size_t{1} << (tag - first);
}

bool Reader::String(JsonWriter& json, std::uint64_t size) {
  std::string_view text;
  if (!Text(size, text)) return Broken(json);
  json.String(text);
  return true;
}

bool Reader::Skip(JsonWriter& json, std::uint64_t size) {
  std::string_view ignored;
  if (!Text(size, ignored)) return Broken(json);
  json.Null();
  return true;
}

bool Reader::Array(JsonWriter& json, std::uint64_t count, int depth) {
  json.BeginArray();
  bool good = true;
  for (std::uint64_t i = 0; good && i < count; ++i) good = Value(json, depth + 1);
  json.EndArray();
  return good;
}

// A string's text; of any other scalar its JSON. Never of an array or a map: as text within text
// each level of them would be twice as long, and 80 bytes take all memory there is.
bool Reader::Key(std::string& key, int depth) {
  if (rest_.empty()) return false;
  const auto tag = static_cast<unsigned char>(rest_.front());
  const bool fixed = tag >= 0xA0 && tag <= 0xBF;
  if (!fixed && (tag < 0xD9 || tag > 0xDB)) {
    const bool nests = (tag >= 0x80 && tag <= 0x9F) || (tag >= 0xDC && tag <= 0xDF);
    if (nests) return false;
    JsonWriter json(key);
    return Value(json, depth + 1);
  }
  rest_.remove_prefix(1);
  std::uint64_t size = tag & 0x1F;
  std::string_view text;
  if (!fixed && !Number(LengthWidth(tag, 0xD9), size)) return false;
  if (!Text(size, text)) return false;
  key = text;
  return true;
}

bool Reader::Map(JsonWriter& json, std::uint64_t count, int depth) {
  json.BeginObject();
  bool good = true;
  for (std::uint64_t i = 0; good && i < count; ++i) {
    std::string key;
    good = Key(key, depth);
    if (!good) break;
    json.Key(key);
    good = Value(json, depth + 1);
  }
  json.EndObject();
  return good;
}

// Types of one fixed size.
bool Reader::Scalar(JsonWriter& json, unsigned char tag) {
  std::uint64_t bits = 0;
  switch (tag) {
    case 0xC0:
      json.Null();
      return true;
    case 0xC2:
    case 0xC3:
      json.Bool(tag == 0xC3);
      return true;
    case 0xCA:
      if (!Number(4, bits)) return Broken(json);
      json.Double(static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits))));
      return true;
    case 0xCB:
      if (!Number(8, bits)) return Broken(json);
      json.Double(std::bit_cast<double>(bits));
      return true;
    case 0xCC:
    case 0xCD:
    case 0xCE:
    case 0xCF:
      if (!Number(LengthWidth(tag, 0xCC), bits)) return Broken(json);
      json.Raw(std::to_string(bits));
      return true;
    case 0xD0:
    case 0xD1:
    case 0xD2:
    case 0xD3: {
      const std::size_t width = LengthWidth(tag, 0xD0);
      if (!Number(width, bits)) return Broken(json);
      const auto unused = static_cast<unsigned>(64 - 8 * width);
      json.Int(static_cast<std::int64_t>(bits << unused) >> unused);
      return true;
    }
    default:
      return Broken(json);
  }
}

// Types that say how long they are.
bool Reader::Sized(JsonWriter& json, unsigned char tag, int depth) {
  std::uint64_t size = 0;
  if (tag >= 0xC4 && tag <= 0xC6) {  // binary
    return Number(LengthWidth(tag, 0xC4), size) ? String(json, size) : Broken(json);
  }
  if (tag >= 0xC7 && tag <= 0xC9) {  // extension: a type behind the length
    return Number(LengthWidth(tag, 0xC7), size) ? Skip(json, size + 1) : Broken(json);
  }
  if (tag >= 0xD4 && tag <= 0xD8) return Skip(json, LengthWidth(tag, 0xD4) + 1);
  if (tag >= 0xD9 && tag <= 0xDB) {
    return Number(LengthWidth(tag, 0xD9), size) ? String(json, size) : Broken(json);
  }
  if (tag == 0xDC || tag == 0xDD) {
    return Number(LengthWidth(tag, 0xDB), size) ? Array(json, size, depth) : Broken(json);
  }
  if (tag == 0xDE || tag == 0xDF) {
    return Number(LengthWidth(tag, 0xDD), size) ? Map(json, size, depth) : Broken(json);
  }
  return Scalar(json, tag);
}

bool Reader::Value(JsonWriter& json, int depth) {
  if (rest_.empty() || depth > kDepthMax) return Broken(json);
  const auto tag = static_cast<unsigned char>(rest_.front());
  rest_.remove_prefix(1);
  if (tag <= 0x7F) {
    json.Int(tag);
  } else if (tag <= 0x8F) {
    return Map(json, tag & 0x0F, depth);
  } else if (tag <= 0x9F) {
    return Array(json, tag & 0x0F, depth);
  } else if (tag <= 0xBF) {
    return String(json, tag & 0x1F);
  } else if (tag >= 0xE0) {
    json.Int(static_cast<std::int64_t>(tag) - 0x100);
  } else {
    return Sized(json, tag, depth);
  }
  return true;
}

bool Reader::Elements(JsonWriter& json) {
  const auto tag = static_cast<unsigned char>(rest_.front());
  std::uint64_t count = 0;
  if (tag >= 0x90 && tag <= 0x9F) {
    rest_.remove_prefix(1);
    count = tag & 0x0F;
  } else if (tag == 0xDC || tag == 0xDD) {
    rest_.remove_prefix(1);
    if (!Number(LengthWidth(tag, 0xDB), count)) return Broken(json);
  } else {
    return Value(json, 0);
  }
  bool good = true;
  for (std::uint64_t i = 0; good && i < count; ++i) good = Value(json, 1);
  return good;
}

}  // namespace

Status AppendMsgpackSequence(std::string& out, std::string_view bytes) {
  Reader reader(bytes);
  JsonWriter json(out);
  json.BeginArray();
  bool good = true;
  while (good && !reader.AtEnd()) good = reader.Elements(json);
  json.EndArray();
  if (good) return {};
  return Fail(Reason::kInvalidArgument, "this is not complete, well-formed MessagePack");
}

}  // namespace mishap
