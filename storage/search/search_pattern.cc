#include "storage/search/search_pattern.h"

#include <algorithm>

namespace mishap {
namespace {

void AppendLike(std::string& out, std::string_view text) {
  for (char c : text) {
    if (c == '%' || c == '_' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
}

void AppendExpression(std::string& out, std::string_view text) {
  for (char c : text) {
    if (std::string_view("\\^$.|?*+()[]{}").find(c) != std::string_view::npos) out.push_back('\\');
    out.push_back(c);
  }
}

std::string LineStart(std::string_view key) {
  std::string out = "\n";
  AppendExpression(out, key);
  return out + "=";
}

}  // namespace

std::string LikePattern(const TextPattern& pattern) {
  std::string out;
  for (std::size_t i = 0; i < pattern.pieces.size(); ++i) {
    if (i > 0) out.push_back('%');
    AppendLike(out, pattern.pieces[i]);
  }
  return out;
}

std::string ContainsPattern(const TextPattern& pattern) {
  return "%" + LikePattern(pattern) + "%";
}

std::string FactLine(std::string_view key, std::string_view value) {
  std::string out = "%\n";
  AppendLike(out, key);
  out += "=";
  AppendLike(out, value);
  return out + "\n%";
}

std::string FactExpression(std::string_view key, const TextPattern& pattern) {
  std::string out = LineStart(key);
  for (std::size_t i = 0; i < pattern.pieces.size(); ++i) {
    if (i > 0) out += "[^\n]*";
    AppendExpression(out, pattern.pieces[i]);
  }
  return out + "\n";
}

std::string FactPresence(std::string_view key) {
  return LineStart(key);
}

std::string FactNumber(std::string_view key) {
  return LineStart(key) + "([0-9]+)(?=\n)";
}

std::size_t LongestPiece(const TextPattern& pattern) {
  std::size_t longest = 0;
  for (const auto& piece : pattern.pieces) longest = std::max(longest, piece.size());
  return longest;
}

bool IsAscii(const TextPattern& pattern) {
  return std::all_of(pattern.pieces.begin(), pattern.pieces.end(), [](const std::string& piece) {
    return std::all_of(piece.begin(), piece.end(), [](char c) { return (c & '\x80') == 0; });
  });
}

}  // namespace mishap
