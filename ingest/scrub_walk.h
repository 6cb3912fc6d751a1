// SecretWalk: scrubs named values and JSON trees by the rules of one project. Private to scrub*.cc.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "event/event.h"
#include "event/project_directory.h"
#include "ingest/normalise_notes.h"
#include "ingest/scrub_text.h"

namespace mishap {

class SecretWalk {
 public:
  // Both must live as long as the walk.
  SecretWalk(const ProjectEntry& project, MetaNotes& notes);

  // Which rules a field gets beside those on names: words look for "password" and its like inside
  // of texts.
  enum class Words { kSearched, kIgnored };

  void Json(RawJson& value, std::string_view field, Words words);
  void Named(std::vector<NamedJson>& values, std::string_view field, Words words);
  void Pairs(std::vector<NamedText>& pairs, std::string_view field, Words words);
  // A text on its own.
  void Text(std::string& text, std::string_view field, Words words, bool emails = false);
  // A line of source code: only shapes, no note.
  void Line(std::string& line);

  // The path of the next calls, for notes: every call's `field` stands below it.
  MetaPath& base() { return base_; }
  bool defaults() const { return project_.scrub_data; }
  bool addresses() const { return project_.scrub_ip_addresses; }

  bool IsSecret(std::string_view name) const;
  void Note(std::string_view field, std::string_view step, std::string_view rule);

 private:
  bool IsSafe(std::string_view name) const;
  bool HasOwnWord(std::string_view text) const;
  bool NeedsWalk(std::string_view json) const;
  // The new text of a string value, or nullopt to keep it.
  std::optional<std::string> Clean(std::string_view text, Words words,
                                   std::string_view& rule) const;
  bool Value(std::string_view json, std::string& out, Words words);
  bool Container(std::string_view json, std::string& out, Words words);
  void NoteHere(std::string_view rule);

  const ProjectEntry& project_;
  MetaNotes& notes_;
  MetaPath base_;
  MetaPath path_;
  std::vector<std::string> sensitive_;  // lower case
};

}  // namespace mishap
