#include "ingest/security_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/bytes.h"
#include "base/json_writer.h"
#include "ingest/csp_report.h"

namespace mishap {
namespace {

constexpr std::string_view kMediaTypes[] = {
    "application/json",
    "application/csp-report",
    "application/expect-ct-report",
    "application/expect-ct-report+json",
    "application/expect-staple-report",
    "application/reports+json",
};

// Kinds that differ only in names: {"expect-ct-report": {...}}.
struct PinKind {
  std::string_view wrapper;
  std::string_view name;  // of the event's field and its logger
  std::string_view message;
};
constexpr PinKind kPinKinds[] = {
    {"expect-ct-report", "expectct", "Expect-CT failed for '{}'"},
    {"expect-staple-report", "expectstaple", "Expect-Staple failed for '{}'"},
};
constexpr PinKind kHpkp{"", "hpkp", "Public key pinning validation failed for '{}'"};

// The last member of that name.
std::optional<JsonValue> Member(JsonValue object, std::string_view name) {
  std::optional<JsonValue> found;
  if (!object.IsObject()) return found;
  object.EachMember([&](std::string_view key, JsonValue value) {
    if (key == name) found = value;
  });
  return found;
}

std::string_view TextMember(JsonValue object, std::string_view name) {
  auto member = Member(object, name);
  return member && member->IsString() ? member->Text() : std::string_view();
}

void WriteSource(JsonWriter& json, const ReportSource& source) {
  if (!source.release.empty()) json.Field("release", source.release);
  if (!source.environment.empty()) json.Field("environment", source.environment);
  if (!source.client_ip.empty()) {
    json.Key("user").BeginObject().Field("ip_address", source.client_ip).EndObject();
  }
}

// user_agent: the report's own, if it was sent later by another process of the browser.
void WriteRequest(JsonWriter& json, const ReportSource& source, std::string_view url,
                  std::string_view method, std::string_view referrer) {
  json.Key("request").BeginObject();
  if (!url.empty()) json.Field("url", url);
  if (!method.empty()) json.Field("method", method);
  json.Key("headers").BeginArray();
  auto pair = [&](std::string_view name, std::string_view value) {
    json.BeginArray().String(name).String(value).EndArray();
  };
  if (!referrer.empty()) pair("Referer", referrer);
  for (const auto& [name, value] : source.headers) pair(name, value);
  json.EndArray().EndObject();
}

void WriteHead(JsonWriter& json, std::string_view logger, std::string_view platform,
               std::string_view message) {
  json.BeginObject().Field("logger", logger).Field("platform", platform).Field("level", "error");
  json.Key("logentry").BeginObject().Field("formatted", message).EndObject();
}

// Ends of payment addresses differ with every customer.
std::string_view TagUri(std::string_view uri) {
  if (!uri.starts_with("https://api.stripe.com/")) return uri;
  return uri.substr(0, uri.find_first_of("?#"));
}

std::string CspEvent(const CspReport& report, const ReportSource& source) {
  std::string out;
  JsonWriter json(out);
  WriteHead(json, "csp", "javascript", CspMessage(report));
  json.Field("culprit", CspCulprit(report));
  WriteRequest(json, source, report.document_uri, {}, report.referrer);
  json.Key("tags").BeginObject();
  json.Field("effective-directive", report.effective_directive);
  json.Field("blocked-uri", TagUri(report.blocked_uri)).EndObject();
  json.Key("csp").BeginObject();
  auto field = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) json.Field(name, value);
  };
  field("document_uri", report.document_uri);
  field("referrer", report.referrer);
  field("blocked_uri", report.blocked_uri);
  field("violated_directive", report.violated_directive);
  field("effective_directive", report.effective_directive);
  field("original_policy", report.original_policy);
  field("disposition", report.disposition);
  field("status_code", report.status_code);
  field("source_file", report.source_file);
  field("line_number", report.line_number);
  field("column_number", report.column_number);
  field("script_sample", report.script_sample);
  json.EndObject();
  WriteSource(json, source);
  json.EndObject();
  return out;
}

std::string PinEvent(const PinKind& kind, JsonValue report, const ReportSource& source) {
  std::string_view host = TextMember(report, "hostname");
  std::string out;
  JsonWriter json(out);
  WriteHead(json, kind.name, "other", fmt::format(fmt::runtime(kind.message), host));
  json.Field("culprit", host);
  WriteRequest(json, source, {}, {}, {});
  json.Key("tags").BeginObject().Field("hostname", host).EndObject();
  std::string raw;
  AppendJson(raw, report);
  json.Key(kind.name).Raw(raw);
  WriteSource(json, source);
  json.EndObject();
  return out;
}

