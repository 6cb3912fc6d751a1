// What of an exception's type counts (spec 9.1), and which errors are stack overflows (8.2).
#pragma once

#include <string>

#include "event/event.h"

namespace mishap::g1 {

struct TypePart {
  std::string type;  // without numbers of the build; the crash class when the type is synthetic
  std::string error_domain;  // NSError; empty otherwise
  std::string error_code;
  bool synthetic = false;
};

TypePart ReadType(const Exception& exception);
bool IsStackOverflow(const Exception& exception);
// What an SDK hangs on as a cause though it is none: React's component stack, which says where in
// the page the component stood.
bool IsDecoration(const Exception& exception);

// An error of JavaScript or .NET that a bridge threw again in Java: its text is the error.
bool IsForwarded(std::string_view type);
// Go's errors without a type of their own (errors.New, fmt.Errorf): the text is all they have.
bool IsPlainGoError(std::string_view type);

bool IsPureWrapper(const Exception& exception);  // ExecutionException and the like

}  // namespace mishap::g1
