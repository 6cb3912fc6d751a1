#include "ingest/csp_report.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/bytes.h"

namespace mishap {
namespace {

constexpr std::string_view kDirectives[] = {"base-uri",        "block-all-mixed-content",
                                            "child-src",       "connect-src",
                                            "default-src",     "fenced-frame-src",
                                            "font-src",        "form-action",
                                            "frame-ancestors", "frame-src",
                                            "img-src",         "manifest-src",
                                            "media-src",       "navigate-to",
                                            "object-src",      "plugin-types",
                                            "prefetch-src",    "referrer",
                                            "report-to",       "report-uri",
                                            "require-sri-for", "require-trusted-types-for",
                                            "sandbox",         "script-src",
                                            "script-src-attr", "script-src-elem",
                                            "style-src",       "style-src-attr",
                                            "style-src-elem",  "trusted-types",
                                            "worker-src",      "upgrade-insecure-requests"};

struct Noun {
  std::string_view directive;
  std::string_view noun;
};
constexpr Noun kNouns[] = {
    {"child-src", "child"},   {"connect-src", "connect"},   {"font-src", "font"},
    {"img-src", "image"},     {"manifest-src", "manifest"}, {"media-src", "media"},
    {"object-src", "object"}, {"script-src", "script"},     {"script-src-elem", "script"},
    {"style-src", "style"},   {"style-src-elem", "style"},
};

struct Spelling {
  std::string_view folded;  // lower case, no dashes, no underscores, "url" as "uri"
  std::string CspReport::*field;
};
constexpr Spelling kSpellings[] = {
    {"documenturi", &CspReport::document_uri},
    {"referrer", &CspReport::referrer},
    {"blockeduri", &CspReport::blocked_uri},
    {"violateddirective", &CspReport::violated_directive},
    {"effectivedirective", &CspReport::effective_directive},
    {"originalpolicy", &CspReport::original_policy},
    {"disposition", &CspReport::disposition},
    {"statuscode", &CspReport::status_code},
    {"sourcefile", &CspReport::source_file},
    {"linenumber", &CspReport::line_number},
    {"columnnumber", &CspReport::column_number},
    {"scriptsample", &CspReport::script_sample},
    {"sample", &CspReport::script_sample},
};

std::string Fold(std::string_view key) {
  std::string out = ToLowerAscii(key);
  out.erase(std::remove_if(out.begin(), out.end(), [](char c) { return c == '-' || c == '_'; }),
            out.end());
  if (out.ends_with("url")) out.back() = 'i';
  return out;
}

std::string_view FirstWord(std::string_view text) {
  text = TrimAscii(text);
  return text.substr(0, text.find(' '));
}

std::string KnownDirective(std::string_view text) {
  std::string word = ToLowerAscii(FirstWord(text));
  bool known =
      std::find(std::begin(kDirectives), std::end(kDirectives), word) != std::end(kDirectives);
  return known ? word : std::string();
}

std::string_view NounOf(std::string_view directive) {
  for (const Noun& entry : kNouns) {
    if (entry.directive == directive) return entry.noun;
  }
  return directive;
}

struct UriParts {
  std::string_view scheme;
  std::string_view host;  // with port
};

UriParts SplitUri(std::string_view uri) {
  std::size_t mark = uri.find("://");
  if (mark == std::string_view::npos) return {uri.substr(0, uri.find(':')), {}};
  std::string_view host = uri.substr(mark + 3);
  host = host.substr(0, host.find_first_of("/?#"));
  return {uri.substr(0, mark), host};
}

bool IsLocal(std::string_view blocked, const UriParts& document) {
  if (blocked.empty() || blocked == "self" || blocked == "'self'") return true;
  return !document.host.empty() && SplitUri(blocked).host == document.host;
}

// The host of http(s), scheme and host of the rest, "data:" of a bare word.
std::string ShortUri(std::string_view uri) {
  UriParts parts = SplitUri(uri);
  if (parts.host.empty()) return std::string(parts.scheme) + ":";
  if (parts.scheme == "http" || parts.scheme == "https") return std::string(parts.host);
  return fmt::format("{}://{}", parts.scheme, parts.host);
}

std::string LocalMessage(std::string_view directive, std::string_view violated) {
  bool says_inline = violated.find("'unsafe-inline'") != std::string_view::npos;
  bool says_eval = violated.find("'unsafe-eval'") != std::string_view::npos;
  if (directive == "script-src") {
    if (says_inline != says_eval) {
      return says_inline ? "Blocked unsafe inline 'script'" : "Blocked unsafe eval() 'script'";
    }
    return "Blocked unsafe (eval() or inline) 'script'";
  }
  if (directive == "script-src-elem") return "Blocked inline script attribute";
  if (directive == "script-src-attr") return "Blocked unsafe 'script' element";
  if (directive == "style-src-elem") return "Blocked 'style' or 'link' element";
  if (directive == "style-src-attr") return "Blocked style attribute";
  return fmt::format("Blocked inline '{}'", NounOf(directive));
}

}  // namespace

CspReport ReadCspReport(JsonValue object) {
  CspReport report;
  if (!object.IsObject()) return report;
  object.EachMember([&](std::string_view key, JsonValue value) {
    std::string folded = Fold(key);
    for (const Spelling& spelling : kSpellings) {
      if (spelling.folded != folded) continue;
      std::string& field = report.*spelling.field;
      if (value.IsString()) {
        field = value.Text();
      } else if (value.IsNumber()) {
        field.clear();
        AppendJson(field, value);
      }
    }
  });
  if (report.blocked_uri.empty()) report.blocked_uri = "self";
  std::string effective = KnownDirective(report.effective_directive);
  if (effective.empty()) effective = KnownDirective(report.violated_directive);
  report.effective_directive = std::move(effective);
  if (report.violated_directive.empty()) report.violated_directive = report.effective_directive;
  return report;
}

std::string CspMessage(const CspReport& report) {
  const std::string& directive = report.effective_directive;
  const std::string& blocked = report.blocked_uri;
  if (directive.starts_with("script-src") && (blocked == "inline" || blocked == "eval")) {
    return blocked == "inline" ? "Blocked unsafe inline 'script'"
                               : "Blocked unsafe eval() 'script'";
  }
  if (blocked == "inline" || IsLocal(blocked, SplitUri(report.document_uri))) {
    return LocalMessage(directive, report.violated_directive);
  }
  std::string uri = ShortUri(blocked);
  if (directive == "form-action") return fmt::format("Blocked 'form' action to '{}'", uri);
  if (directive == "script-src-attr") {
    return fmt::format("Blocked inline script attribute from '{}'", uri);
  }
  if (directive == "style-src-attr") return fmt::format("Blocked style attribute from '{}'", uri);
  return fmt::format("Blocked '{}' from '{}'", NounOf(directive), uri);
}

std::string CspCulprit(const CspReport& report) {
  UriParts document = SplitUri(report.document_uri);
  std::string out;
  std::string_view rest = TrimAscii(report.violated_directive);
  while (!rest.empty()) {
    std::string_view word = FirstWord(rest);
    rest = TrimAscii(rest.substr(word.size()));
    bool own = !document.host.empty() &&
               (word == document.host ||
                (SplitUri(word).host == document.host && SplitUri(word).scheme == document.scheme));
    if (!out.empty()) out += ' ';
    out += own ? std::string_view("'self'") : word;
  }
  return out;
}

}  // namespace mishap
