// Which field gets which rules. Untouched: debug_meta, file names, source lines, User-Agent, SDK,
// modules. Texts people read (messages, exception values) only lose what has a secret's shape,
// never a whole value for one word.
#include "ingest/scrub.h"

#include <algorithm>

#include "base/bytes.h"
#include "event/raw_json.h"
#include "ingest/normalise_notes.h"
#include "ingest/scrub_walk.h"

namespace mishap {
namespace {

using Words = SecretWalk::Words;

// Contexts about machines and programs, and what people wrote: words in their texts are no secrets.
bool IsMachineContext(std::string_view name) {
  for (std::string_view known : {"trace", "os", "client_os", "runtime", "device", "browser", "app",
                                 "gpu", "culture", "cloud_resource", "feedback"}) {
    if (name == known) return true;
  }
  return false;
}

bool IsSecurityReport(std::string_view name) {
  return name == "csp" || name == "hpkp" || name == "expectct" || name == "expectstaple";
}

void FilterPairs(std::vector<NamedText>& pairs, std::string_view field, SecretWalk& walk,
                 bool (*is_secret)(std::string_view)) {
  std::size_t index = 0;
  for (auto& [name, value] : pairs) {
    std::string step = std::to_string(index++);
    if (!is_secret(name) || value.empty() || value == kFiltered) continue;
    value = kFiltered;
    walk.Note(field, step, "@password:filter");
  }
}

bool IsCookieHeader(std::string_view name) {
  return EqualsIgnoreCase(name, "Cookie") || EqualsIgnoreCase(name, "Set-Cookie");
}

void ScrubRequest(HttpRequest& request, SecretWalk& walk) {
  walk.base() = {"request"};
  walk.Text(request.url, "url", Words::kIgnored);
  walk.Text(request.fragment, "fragment", Words::kSearched);
  walk.Pairs(request.query_string, "query_string", Words::kSearched);
  walk.Pairs(request.cookies, "cookies", Words::kSearched);
  std::vector<NamedText> agents;  // User-Agent is exempt
  for (NamedText& header : request.headers) {
    if (header.first == "User-Agent") agents.push_back(header);
  }
  walk.Pairs(request.headers, "headers", Words::kSearched);
  std::size_t agent = 0;
  for (NamedText& header : request.headers) {
    if (header.first == "User-Agent") header = agents[agent++];
  }
  if (walk.defaults()) {
    FilterPairs(request.cookies, "cookies", walk, IsSessionCookie);
    FilterPairs(request.headers, "headers", walk, IsCookieHeader);
  }
  walk.Json(request.data, "data", Words::kSearched);
  walk.Json(request.env, "env", Words::kSearched);
  walk.Named(request.other, "", Words::kSearched);
}

void ScrubStack(std::optional<Stacktrace>& stack, const MetaPath& owner, SecretWalk& walk) {
  if (!stack) return;
  std::size_t index = 0;
  for (Frame& frame : stack->frames) {
    std::string step = std::to_string(index++);
    walk.Line(frame.context_line);
    for (std::string& line : frame.pre_context) walk.Line(line);
    for (std::string& line : frame.post_context) walk.Line(line);
    if (frame.vars.empty() && frame.other.empty()) continue;
    walk.base() = owner;
    walk.base().insert(walk.base().end(), {"stacktrace", "frames", std::move(step)});
    walk.Json(frame.vars, "vars", Words::kSearched);
    walk.Named(frame.other, "", Words::kSearched);
  }
}

void ScrubExceptions(Event& event, SecretWalk& walk) {
  std::size_t index = 0;
  for (Exception& exception : event.exceptions) {
    const MetaPath path{"exception", "values", std::to_string(index++)};
    walk.base() = path;
    walk.Text(exception.value, "value", Words::kIgnored);
    walk.Json(exception.raw_stacktrace, "raw_stacktrace", Words::kIgnored);
    walk.Named(exception.other, "", Words::kSearched);
    if (exception.mechanism) {
      walk.base().emplace_back("mechanism");
      walk.Text(exception.mechanism->description, "description", Words::kIgnored);
      walk.Json(exception.mechanism->data, "data", Words::kSearched);
      walk.Named(exception.mechanism->other, "", Words::kSearched);
    }
    ScrubStack(exception.stacktrace, path, walk);
  }
  index = 0;
  for (Thread& thread : event.threads) {
    const MetaPath path{"threads", "values", std::to_string(index++)};
    ScrubStack(thread.stacktrace, path, walk);
    walk.base() = path;
    walk.Named(thread.other, "", Words::kSearched);
  }
  ScrubStack(event.stacktrace, {}, walk);
}

void ScrubBreadcrumbs(Event& event, SecretWalk& walk) {
  std::size_t index = 0;
  for (Breadcrumb& crumb : event.breadcrumbs) {
    walk.base() = {"breadcrumbs", "values", std::to_string(index++)};
    walk.Text(crumb.message, "message", Words::kSearched);
    walk.Json(crumb.data, "data", Words::kSearched);
    walk.Named(crumb.other, "", Words::kSearched);
  }
}

void ScrubUser(EventUser& user, SecretWalk& walk) {
  walk.base() = {"user"};
  walk.Text(user.id, "id", Words::kIgnored);
  walk.Text(user.email, "email", Words::kIgnored);
  walk.Text(user.username, "username", Words::kIgnored);
  walk.Text(user.name, "name", Words::kIgnored);
  walk.Named(user.data, "data", Words::kSearched);
}

// The value an error kept of a dropped field is as secret as the field.
void ScrubErrors(Event& event, SecretWalk& walk) {
  std::size_t index = 0;
  for (EventError& error : event.errors) {
    walk.base() = {"errors", std::to_string(index++)};
    std::string_view name = error.name;
    name = name.substr(name.rfind('.') == name.npos ? 0 : name.rfind('.') + 1);
    if (!error.value.empty() && walk.IsSecret(name)) {
      error.value.text = QuotedJson(kFiltered);
      continue;
    }
    walk.Json(error.value, "value", Words::kSearched);
  }
}

void RemoveAddresses(Event& event, MetaNotes& notes) {
  if (event.user && !event.user->ip_address.empty()) {
    event.user->ip_address.clear();
    notes.Remark({"user", "ip_address"}, "@ip:remove", 'x');
    if (event.user->empty()) event.user.reset();
  }
  if (!event.sdk) return;
  std::erase_if(event.sdk->other,
                [](const NamedJson& named) { return named.first == "client_ip"; });
}

}  // namespace

std::string ScrubbedText(std::string text, const ProjectEntry& project) {
  MetaNotes notes;
  SecretWalk walk(project, notes);
  walk.Text(text, "text", Words::kIgnored);
  return text;
}

void Scrub(Event& event, const ProjectEntry& project) {
  MetaNotes notes;
  SecretWalk walk(project, notes);
  if (project.scrub_ip_addresses) RemoveAddresses(event, notes);
  if (event.request) ScrubRequest(*event.request, walk);
  if (event.user) ScrubUser(*event.user, walk);
  walk.base().clear();
  if (event.logentry) {
    walk.base() = {"logentry"};
    walk.Text(event.logentry->message, "message", Words::kIgnored, project.scrub_data);
    walk.Text(event.logentry->formatted, "formatted", Words::kIgnored, project.scrub_data);
    walk.Json(event.logentry->params, "params", Words::kSearched);
    walk.base().clear();
  }
  walk.Text(event.transaction, "transaction", Words::kIgnored);
  walk.Text(event.culprit, "culprit", Words::kIgnored);
  walk.Text(event.server_name, "server_name", Words::kIgnored);
  walk.Pairs(event.tags, "tags", Words::kIgnored);
  walk.Named(event.extra, "extra", Words::kSearched);
  for (auto& [name, context] : event.contexts) {
    walk.base() = {"contexts"};
    walk.Json(context, name, IsMachineContext(name) ? Words::kIgnored : Words::kSearched);
  }
  walk.base().clear();
  for (auto& [name, value] : event.other) {
    if (walk.IsSecret(name)) {
      value.text = QuotedJson(kFiltered);
    } else {
      walk.Json(value, name, IsSecurityReport(name) ? Words::kIgnored : Words::kSearched);
    }
  }
  ScrubExceptions(event, walk);
  ScrubBreadcrumbs(event, walk);
  ScrubErrors(event, walk);
  DropOriginals(event.meta);
  notes.MergeInto(event.meta);
}

}  // namespace mishap
