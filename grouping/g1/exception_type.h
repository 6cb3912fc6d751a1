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
bool IsPureWrapper(const Exception& exception);  // ExecutionException and the like

}  // namespace mishap::g1
