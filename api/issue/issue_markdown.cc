#include "api/issue/issue_markdown.h"

#include <algorithm>

#include "api/short_id.h"
#include "base/bytes.h"

namespace mishap {
namespace {

constexpr std::size_t kLineBytesMax = 500;
constexpr std::size_t kTagsMax = 12;
constexpr std::size_t kBreadcrumbsMax = 10;

// One line of text that cannot end a table cell or a code span.
std::string Plain(std::string_view text) {
  std::string out;
  for (char c : Utf8Prefix(text, kLineBytesMax)) {
    if (c == '\n' || c == '\r' || c == '\t') {
      out += ' ';
    } else if (c == '`') {
      out += '\'';
    } else {
      if (c == '|' || c == '<' || c == '*' || c == '[') out += '\\';
      out += c;
    }
  }
  return out;
}

// Inside a fenced block only a fence can break out.
std::string Fenced(std::string_view text) {
  std::string out(Utf8Prefix(text, kLineBytesMax));
  for (auto at = out.find("```"); at != std::string::npos; at = out.find("```")) {
    out.replace(at, 3, "'''");
  }
  std::replace(out.begin(), out.end(), '\n', ' ');
  return out;
}

void AddStack(const Stacktrace& stacktrace, std::string& out) {
  out += "```\n";
  std::size_t shown = 0;
  for (auto frame = stacktrace.frames.rbegin(); frame != stacktrace.frames.rend(); ++frame) {
    if (shown++ == kMarkdownFramesMax) {
      out += "... " + std::to_string(stacktrace.frames.size() - kMarkdownFramesMax) + " more\n";
      break;
    }
    out += frame->in_app.value_or(false) ? "> " : "  ";
    out += Fenced(frame->function.empty() ? "?" : frame->function) + "  ";
    out += Fenced(frame->filename.empty() ? frame->module : frame->filename);
    if (frame->lineno) out += ":" + std::to_string(*frame->lineno);
    out += "\n";
    if (frame->in_app.value_or(false) && !frame->context_line.empty()) {
      out += "      " + Fenced(TrimAscii(frame->context_line)) + "\n";
    }
  }
  out += "```\n\n";
}

void AddExceptions(const Event& event, std::string& out) {
  for (auto it = event.exceptions.rbegin(); it != event.exceptions.rend(); ++it) {
    out += it == event.exceptions.rbegin() ? "## Exception\n\n" : "Caused by:\n\n";
    out += "**" + Plain(it->type) + "**: " + Plain(it->value) + "\n\n";
    if (it->stacktrace) AddStack(*it->stacktrace, out);
  }
  if (event.exceptions.empty() && event.logentry) {
    out += "## Message\n\n" + Plain(event.logentry->formatted) + "\n\n";
  }
}

void AddBreadcrumbs(const Event& event, std::string& out) {
  if (event.breadcrumbs.empty()) return;
  out += "## Breadcrumbs\n\n";
  auto from =
      event.breadcrumbs.size() > kBreadcrumbsMax ? event.breadcrumbs.size() - kBreadcrumbsMax : 0;
  for (auto i = from; i < event.breadcrumbs.size(); ++i) {
    const auto& crumb = event.breadcrumbs[i];
    out += "- " + Plain(crumb.category) + ": " + Plain(crumb.message) + "\n";
  }
  out += "\n";
}

void AddTags(const std::vector<TagKeyRow>& tags, std::string& out) {
  if (tags.empty()) return;
  out += "## Tags\n\n| tag | value | share |\n|---|---|---|\n";
  for (std::size_t i = 0; i < tags.size() && i < kTagsMax; ++i) {
    if (tags[i].top.empty() || tags[i].total == 0) continue;
    const auto& top = tags[i].top.front();
    out += "| " + Plain(tags[i].key) + " | " + Plain(top.value) + " | " +
           std::to_string(top.count * 100 / tags[i].total) + " % |\n";
  }
  out += "\n";
}

}  // namespace

std::string IssueMarkdown(const MarkdownParts& parts) {
  const auto& issue = parts.view.issue;
  const auto& project = parts.view.project;
  std::string out = "# " + FormatShortId(project.slug, ShortNumberOf(issue.id)) + ": " +
                    Plain(issue.title) + "\n\n";
  auto line = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) out.append("- ").append(name).append(": ").append(value).append("\n");
  };
  line("Where", Plain(issue.culprit));
  line("Project", Plain(project.name));
  std::string status(StatusName(issue.status));
  auto substatus = SubstatusName(issue.substatus);
  if (!substatus.empty()) status.append(" (").append(substatus).append(")");
  line("Status", status);
  line("Level", std::string(LevelText(issue.level)) + (issue.is_unhandled ? ", unhandled" : ""));
  line("Seen", std::to_string(issue.times_seen) + " times by " + std::to_string(issue.users_seen) +
                   " users, first " + FormatTimestamp(issue.first_seen) + ", last " +
                   FormatTimestamp(issue.last_seen));
  line("Releases", issue.first_release.empty()
                       ? ""
                       : Plain(issue.first_release) + " to " + Plain(issue.last_release));
  line("Link", parts.view.organization_url + "/issues/" + std::to_string(issue.id.value) + "/");
  out += "\n";
  if (parts.event) {
    AddExceptions(*parts.event, out);
    AddTags(parts.tags, out);
    AddBreadcrumbs(*parts.event, out);
    out += "From event " + parts.event_id + ".\n";
  } else {
    AddTags(parts.tags, out);
  }
  return std::string(Utf8Prefix(out, kMarkdownBytesMax));
}

}  // namespace mishap
