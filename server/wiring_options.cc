// See wiring_options.h.
#include "server/wiring_options.h"

#include <algorithm>
#include <thread>

#include "base/json_writer.h"
#include "base/log.h"
#include "fmt/format.h"
#include "ingest/answer.h"
#include "ingest/scrub.h"
#include "server/first_run.h"
#include "server/version.h"

namespace mishap {
namespace {

constexpr const char* kAdminListen = "127.0.0.1:9321";
constexpr const char* kAdminAnywhere = "127.0.0.1:0";

Result<std::unique_ptr<HttpServer>> ListenAt(const std::string& listen, HttpServerOptions options,
                                             HttpHandle handle, Metrics& metrics) {
  auto at = ParseHostPort(listen);
  if (!at) return Fail(at.error());
  options.host = at->host;
  options.port = at->port;
  return HttpServer::Start(options, std::move(handle), metrics);
}

double Milliseconds(std::chrono::microseconds time) {
  return static_cast<double>(time.count()) / 1000;
}

}  // namespace

ConnectionSettings DirectoryConnection(const std::string& conninfo) {
  ConnectionSettings settings;
  settings.conninfo = conninfo;
  settings.application_name = "mishap directory";
  settings.connect_timeout_s = 2;
  return settings;
}

ConnectionSettings ApiConnection(const std::string& conninfo) {
  ConnectionSettings settings;
  settings.conninfo = conninfo;
  settings.application_name = "mishap api";
  return settings;
}

Result<IngestOptions> IngestOptionsOf(const Config& config) {
  auto proxies = TrustedProxies::Parse(config.server.trusted_proxies);
  if (!proxies) return Fail(proxies.error());
  IngestOptions options;
  const auto cores = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  options.workers =
      config.limits.ingest_workers > 0 ? static_cast<int>(config.limits.ingest_workers) : cores;
  options.queue_items_max = static_cast<std::size_t>(config.limits.ingest_queue_max);
  options.trusted_proxies = std::move(*proxies);
  return options;
}

ArtifactPort ArtifactPortOf(ArtifactFiles& files) {
  ArtifactPort port;
  port.has_chunk = [&files](OrganizationId owner, std::string_view sha1) {
    return files.HasChunk(owner, sha1);
  };
  port.file_size = [&files](std::string_view sha1) { return files.FileSize(sha1); };
  port.read_file = [&files](std::string_view sha1, std::uint64_t bytes_max) {
    return files.ReadFile(sha1, bytes_max);
  };
  port.put_chunk = [&files](OrganizationId owner, std::string_view sha1, std::string_view bytes) {
    return files.PutChunk(owner, sha1, bytes);
  };
  port.put_file = [&files](std::string_view bytes) { return files.PutFile(bytes); };
  port.assemble = [&files](OrganizationId owner, std::string_view sha1,
                           const std::vector<std::string>& chunks) {
    return files.Assemble(owner, sha1, chunks);
  };
  port.drop_old_chunks = [&files](Timestamp now) {
    auto dropped = files.DropChunksBefore({now.micros - kChunkKeptMicros});
    if (dropped && *dropped > 0) {
      Log(LogLevel::kInfo, "upload_chunks_dropped", {{"chunks", *dropped}});
    }
  };
  return port;
}

ApiFront ApiFrontOf(const Config& config, const std::string& public_url) {
  ApiFront front(public_url);
  while (front.public_url.ends_with('/')) front.public_url.pop_back();
  // What is no address range was refused with the configuration.
  auto proxies = TrustedProxies::Parse(config.server.trusted_proxies).value_or(TrustedProxies());
  front.client_ip = [proxies = std::move(proxies)](const HttpMessageRequest& request) {
    return ClientAddress(request.peer_ip, request.Header("X-Forwarded-For"), proxies);
  };
  front.on_login = [data_dir = config.server.data_dir] { ForgetCredentials(data_dir); };
  return front;
}

std::string ScrubbedFor(const ProjectDirectory& directory, ProjectId project, std::string text) {
  const auto snapshot = directory.Current();
  const ProjectEntry* entry = snapshot->FindProject(project);
  return ScrubbedText(std::move(text), entry != nullptr ? *entry : ProjectEntry{});
}

EventStageFactory EventStages(Random& random) {
  return [&random] { return MakeEventStage(random); };
}

Result<std::unique_ptr<HttpServer>> ListenForClients(const Config& config, HttpHandle handle,
                                                     Metrics& metrics) {
  HttpServerOptions options;
  options.io_threads = static_cast<int>(config.server.io_threads);
  options.connections_max = static_cast<std::uint32_t>(config.limits.connections_max);
  options.in_flight_bytes_max = static_cast<std::uint64_t>(config.limits.in_flight_bytes_max);
  options.refusal_headers = CorsHeaders();  // a browser SDK reads refusals only with them
  return ListenAt(config.server.listen, options, std::move(handle), metrics);
}

Result<AdminListener> ListenForAdmin(const Config& config, HttpHandle handle, Metrics& metrics) {
  HttpServerOptions options;
  options.connections_max = 64;
  options.body_bytes_max = 64 << 10;
  const bool automatic = config.server.admin_listen == "auto";
  AdminListener admin{nullptr, automatic ? kAdminListen : config.server.admin_listen};
  auto server = ListenAt(admin.listen, options, handle, metrics);
  if (!server && automatic) {
    admin.listen = kAdminAnywhere;
    server = ListenAt(admin.listen, options, handle, metrics);
  }
  if (!server) return Fail(server.error());
  admin.server = std::move(*server);
  return admin;
}

std::string UrlOf(const std::string& listen, std::uint16_t port) {
  const auto at = ParseHostPort(listen);
  std::string host = at ? at->host : listen;
  if (host == "0.0.0.0") host = "127.0.0.1";
  if (host == "::") host = "::1";
  if (host.find(':') != std::string::npos) host = "[" + host + "]";
  return fmt::format("http://{}:{}", host, port);
}

std::string HealthJson(const SpoolStats& spool, std::uint64_t damaged_ranges, bool writable,
                       const DigestStatus& digest, bool database_ready, bool draining) {
  std::string body;
  JsonWriter json(body);
  json.BeginObject()
      .Field("status", draining ? "draining" : (writable && database_ready ? "ok" : "degraded"))
      .Field("version", kVersion);
  json.Key("spool")
      .BeginObject()
      .Field("writable", writable)
      .Field("bytes", static_cast<std::int64_t>(spool.bytes))
      .Field("segments", static_cast<std::int64_t>(spool.segments))
      .Field("next_seq", static_cast<std::int64_t>(spool.next_seq))
      .Field("failed_groups", static_cast<std::int64_t>(spool.failed_groups))
      .Field("damaged_records", static_cast<std::int64_t>(spool.decayed_runs + damaged_ranges));
  json.Key("flush_p50_ms").Double(Milliseconds(spool.flush_p50));
  json.Key("flush_p99_ms").Double(Milliseconds(spool.flush_p99));
  json.EndObject();
  json.Key("digest")
      .BeginObject()
      .Field("position", static_cast<std::int64_t>(digest.position))
      .Field("backlog_records", static_cast<std::int64_t>(digest.backlog_records))
      .Key("lag_seconds")
      .Double(digest.lag_seconds)
      .Field("retries_in_a_row", static_cast<std::int64_t>(digest.retries_in_a_row))
      .EndObject();
  json.Key("database").BeginObject().Field("ready", database_ready).EndObject();
  json.EndObject();
  return body;
}

}  // namespace mishap
