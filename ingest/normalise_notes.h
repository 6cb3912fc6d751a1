// Notes of what a stage changed: entries of event.errors, and annotations of event.meta ("_meta", a
// tree that mirrors the event; at each node the key "" holds {"rem":[[rule,type]],"len":original
// length}).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "event/event.h"

namespace mishap {

// {"type":type,"name":field,"value":value}; full lists stay as they are.
void AddEventError(Event& event, std::string_view type, std::string_view field,
                   std::string_view value);

// One step on the way to an annotated value.
using MetaPath = std::vector<std::string>;

class MetaNotes {
 public:
  // The value was shortened from `length`.
  void Shortened(MetaPath path, std::size_t length);
  // A rule acted: type 's' substituted, 'x' removed.
  void Remark(MetaPath path, std::string_view rule, char type);
  // Adds the notes to what the client sent. At most kMetaNotesMax.
  void MergeInto(RawJson& meta) const;

 private:
  struct Note {
    MetaPath path;
    std::string rule;  // empty: shortened
    char type;
    std::size_t length;
  };
  std::vector<Note> notes_;
};

inline constexpr std::size_t kMetaNotesMax = 200;

// Removes the original values ("val") that annotations of a client may quote.
void DropOriginals(RawJson& meta);

}  // namespace mishap
