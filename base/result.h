// Result<T>: a value or an Error. Nothing in Mishap throws across a room's border; exceptions of
// libraries stop where the library is used.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

#include "base/reason.h"

namespace mishap {

struct Error {
  Reason reason = Reason::kInternal;
  std::string detail;  // for people: what was wrong, where, what to do

  bool operator==(const Error&) const = default;
};

template <class T>
using Result = tl::expected<T, Error>;

using Status = Result<void>;

// return Fail(Reason::kTooLarge, "event item is 3000000 bytes, the limit is 2097152");
inline tl::unexpected<Error> Fail(Reason reason, std::string detail) {
  return tl::unexpected<Error>(Error{reason, std::move(detail)});
}
inline tl::unexpected<Error> Fail(Error error) {
  return tl::unexpected<Error>(std::move(error));
}

}  // namespace mishap
