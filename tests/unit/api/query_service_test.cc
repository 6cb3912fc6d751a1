// What QueryService does without a database: names, tokens, updates as JSON, errors, and that every
// field of the contract is written.
#include <gtest/gtest.h>

#include <algorithm>

#include "api/grpc/page_token.h"
#include "api/grpc/resource_message.h"
#include "api/grpc/resource_name.h"
#include "api/grpc/rpc_call.h"
#include "api/grpc/rpc_methods.h"
#include "api/grpc/rpc_status.h"
#include "api/grpc/update_json.h"
#include "api/routes.h"
#include "base/bytes.h"

namespace mishap {
namespace {

TEST(ResourceNameTest, FitsPatternsAndDecodesParts) {
  PathParams path;
  EXPECT_TRUE(MatchName("organizations/{o}/releases/{v}",
                        "organizations/acme/releases/web%2Fa%25b@1.0+2", path));
  EXPECT_EQ(path.Get("o"), "acme");
  EXPECT_EQ(path.Get("v"), "web/a%b@1.0+2");
}

TEST(ResourceNameTest, RefusesWhatDoesNotFit) {
  for (std::string_view name :
       {"", "acme", "organizations/", "organizations", "organizations//", "organizations/acme/",
        "organizations/acme/issues/1", "/organizations/acme", "organizations/a%00b",
        "organizations/%C3%28", "Organizations/acme"}) {
    PathParams path;
    EXPECT_FALSE(MatchName("organizations/{o}", name, path)) << name;
    EXPECT_FALSE(path.Has("o")) << name;
  }
}

TEST(ResourceNameTest, NamesLeadBack) {
  PathParams path;
  EXPECT_TRUE(MatchName("organizations/{o}/releases/{v}", ReleaseName("acme", "a/b c%é"), path));
  EXPECT_EQ(path.Get("v"), "a/b c%é");
  EXPECT_EQ(IssueName("acme", IssueId{1'000'000'001}), "organizations/acme/issues/1000000001");
}

TEST(PageTokenTest, ComesBackAsItWas) {
  for (const PageToken& token :
       {PageToken{}, PageToken{-5, 0, ""}, PageToken{1'795'364'400'000'000, 7, ""},
        PageToken{0, 0, "acme/web"}}) {
    const auto text = WritePageToken(token, "ListIssues a");
    EXPECT_EQ(
        text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
        std::string::npos);
    EXPECT_EQ(ReadPageToken(text, "ListIssues a").value(), token);
  }
}

TEST(PageTokenTest, BelongsToItsQuery) {
  const auto text = WritePageToken({1, 2, ""}, "ListIssues a");
  const auto read = ReadPageToken(text, "ListIssues b");
  ASSERT_FALSE(read.has_value());
  EXPECT_NE(read.error().detail.find("belongs to another call"), std::string::npos);
}

TEST(PageTokenTest, RefusesWhatIsNoToken) {
  const auto text = WritePageToken({1, 2, "x"}, "q");
  for (std::size_t cut = 0; cut < text.size(); ++cut) {
    EXPECT_FALSE(ReadPageToken(text.substr(0, cut), "q").has_value()) << cut;
  }
  EXPECT_FALSE(ReadPageToken("é", "q").has_value());
  EXPECT_FALSE(ReadPageToken(std::string(2000, 'A'), "q").has_value());
}

const ProtoMessageType& Issue() {
  return ContractType("mishap.v1.Issue");
}
const ProtoMessageType& Project() {
  return ContractType("mishap.v1.Project");
}

const std::vector<UpdatableField> kIssueFields = {{"status"},
                                                  {"substatus", "", false, true},
                                                  {"status_details"},
                                                  {"assigned_to"},
                                                  {"is_bookmarked"}};
const std::vector<UpdatableField> kProjectFields = {{"display_name", "name"},
                                                    {"settings", "", true}};

std::string MaskBytes(const std::vector<std::string>& paths) {
  std::string bytes;
  for (const auto& path : paths) ProtoWriter(bytes).Message(1, path);
  return bytes;
}

// The JSON of an update, or its error's message.
std::string Body(const ProtoMessageType& type, const std::string& bytes, const std::string& mask,
                 const std::vector<UpdatableField>& fields) {
  const MessageView view(type, bytes);
  auto parsed = UpdateMaskOf(mask, view, fields);
  if (!parsed) return parsed.error().message;
  auto body = UpdateJson(view, "it", *parsed, fields);
  return body ? *body : body.error().message;
}

TEST(UpdateJsonTest, WritesWhatTheMaskNames) {
  std::string details, bytes;
  MessageWriter out(Issue(), bytes);
  MessageWriter(out.TypeOf("status_details"), details).Int("ignore_count", 5);
  out.Int("status", 3).Message("status_details", details).Text("assigned_to", "me");
  out.Text("title", "ignored");
  EXPECT_EQ(Body(Issue(), bytes, MaskBytes({"status", "status_details"}), kIssueFields),
            R"({"status":"ignored","statusDetails":{"ignoreCount":5}})");
  EXPECT_EQ(Body(Issue(), bytes, "", kIssueFields),
            R"({"status":"ignored","statusDetails":{"ignoreCount":5},"assignedTo":"me"})");
  EXPECT_EQ(Body(Issue(), bytes, MaskBytes({"is_bookmarked", "substatus"}), kIssueFields),
            R"({"isBookmarked":false})");
}

TEST(UpdateJsonTest, NamedAndNotSetIsCleared) {
  std::string settings, bytes;
  MessageWriter out(Project(), bytes);
  MessageWriter(out.TypeOf("settings"), settings).Present("retention_days", std::int64_t{0});
  out.Text("display_name", "x").Message("settings", settings);
  EXPECT_EQ(Body(Project(), bytes, "", kProjectFields), R"({"name":"x","retentionDays":0})");
  EXPECT_EQ(Body(Project(), "",
                 MaskBytes({"display_name", "settings.retention_days", "settings.safe_fields",
                            "settings.highlight_context_json"}),
                 kProjectFields),
            R"({"name":"","safeFields":[],"highlightContext":{},"retentionDays":null})");
}

TEST(UpdateJsonTest, RefusesWhatCannotBe) {
  EXPECT_EQ(Body(Issue(), "", MaskBytes({"title"}), kIssueFields),
            "update_mask: \"title\" cannot be updated");
  EXPECT_EQ(Body(Issue(), "", "", kIssueFields),
            "update_mask: is empty, and nothing is set that can be updated");
  EXPECT_EQ(Body(Issue(), "", MaskBytes({"status"}), kIssueFields),
            "it.status: must be set to a value of the contract");
  std::string bytes;
  MessageWriter(Issue(), bytes).Int("status", 99);
  EXPECT_EQ(Body(Issue(), bytes, "", kIssueFields),
            "it.status: must be set to a value of the contract");
}

// google.rpc.Status of the trailer, as it is on the wire.
std::string DetailsOf(const GrpcStatus& status) {
  for (const auto& [name, value] : status.trailers) {
    if (name == "grpc-status-details-bin") return DecodeBase64(value).value_or("");
  }
  return {};
}

TEST(RpcStatusTest, FilterErrorsTellTheColumn) {
  const auto status =
      RefuseFilter({Reason::kInvalidArgument, "Error parsing search query: what? (column 12)"})
          .value();
  EXPECT_EQ(status.code, 3);
  const auto details = DetailsOf(status);
  for (std::string_view part : {"google.rpc.BadRequest", "filter", "google.rpc.ErrorInfo",
                                "INVALID_FILTER", "column", "12"}) {
    EXPECT_NE(details.find(part), std::string::npos) << part;
  }
}

TEST(RpcStatusTest, FieldsOfHttpBecomeFieldsOfTheContract) {
  auto field = [](const ProtoMessageType& type, std::string body) {
    HttpMessageResponse response;
    response.status = 400;
    response.body = std::move(body);
    const auto message = RefuseAs(response, type, "it").value().message;
    return message;
  };
  EXPECT_EQ(field(Issue(), R"({"statusDetails":{"inCommit":{"repository":["no"]}}})"),
            "it.status_details.in_commit.repository: no");
  EXPECT_EQ(field(Project(), R"({"scrubIPAddresses":["no"]})"),
            "it.settings.scrub_ip_addresses: no");
  EXPECT_EQ(field(Project(), R"({"name":["no"]})"), "it.display_name: no");
  EXPECT_EQ(field(Issue(), R"({"detail":"no"})"), "it: no");
  EXPECT_EQ(field(Issue(), "not JSON"), "it: is not valid");
}

TEST(RpcStatusTest, FaultsTellNothingOfTheHouse) {
  for (auto reason : {Reason::kInternal, Reason::kUnavailable, Reason::kNotFound}) {
    const auto status = RpcStatusOf({reason, "host db-7 said no"});
    EXPECT_EQ(status.message.find("db-7"), std::string::npos);
    EXPECT_EQ(DetailsOf(status).find("db-7"), std::string::npos);
  }
  EXPECT_NE(DetailsOf(RpcStatusOf({Reason::kOverloaded, ""})).find("RetryInfo"), std::string::npos);
}

TEST(QueryMethodsTest, TheContractAndTheTableAreTheSame) {
  for (const auto& method : ProtoSchema::OfHouse().Methods("mishap.v1.QueryService")) {
    EXPECT_NE(FindRpcMethod(method.name), nullptr) << method.name;
    ASSERT_NE(method.request, nullptr) << method.name;
    ASSERT_NE(method.response, nullptr) << method.name;
  }
  EXPECT_EQ(FindRpcMethod("Nothing"), nullptr);
}

// Every field that a message of the contract has is written for a resource that has everything.
void ExpectAllFields(const std::string& bytes, const ProtoMessageType& type,
                     const std::vector<std::string>& except = {}) {
  const MessageView view(type, bytes);
  EXPECT_TRUE(CheckMessage(type, bytes).has_value());
  for (const auto& field : type.fields) {
    const bool is_left_out = std::find(except.begin(), except.end(), field.name) != except.end();
    EXPECT_EQ(view.Has(field.name), !is_left_out) << type.name << "." << field.name;
    if (is_left_out) continue;
    if (field.message && !field.is_repeated && !field.type_name.starts_with("google.")) {
      if (field.name == "status_details") continue;  // never all at once
      ExpectAllFields(view.Message(field.name).value_or(""), *field.message);
    }
  }
}

ProjectRow FullProject() {
  ProjectRow project;
  project.id = {7};
  project.slug = project.name = project.platform = project.latest_release = "web";
  project.created_at = {1'000'000};
  project.first_event_at = Timestamp{2'000'000};
  project.environments = {"production"};
  project.teams = {{1, "core", "Core"}};
  return project;
}

IssueRow FullIssue() {
  IssueRow issue;
  issue.project = {7};
  issue.id = MakeIssueId(issue.project, 1);
  issue.status = IssueStatus::kIgnored;
  issue.substatus = IssueSubstatus::kArchivedUntilConditionMet;
  issue.priority_locked_at = issue.first_seen = issue.last_seen = Timestamp{1'000'000};
  issue.type = issue.platform = issue.logger = issue.title = issue.culprit = "x";
  issue.metadata = "{}";
  issue.is_unhandled = true;
  issue.first_release = issue.last_release = "1.0";
  issue.times_seen = issue.users_seen = 3;
  return issue;
}

TEST(ResourceMessageTest, IssuesShowEveryField) {
  TriageFacts facts;
  facts.assigned_user = {1, "Ann", "ann@example.com"};
  facts.comments = 2;
  facts.bookmarked = facts.seen = true;
  facts.subscribed = true;
  facts.share_id = "s";
  facts.inbox_reason = 1;
  facts.snooze = SnoozeFacts{Timestamp{5}, 1, 2, 3, 4};
  facts.decided_by = {1, "Ann", "ann@example.com"};
  const auto bytes = IssueMessage(FullIssue(), FullProject(), facts, "acme", "https://x");
  ExpectAllFields(bytes, Issue());
  const MessageView view(Issue(), bytes);
  EXPECT_EQ(view.Int("status"), 3);
  EXPECT_EQ(view.Text("permalink"), "https://x/organizations/acme/issues/7000000001/");
  const auto details = view.Message("status_details").value();
  const MessageView snooze(*Issue().Find("status_details")->message, details);
  EXPECT_EQ(snooze.Int("ignore_user_window"), 4);
  EXPECT_EQ(snooze.Text("actor"), "user:1");
}

TEST(ResourceMessageTest, ProjectsShowEveryField) {
  const std::string stored =
      R"({"resolve_age":1,"subject_prefix":"p","allowed_origins":["a"],"safe_fields":["s"],)"
      R"("sensitive_fields":["s"],"scrub_ip_addresses":true,"store_crash_reports":0,)"
      R"("security_token":"t","security_token_header":"","scrape_javascript":true,)"
      R"("default_environment":"","highlight_tags":["h"],"retention_days":1})";
  ExpectAllFields(ProjectMessage(FullProject(), "acme", stored), Project());
  ExpectAllFields(ProjectMessage(FullProject(), "acme", std::nullopt), Project(), {"settings"});
}

TEST(ResourceMessageTest, ReleasesShowEveryField) {
  ReleaseDetail release;
  release.id = 1;
  release.version = release.ref = release.url = "web@1.0";
  release.started_at = release.released_at = release.created_at = Timestamp{1'000'000};
  release.projects = {{{7}, "web", "Web", "python", 2, Timestamp{1}, Timestamp{2}}};
  release.commit_count = release.deploy_count = 1;
  CommitRow commit;
  commit.sha = commit.message = commit.author_name = commit.author_email = "x";
  commit.repository.name = "r";
  release.last_commit = commit;
  release.authors = {{"Ann", "ann@example.com"}};
  release.last_deploy = DeployRow{1, "production", "n", "u", Timestamp{1}, Timestamp{2}, {}};
  ExpectAllFields(ReleaseMessage(release, "acme"), ContractType("mishap.v1.Release"));
}

TEST(ResourceMessageTest, EventsShowEveryField) {
  Event event;
  event.platform = event.release = event.environment = event.dist = event.culprit = "x";
  event.transaction = "t";
  event.level = Level::kError;
  event.type = "error";
  event.logentry = LogEntry{"", "words", {}};
  StoredEventRow row;
  row.project = {7};
  row.issue = {7'000'000'001};
  row.hash = "h";
  const EventMessageParts parts{row, "acme", "web", "{}", EventNeighbours{EventId{}, EventId{}}};
  const auto& type = ContractType("mishap.v1.StoredEvent");
  ExpectAllFields(EventMessage(event, parts), type);
}

}  // namespace
}  // namespace mishap
