// Bounds on single texts and on data bags. Each returns what it did, so that callers can note it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "event/event.h"
#include "ingest/normalise_limits.h"

namespace mishap {

std::size_t CountChars(std::string_view text);
// Cuts as normalise_limits.h says; the original number of characters if something was cut.
std::optional<std::size_t> TrimText(std::string& text, TextLimit limit);
// Cuts a name grouping reads: kNameBytesMax bytes, no dots, no broken code point.
void CutName(std::string& name);
void CutBytes(std::string& text, std::size_t bytes_max);
// Strips blanks at both ends in place.
void StripBlanks(std::string& text);

// Makes a bag fit: siblings after the budget is used up go, texts that do not fit are cut,
// containers below the depth become their own JSON text. The original number of bytes if something
// changed.
std::optional<std::size_t> TrimBag(RawJson& bag, BagLimit limit);
// The same for named values with one budget for all and one bag limit each.
bool TrimNamed(std::vector<NamedJson>& bag, BagLimit each, std::size_t bytes_max);
// For pair lists: values are cut, then pairs dropped.
bool TrimPairs(std::vector<NamedText>& pairs, std::size_t bytes_max);

}  // namespace mishap
