// What the digest writer remembers between batches: facts that cannot change once committed
// (decisions 2.3), and hash rows with the epoch that vouches for them. Never an issue or a count.
#pragma once

#include <compare>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/digest_keys.h"
#include "storage/known_facts.h"
#include "storage/row_memory.h"

namespace mishap {

// A name in one of a project's dictionaries.
enum class NameTable : std::uint8_t { kEnvironment, kRelease, kTagKey, kTagValue, kSize };
struct NameRef {
  std::int64_t project = 0;
  NameTable table = NameTable::kEnvironment;
  std::int32_t key_id = 0;  // of tag values
  std::string_view text;

  auto operator<=>(const NameRef&) const = default;
};
struct Name {
  std::int64_t project = 0;
  NameTable table = NameTable::kEnvironment;
  std::int32_t key_id = 0;
  std::string text;

  explicit Name(const NameRef& ref)
      : project(ref.project), table(ref.table), key_id(ref.key_id), text(ref.text) {}
  NameRef Ref() const { return {project, table, key_id, text}; }
};

// Under this name stands how many names the dictionary of `name` has, or had when it was last
// looked at: a bound needs no more.
inline NameRef SizeOf(const NameRef& name) {
  const std::int32_t which =
      name.table == NameTable::kTagValue ? name.key_id : -1 - static_cast<std::int32_t>(name.table);
  return {name.project, NameTable::kSize, which, {}};
}

// "This user is in the sketches of this hash row, environment and day."
struct SketchedUser {
  std::int64_t project = 0;
  std::int64_t hash_row = 0;
  std::int32_t environment = 0;
  std::int32_t day = 0;  // since 1970
  std::uint64_t user = 0;

  auto operator<=>(const SketchedUser&) const = default;
};

struct NameHash {
  using is_transparent = void;
  std::size_t operator()(const NameRef& n) const {
    const std::size_t text = std::hash<std::string_view>{}(n.text);
    return MixHash(MixHash(text, static_cast<std::uint64_t>(n.project * 8) +
                                     static_cast<std::uint64_t>(n.table)),
                   static_cast<std::uint64_t>(n.key_id));
  }
  std::size_t operator()(const Name& n) const { return (*this)(n.Ref()); }
};
struct NameEqual {
  using is_transparent = void;
  bool operator()(const Name& a, const Name& b) const { return a.Ref() == b.Ref(); }
  bool operator()(const NameRef& a, const Name& b) const { return a == b.Ref(); }
  bool operator()(const Name& a, const NameRef& b) const { return a.Ref() == b; }
};
struct SketchedUserHash {
  std::size_t operator()(const SketchedUser& s) const {
    const std::size_t row = MixHash(static_cast<std::size_t>(s.user),
                                    static_cast<std::uint64_t>(s.project << 32 ^ s.hash_row));
    return MixHash(
        row, static_cast<std::uint64_t>(s.environment) << 32 ^ static_cast<std::uint32_t>(s.day));
  }
};

// Bounds: entries, about 100 bytes each.
inline constexpr std::size_t kNameFactsMax = 200'000;
inline constexpr std::size_t kUserFactsMax = 400'000;

struct DigestFacts {
  RowMemory rows;
  KnownFacts<Name, std::int64_t, NameHash, NameEqual> names{kNameFactsMax};
  KnownFacts<SketchedUser, char, SketchedUserHash> users{kUserFactsMax};
  std::set<std::int32_t> days;  // that have partitions
};

struct StagedFacts {
  std::vector<std::pair<HashKey, KnownRow>> rows;
  std::vector<std::pair<Name, std::int64_t>> names;
  std::vector<SketchedUser> users;
};

}  // namespace mishap
