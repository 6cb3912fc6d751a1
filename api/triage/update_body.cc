#include "api/triage/update_body.h"

#include <boost/json.hpp>

#include "api/respond.h"
#include "api/triage/update_fields.h"
#include "base/bytes.h"

namespace mishap {
namespace {

namespace json = boost::json;
std::string_view Text(const json::string& text) {
  return {text.data(), text.size()};
}

Problem TakeStatus(const json::object& body, IssueUpdate& out) {
  const auto* value = body.if_contains("status");
  if (!value || value->is_null()) return std::nullopt;
  auto text = value->is_string() ? Text(value->get_string()) : std::string_view();
  if (text == "resolved") {
    out.status = IssueStatus::kResolved;
  } else if (text == "unresolved") {
    out.status = IssueStatus::kUnresolved;
  } else if (text == "ignored" || text == "muted") {
    out.status = IssueStatus::kIgnored;
  } else if (text == "resolvedInNextRelease") {
    out.status = IssueStatus::kResolved;
    out.in_next_release = true;
  } else {
    auto shown = value->is_string() ? std::string(text) : std::string(json::serialize(*value));
    return RespondFieldError({"status"}, "\"" + shown + "\" is not a valid choice.");
  }
  return std::nullopt;
}

struct SubstatusWord {
  std::string_view word;
  IssueStatus status;
  IssueSubstatus substatus;
};
constexpr SubstatusWord kSubstatusWords[] = {
    {"new", IssueStatus::kUnresolved, IssueSubstatus::kNew},
    {"ongoing", IssueStatus::kUnresolved, IssueSubstatus::kOngoing},
    {"regressed", IssueStatus::kUnresolved, IssueSubstatus::kRegressed},
    {"escalating", IssueStatus::kUnresolved, IssueSubstatus::kEscalating},
    {"archived_until_escalating", IssueStatus::kIgnored, IssueSubstatus::kArchivedUntilEscalating},
    {"archived_until_condition_met", IssueStatus::kIgnored,
     IssueSubstatus::kArchivedUntilConditionMet},
    {"archived_forever", IssueStatus::kIgnored, IssueSubstatus::kArchivedForever},
};

Problem TakeSubstatus(const json::object& body, IssueUpdate& out) {
  const auto* value = body.if_contains("substatus");
  if (!value || value->is_null()) return std::nullopt;
  auto text = value->is_string() ? Text(value->get_string()) : std::string_view();
  for (const auto& known : kSubstatusWords) {
    if (known.word != text) continue;
    if (!out.status) out.status = known.status;
    if (*out.status != known.status) {
      return RespondFieldError(
          {"substatus"}, "\"" + std::string(text) + "\" does not belong to the status given.");
    }
    out.substatus = known.substatus;
    return std::nullopt;
  }
  auto shown = value->is_string() ? std::string(text) : std::string(json::serialize(*value));
  return RespondFieldError({"substatus"}, "\"" + shown + "\" is not a valid choice.");
}

// An integer of `details` within [1, max]; absent and null are fine.
Problem TakeNumber(const json::object& details, bool nested, const char* name, std::int64_t max,
                   std::optional<std::int64_t>& out) {
  const auto* value = details.if_contains(name);
  if (!value || value->is_null()) return std::nullopt;
  if (value->is_int64() && value->get_int64() >= 1 && value->get_int64() <= max) {
    out = value->get_int64();
    return std::nullopt;
  }
  auto message = "Ensure this value is an integer from 1 to " + std::to_string(max) + ".";
  return nested ? RespondFieldError({"statusDetails", name}, message)
                : RespondFieldError({name}, message);
}

Problem TakeIgnore(const json::object& details, bool nested, IssueUpdate& out) {
  constexpr std::int64_t kMinutesMax = 10'080;
  constexpr std::int64_t kCountMax = 1'000'000'000;
  constexpr std::int64_t kDurationMax = 10 * 366 * 24 * 60;
  auto& ignore = out.ignore;
  struct Field {
    const char* name;
    std::int64_t max;
    std::optional<std::int64_t>& target;
  };
  const Field fields[] = {{"snoozeDuration", kDurationMax, ignore.duration_min},
                          {"ignoreDuration", kDurationMax, ignore.duration_min},
                          {"ignoreCount", kCountMax, ignore.count},
                          {"ignoreWindow", kMinutesMax, ignore.window_min},
                          {"ignoreUserCount", kCountMax, ignore.user_count},
                          {"ignoreUserWindow", kMinutesMax, ignore.user_window_min}};
  for (const auto& field : fields) {
    if (auto problem = TakeNumber(details, nested, field.name, field.max, field.target)) {
      return problem;
    }
  }
  const auto* escalating = details.if_contains("untilEscalating");
  ignore.until_escalating = escalating && escalating->is_bool() && escalating->get_bool();
  return std::nullopt;
}

// {"repository": "acme/web", "commit": "4f1c..."}
Problem TakeCommit(const json::object& details, IssueUpdate& out) {
  const auto* commit = details.if_contains("inCommit");
  if (!commit || commit->is_null()) return std::nullopt;
  auto text = [&](const char* name) {
    const auto* value = commit->is_object() ? commit->get_object().if_contains(name) : nullptr;
    return value && value->is_string() ? std::string(Text(value->get_string())) : std::string();
  };
  out.in_commit = CommitName{text("repository"), text("commit")};
  for (const auto& [name, value] : {std::pair("repository", &out.in_commit->repository),
                                    std::pair("commit", &out.in_commit->commit)}) {
    if (value->empty()) {
      return RespondFieldError({"statusDetails", "inCommit", name}, "This field is required.");
    }
  }
  return std::nullopt;
}

Problem TakeRelease(const json::object& details, bool nested, IssueUpdate& out) {
  for (const char* name : {"inNextRelease", "inUpcomingRelease"}) {
    const auto* value = details.if_contains(name);
    if (value && value->is_bool() && value->get_bool()) {
      out.in_next_release = true;
      out.needs_release = nested;
    }
  }
  if (const auto* version = details.if_contains("inRelease"); version && !version->is_null()) {
    if (!version->is_string() || version->get_string().empty()) {
      return RespondFieldError({"statusDetails", "inRelease"}, "Not a valid string.");
    }
    out.in_release = std::string(Text(version->get_string()));
  }
  return TakeCommit(details, out);
}

// statusDetails, or the same keys at top level where it is absent or empty.
Problem TakeDetails(const json::object& body, IssueUpdate& out) {
  const auto* details = body.if_contains("statusDetails");
  bool nested = details && details->is_object() && !details->get_object().empty();
  if (details && !details->is_object() && !details->is_null()) {
    return RespondFieldError({"statusDetails"}, "Expected an object.");
  }
  const auto& source = nested ? details->get_object() : body;
  if (out.status == IssueStatus::kResolved) return TakeRelease(source, nested, out);
  if (out.status == IssueStatus::kIgnored) return TakeIgnore(source, nested, out);
  return std::nullopt;
}

}  // namespace

tl::expected<IssueUpdate, HttpMessageResponse> ParseIssueUpdate(std::string_view body) {
  boost::system::error_code error;
  auto value = json::parse(json::string_view(body.data(), body.size()), error);
  if (error || !value.is_object()) {
    return tl::unexpected(RespondDetail(400, "JSON parse error: the body must be an object."));
  }
  IssueUpdate out;
  const auto& object = value.get_object();
  for (auto take : {&TakeStatus, &TakeSubstatus, &TakeDetails, &TakeFields}) {
    if (auto problem = take(object, out)) return tl::unexpected(std::move(*problem));
  }
  return out;
}

}  // namespace mishap
