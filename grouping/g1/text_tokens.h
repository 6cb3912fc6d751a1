// Matchers of the parameteriser (spec 10), one idea a function. Each looks at `s` from `at` on,
// where a token may begin, and returns the bytes it covers, 0 for "not here". Look-ahead is
// bounded, so that a pass over a text stays linear.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mishap::g1 {

// text_codes.cc: what is recognised in order to be kept.
std::size_t MatchCode(std::string_view s, std::size_t at);        // "status code 429", "errno 13"
std::size_t MatchVendorCode(std::string_view s, std::size_t at);  // "ORA-00942"
// "404 Not Found", "550 5.1.1": the three digits, where three stand.
std::size_t MatchReplyCode(std::string_view s, std::size_t at);
bool IsStatusHex(std::string_view hex);  // HRESULT and NTSTATUS of errors: "0x80070005"

// text_network.cc
// run_end, here and below: set to the end of the run that was looked at. Where one was found to be
// none, none begins before that end either.
std::size_t MatchJwt(std::string_view s, std::size_t at, std::size_t& run_end);
std::size_t MatchUrl(std::string_view s, std::size_t at);
void AppendUrl(std::string_view url, std::string& out);  // <url:/users/*>
std::size_t MatchEmail(std::string_view s, std::size_t at);
std::size_t MatchMac(std::string_view s, std::size_t at);
std::size_t MatchIpv4(std::string_view s, std::size_t at);
std::size_t MatchIpv6(std::string_view s, std::size_t at);
std::size_t MatchHost(std::string_view s, std::size_t at, std::size_t& run_end);

// text_identifiers.cc
std::size_t MatchTraceId(std::string_view s, std::size_t at);
std::size_t MatchUuid(std::string_view s, std::size_t at);
std::size_t MatchHex(std::string_view s, std::size_t at);
// "/a/b" or "C:\a"
std::size_t MatchPath(std::string_view s, std::size_t at, std::size_t& run_end);
void AppendPath(std::string_view path, std::string& out);
bool LooksRandom(std::string_view run);  // "Xk29fQ71LmZp04"

// text_time.cc
std::size_t MatchDate(std::string_view s, std::size_t at);

// text_numbers.cc
std::size_t MatchIsoDuration(std::string_view s, std::size_t at);  // "PT0.5S"; a P stands at `at`
std::size_t MatchVersion(std::string_view s, std::size_t at);
std::size_t MatchNumber(std::string_view s, std::size_t at);  // without sign
struct Quantity {
  std::size_t length = 0;
  std::string_view token;  // "size" or "dur"
};
Quantity MatchQuantity(std::string_view s, std::size_t at);
std::size_t MatchUnit(std::string_view s, std::size_t at, bool glued, std::string_view& token);

// text_values.cc
std::size_t MatchQuoted(std::string_view s, std::size_t at);       // from quote to quote
std::size_t MatchEqualsValue(std::string_view s, std::size_t at);  // behind '='
// Behind '=': " = 'bob'" of SQL, and "(email)=(bob)" of PostgreSQL. before: the byte before '='.
// The value begins 2 bytes behind '='.
std::size_t MatchSpacedValue(std::string_view s, std::size_t at, char before);
// A quoted literal where SQL holds data and no name: LIKE 'a%', IN ('a', 'b'), Duplicate entry 'a'.
// done: what was written so far.
std::size_t MatchSqlValue(std::string_view s, std::size_t at, std::string_view done);
struct JsonPair {
  std::size_t key = 0;    // bytes of "key": with blanks; 0 = no pair
  std::size_t value = 0;  // bytes of the value
};
JsonPair MatchJsonPair(std::string_view s, std::size_t at);
std::size_t MatchPlaceholder(std::string_view s, std::size_t at);  // "<num>", already replaced

// True if a token may end before `end`: the next byte does not continue a word.
bool EndsAtBorder(std::string_view s, std::size_t end);

}  // namespace mishap::g1
