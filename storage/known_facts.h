// KnownFacts: a bounded memory of facts that never change once they are committed (a key has this
// hash row, this name has that id). Two generations: when the young one is full it becomes the old
// one, and what the old one held and nobody asked for is forgotten. Not thread-safe.
#pragma once

#include <cstddef>
#include <optional>
#include <unordered_map>
#include <utility>

namespace mishap {

template <class Key, class Value, class Hash = std::hash<Key>, class Equal = std::equal_to<>>
class KnownFacts {
 public:
  explicit KnownFacts(std::size_t entries_max) : half_(entries_max / 2 + 1) {}

  // The value, or null. K: whatever Hash and Equal understand.
  template <class K>
  const Value* Find(const K& key) {
    if (auto it = young_.find(key); it != young_.end()) return &it->second;
    auto it = old_.find(key);
    if (it == old_.end()) return nullptr;
    auto node = old_.extract(it);
    MakeRoom();
    return &young_.insert(std::move(node)).position->second;
  }
  // The same without remembering that it was asked.
  template <class K>
  bool Contains(const K& key) const {
    return young_.find(key) != young_.end() || old_.find(key) != old_.end();
  }
  void Add(Key key, Value value) {
    MakeRoom();
    young_.insert_or_assign(std::move(key), std::move(value));
  }
  void Remove(const Key& key) {
    young_.erase(key);
    old_.erase(key);
  }
  void Clear() {
    young_.clear();
    old_.clear();
  }
  std::size_t Count() const { return young_.size() + old_.size(); }

 private:
  void MakeRoom() {
    if (young_.size() < half_) return;
    old_ = std::move(young_);
    young_.clear();
  }

  const std::size_t half_;
  std::unordered_map<Key, Value, Hash, Equal> young_;
  std::unordered_map<Key, Value, Hash, Equal> old_;
};

}  // namespace mishap
