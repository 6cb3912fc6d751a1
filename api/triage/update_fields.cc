#include "api/triage/update_fields.h"

#include "api/respond.h"

namespace mishap {
namespace {

namespace json = boost::json;

std::string Shown(const json::value& value) {
  if (value.is_string()) return std::string(value.get_string().data(), value.get_string().size());
  return std::string(json::serialize(value));
}

// null clears, absent does not.
Problem TakeAssignee(const json::object& body, IssueUpdate& out) {
  const auto* value = body.if_contains("assignedTo");
  if (!value) return std::nullopt;
  if (value->is_null()) {
    out.assigned_to = "";
  } else if (value->is_string() || value->is_int64()) {
    out.assigned_to = Shown(*value);
  } else {
    return RespondFieldError({"assignedTo"}, "Expected a user, a team or null.");
  }
  return std::nullopt;
}

Problem TakePriority(const json::object& body, IssueUpdate& out) {
  const auto* value = body.if_contains("priority");
  if (!value || value->is_null()) return std::nullopt;
  auto text = Shown(*value);
  if (text == "low") {
    out.priority = IssuePriority::kLow;
  } else if (text == "medium") {
    out.priority = IssuePriority::kMedium;
  } else if (text == "high") {
    out.priority = IssuePriority::kHigh;
  } else {
    return RespondFieldError({"priority"}, "\"" + text + "\" is not a valid choice.");
  }
  return std::nullopt;
}

Problem TakeFlag(const json::object& body, const char* name, std::optional<bool>& out) {
  const auto* value = body.if_contains(name);
  if (!value || value->is_null()) return std::nullopt;
  if (!value->is_bool()) return RespondFieldError({name}, "Must be a valid boolean.");
  out = value->get_bool();
  return std::nullopt;
}

// merge is 1 or true; 0 and false ask for nothing.
Problem TakeMerge(const json::object& body, IssueUpdate& out) {
  const auto* value = body.if_contains("merge");
  if (!value || value->is_null()) return std::nullopt;
  if (value->is_bool()) {
    out.merge = value->get_bool();
  } else if (value->is_int64()) {
    out.merge = value->get_int64() != 0;
  } else {
    return RespondFieldError({"merge"}, "Must be a valid boolean.");
  }
  return std::nullopt;
}

}  // namespace

Problem TakeFields(const json::object& body, IssueUpdate& out) {
  for (auto take : {&TakeAssignee, &TakePriority, &TakeMerge}) {
    if (auto problem = take(body, out)) return problem;
  }
  std::optional<bool> discard;
  struct Flag {
    const char* name;
    std::optional<bool>& target;
  };
  for (const auto& flag : {Flag{"hasSeen", out.seen}, Flag{"isBookmarked", out.bookmarked},
                           Flag{"isSubscribed", out.subscribed}, Flag{"isPublic", out.is_public},
                           Flag{"inbox", out.in_inbox}, Flag{"discard", discard}}) {
    if (auto problem = TakeFlag(body, flag.name, flag.target)) return problem;
  }
  out.discard = discard.value_or(false);
  return std::nullopt;
}

}  // namespace mishap
