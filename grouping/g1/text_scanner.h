// The parameteriser's pass: walks blank-separated chunks and lets the matchers of text_tokens.h
// try where a token may begin. parameterise.cc walks, text_scan_words.cc decides what may begin
// with a letter or digit, text_scan_marks.cc what may begin with anything else.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "grouping/g1/text_writer.h"

namespace mishap::g1 {

class TextScanner : public TextWriter {
 public:
  using TextWriter::TextWriter;

  // True if the result has to be read once more: a replacement inside a word made new borders.
  bool Run();

 private:
  // Each "Token" and "Word" writes what begins here and is true, or is false and writes nothing.
  void PlainChunk(std::size_t end, std::uint8_t classes);
  void Chunk(std::size_t end, std::uint8_t classes);

  bool KeywordToken();
  bool WordToken() { return IsDigit(s_[at_]) ? DigitWord() : LetterWord(s_[at_]); }
  bool LetterWord(char c);
  bool DigitWord();
  bool HexWord(std::size_t word, char next);
  bool GluedWord(std::size_t word, char next);
  bool ShortHash(std::size_t word) const;
  bool SkipCurrency();
  bool HostToken();
  bool JwtToken();

  bool MarkToken(char c);
  bool PathToken();
  bool JsonToken(char quote);
  bool EqualsToken();
  bool SignedToken();

  // First letters of codes' keywords and, as capitals, of day and month names.
  static bool BeginsKeyword(char c) {
    static constexpr auto kFirst = [] {
      std::array<bool, 256> table{};
      for (char letter : std::string_view("sherncwgSHERNCWGMTFJAOD")) {
        table[static_cast<unsigned char>(letter)] = true;
      }
      return table;
    }();
    return kFirst[static_cast<unsigned char>(c)];
  }

  // Nothing of the kind begins before this offset.
  std::size_t host_tried_ = 0;
  std::size_t jwt_tried_ = 0;
  std::size_t path_tried_ = 0;
  bool has_at_ = false;  // the chunk holds an '@'
  bool glued_ = false;
};

}  // namespace mishap::g1
