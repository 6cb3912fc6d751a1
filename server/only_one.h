// "The only one there is": commands leave out --organization when nothing is ambiguous.
#pragma once

#include <string>

#include "base/result.h"
#include "storage/connection.h"
#include "storage/organization_store.h"
#include "storage/project_store.h"

namespace mishap {

// slug empty: the only organization. Errors: not_found, invalid_argument (several; they are named).
Result<Organization> ChooseOrganization(Session& session, const std::string& slug);

}  // namespace mishap