std::string NelEvent(JsonValue report, JsonValue body, const ReportSource& source) {
  std::string_view type = TextMember(body, "type");
  std::string_view url = TextMember(report, "url");
  std::string_view place = url.substr(0, url.find_first_of("?#"));
  std::string out;
  JsonWriter json(out);
  WriteHead(json, "nel", "other", fmt::format("Network error {} at {}", type, place));
  json.Field("culprit", place);
  WriteRequest(json, source, url, TextMember(body, "method"), TextMember(body, "referrer"));
  json.Key("tags").BeginObject().Field("nel.type", type);
  json.Field("nel.phase", TextMember(body, "phase")).EndObject();
  std::string raw;
  AppendJson(raw, body);
  json.Key("contexts").BeginObject().Key("nel").Raw(raw).EndObject();
  json.Key("fingerprint").BeginArray().String("nel").String(type).String(place).EndArray();
  WriteSource(json, source);
  json.EndObject();
  return out;
}

class Reader {
 public:
  Reader(ReportDoor door, const ReportSource& source, std::size_t reports_max)
      : door_(door), source_(source), reports_max_(reports_max) {}

  void Read(JsonValue root) {
    if (root.IsArray()) {
      root.EachElement([&](JsonValue one) { ReadTyped(one); });
    } else if (Member(root, "type")) {
      ReadTyped(root);
    } else if (door_ == ReportDoor::kSecurity) {
      ReadWrapped(root);
    }
  }
  SecurityReports Take() { return std::move(reports_); }

 private:
  // The old ways: one report in a wrapper of its own.
  void ReadWrapped(JsonValue root) {
    if (auto csp = Member(root, "csp-report")) return AddCsp(*csp, source_);
    for (const PinKind& kind : kPinKinds) {
      if (auto report = Member(root, kind.wrapper)) return AddPin(kind, *report);
    }
    if (Member(root, "known-pins") && Member(root, "hostname")) AddPin(kHpkp, root);
  }

  // One element of the Reporting API.
  void ReadTyped(JsonValue one) {
    std::string_view type = TextMember(one, "type");
    auto body = Member(one, "body");
    std::string_view wanted = door_ == ReportDoor::kNel ? "network-error" : "csp-violation";
    if (type != wanted) {
      ++reports_.other_types;
    } else if (!body || !body->IsObject()) {
      ++reports_.invalid;
    } else if (reports_.events.size() == reports_max_) {
      ++reports_.over;
    } else if (door_ == ReportDoor::kNel) {
      reports_.events.push_back(NelEvent(one, *body, SourceOf(one)));
    } else {
      AddCsp(*body, SourceOf(one));
    }
  }

  // The report's own user agent, if it has one.
  ReportSource SourceOf(JsonValue one) const {
    ReportSource own = source_;
    std::string_view agent = TextMember(one, "user_agent");
    if (agent.empty()) return own;
    for (auto& [name, value] : own.headers) {
      if (EqualsIgnoreCase(name, "User-Agent")) value = agent;
    }
    return own;
  }

  void AddCsp(JsonValue object, const ReportSource& source) {
    CspReport report = ReadCspReport(object);
    if (report.effective_directive.empty()) {
      ++reports_.invalid;
    } else {
      reports_.events.push_back(CspEvent(report, source));
    }
  }

  void AddPin(const PinKind& kind, JsonValue report) {
    if (TextMember(report, "hostname").empty()) {
      ++reports_.invalid;
    } else {
      reports_.events.push_back(PinEvent(kind, report, source_));
    }
  }

  const ReportDoor door_;
  const ReportSource& source_;
  const std::size_t reports_max_;
  SecurityReports reports_;
};

}  // namespace

Result<SecurityReports> ReadSecurityReports(std::string_view body, ReportDoor door,
                                            const ReportSource& source, std::size_t reports_max,
                                            JsonTree& json) {
  auto root = json.Parse(body);
  if (!root) return Fail(root.error());
  Reader reader(door, source, reports_max);
  reader.Read(*root);
  return reader.Take();
}

bool IsReportMediaType(std::string_view content_type) {
  std::string_view type = TrimAscii(content_type.substr(0, content_type.find(';')));
  return std::any_of(std::begin(kMediaTypes), std::end(kMediaTypes),
                     [&](std::string_view known) { return EqualsIgnoreCase(type, known); });
}

}  // namespace mishap
