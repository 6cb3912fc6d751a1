// Reading and rewriting the text of a RawJson without a tree: a cursor over JSON known to be valid.
// Not a parser of foreign bytes; those go through EventReader.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "event/event.h"

namespace mishap {

// The raw text of an object's member, empty if there is none or `object` is not an object. Does not
// look deeper.
std::string_view JsonMember(std::string_view object, std::string_view name);
// The text of a JSON string value, unescaped; of a number or bool, as it stands; empty for null and
// containers.
std::string JsonScalarText(std::string_view value);
// JsonScalarText(JsonMember(object, name)).
std::string JsonMemberText(std::string_view object, std::string_view name);

// Members of an object (keys unescaped, values raw) or elements of an array (keys empty). Empty for
// scalars.
std::vector<std::pair<std::string, std::string_view>> JsonChildren(std::string_view container);

// Depth of containers: 0 for a scalar, 1 for {} and [1], 2 for [[]].
std::size_t JsonDepth(std::string_view json);
// The length of the value that starts at json[0] (no leading blanks).
std::size_t JsonValueLength(std::string_view json);

// JSON that came as a string (a request body): nullopt unless it is an object or array and valid
// after repair.
std::optional<RawJson> ParseRawJson(std::string_view text);

// `text` as a JSON string in quotes.
std::string QuotedJson(std::string_view text);
void AppendQuotedJson(std::string& out, std::string_view text);

}  // namespace mishap
