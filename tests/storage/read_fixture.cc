#include "tests/storage/read_fixture.h"

#include <algorithm>

#include "event/event_json.h"

namespace mishap {

ApiTest::ApiTest() {
  acme_ = CreateOrganization(session_, "acme", "Acme").value();
  other_ = CreateOrganization(session_, "other", "Other").value();
  web_ = CreateProject(session_, acme_.id, "web", "Web", "python").value().id;
  mobile_ = CreateProject(session_, acme_.id, "mobile", "Mobile", "").value().id;
  foreign_ = CreateProject(session_, other_.id, "web", "Web", "python").value().id;
  token_ = Mint(acme_.id, {"org:read", "project:admin", "event:admin"});
}

std::string ApiTest::Mint(OrganizationId organization, std::vector<std::string> scopes) {
  NewToken wanted;
  wanted.kind = "organization";
  wanted.organization = organization;
  wanted.name = "test";
  wanted.scopes = std::move(scopes);
  return CreateToken(session_, random_, wanted).value().text;
}

DigestCommit ApiTest::Store(std::vector<DigestEvent> events) {
  for (auto& event : events) {
    auto add = [&](const char* key, std::string_view value) {
      auto has = std::any_of(event.tags.begin(), event.tags.end(),
                             [&](const NamedText& tag) { return tag.first == key; });
      if (has || value.empty()) return;
      event.tags.emplace_back(key, value);
      event.tag_rolled_up.push_back(true);
    };
    add("level", LevelName(event.level));
    add("environment", event.environment);
    add("release", event.release);
  }
  return DigestTest::Store(std::move(events));
}

DigestEvent ApiTest::Readable(std::uint64_t n, std::uint64_t hash, ProjectId project) {
  auto event = MakeEvent(n, hash, project.value);
  Event content;
  content.id = event.event_id;
  content.timestamp = event.occurred_at;
  content.received = event.received_at;
  content.type = "error";
  content.platform = "python";
  content.level = Level::kError;
  content.release = event.release;
  content.environment = event.environment;
  content.tags = {{"browser", "Firefox"}};
  Exception exception;
  exception.type = "ValueError";
  exception.value = std::to_string(hash);
  content.exceptions.push_back(std::move(exception));
  auto json = WriteEventJson(content);
  event.json_bytes = static_cast<std::uint32_t>(json.size());
  event.payload = codec_.Compress(json);
  return event;
}

ApiTest::Reply ApiTest::Send(std::string method, std::string target, std::string body,
                             const std::string& token) {
  HttpMessageRequest request;
  request.method = std::move(method);
  request.target = "/api/0" + target;
  auto question = request.target.find('?');
  request.path = request.target.substr(0, question);
  if (question != std::string::npos) request.query = request.target.substr(question + 1);
  if (!token.empty()) request.headers.emplace_back("Authorization", "Bearer " + token);
  request.body = std::move(body);
  auto response = dispatch_.Answer(request, reader_);
  Reply reply{response.status, response.body, response.headers, {}};
  if (!reply.body.empty()) {
    boost::system::error_code error;
    reply.json = boost::json::parse(reply.body, error);
    EXPECT_FALSE(error) << reply.body;
  }
  return reply;
}

std::string ApiTest::Reply::Header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return {};
}

namespace {

std::string TextOf(const boost::json::value& value) {
  if (value.is_string()) return std::string(value.get_string().data(), value.get_string().size());
  return std::string(boost::json::serialize(value));
}

}  // namespace

std::string ApiTest::Reply::At(const char* pointer) const {
  boost::system::error_code error;
  const auto* found = json.find_pointer(pointer, error);
  return found ? TextOf(*found) : "<absent>";
}

std::vector<std::string> ApiTest::Reply::Column(const char* name) const {
  std::vector<std::string> out;
  if (!json.is_array()) return {"<not a list> " + body};
  for (const auto& row : json.get_array()) out.push_back(TextOf(row.at(name)));
  return out;
}

std::string ApiTest::CursorOf(const Reply& reply, std::string_view rel) {
  auto link = reply.Header("Link");
  auto at = link.find("rel=\"" + std::string(rel) + "\"; results=\"true\"; cursor=\"");
  if (at == std::string::npos) return {};
  auto begin = link.find("cursor=\"", at) + 8;
  return link.substr(begin, link.find('"', begin) - begin);
}

}  // namespace mishap
