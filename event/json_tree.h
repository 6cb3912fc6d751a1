// JsonTree: one parsed JSON document, read by walking. Strings come unescaped, as valid UTF-8
// without NUL; what clients get wrong (NaN, lone surrogates, broken UTF-8, huge integers) was
// repaired while parsing. Also read by the doors for headers and reports; behind them others see
// Event and RawJson. Not a mutable document.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace mishap {

// One value of a JsonTree: a pointer into its tape. Valid until the tree parses the next document.
class JsonValue {
 public:
  JsonValue(const std::uint64_t* cell, const std::uint64_t* tape, const std::uint8_t* strings)
      : cell_(cell), tape_(tape), strings_(strings) {}

  bool IsNull() const { return Tag() == 'n'; }
  bool IsBool() const { return Tag() == 't' || Tag() == 'f'; }
  bool IsString() const { return Tag() == '"'; }
  bool IsArray() const { return Tag() == '['; }
  bool IsObject() const { return Tag() == '{'; }
  bool IsInt() const { return Tag() == 'l'; }   // fits std::int64_t
  bool IsUint() const { return Tag() == 'u'; }  // above the range of std::int64_t
  bool IsDouble() const { return Tag() == 'd'; }
  bool IsNumber() const { return IsInt() || IsUint() || IsDouble(); }
  bool IsEmptyContainer() const { return (IsArray() || IsObject()) && Next() == cell_ + 2; }

  // Each of these only after the matching Is...().
  bool Bool() const { return Tag() == 't'; }
  std::int64_t Int() const { return static_cast<std::int64_t>(cell_[1]); }
  std::uint64_t Uint() const { return cell_[1]; }
  double Double() const {
    double value = 0;
    std::memcpy(&value, &cell_[1], sizeof value);
    return value;
  }
  double AsDouble() const {  // any number
    if (IsInt()) return static_cast<double>(Int());
    return IsUint() ? static_cast<double>(Uint()) : Double();
  }
  std::string_view Text() const {
    const std::uint8_t* start = strings_ + (*cell_ & kPayload);
    std::uint32_t length = 0;
    std::memcpy(&length, start, sizeof length);
    return {reinterpret_cast<const char*>(start) + sizeof length, length};
  }

  // visit(JsonValue element)
  template <class Visit>
  void EachElement(Visit&& visit) const {
    const std::uint64_t* end = Next() - 1;
    for (JsonValue v(cell_ + 1, tape_, strings_); v.cell_ < end; v.cell_ = v.Next()) visit(v);
  }
  // visit(std::string_view key, JsonValue member), in the document's order, duplicates included.
  template <class Visit>
  void EachMember(Visit&& visit) const {
    const std::uint64_t* end = Next() - 1;
    JsonValue v(cell_ + 1, tape_, strings_);
    while (v.cell_ < end) {
      std::string_view key = v.Text();
      ++v.cell_;
      visit(key, JsonValue(v));
      v.cell_ = v.Next();
    }
  }

 private:
  static constexpr std::uint64_t kPayload = 0x00FF'FFFF'FFFF'FFFFULL;

  char Tag() const { return static_cast<char>(*cell_ >> 56); }
  // The cell after this value.
  const std::uint64_t* Next() const {
    switch (Tag()) {
      case '[':
      case '{':
        return tape_ + (*cell_ & 0xFFFF'FFFFULL);
      case 'l':
      case 'u':
      case 'd':
        return cell_ + 2;
      default:
        return cell_ + 1;
    }
  }

  const std::uint64_t* cell_;
  const std::uint64_t* tape_;
  const std::uint8_t* strings_;
};

class JsonTree {
 public:
  JsonTree();
  ~JsonTree();
  JsonTree(JsonTree&&) noexcept;
  JsonTree& operator=(JsonTree&&) noexcept;

  // The document's root. Errors: invalid_json with the byte offset. The bytes are copied.
  Result<JsonValue> Parse(std::string_view json);

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

// Appends `value` as minified JSON. The last of duplicate keys wins. Doubles are written so that
// reading and writing them again gives the same text.
void AppendJson(std::string& out, JsonValue value);

}  // namespace mishap
