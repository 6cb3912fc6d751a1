// See wiring.h. Members stand in the order they are built; Shutdown goes the other way.
#include "server/wiring.h"

#include <thread>
#include <utility>

#include "api/api.h"
#include "api/probes.h"
#include "api/stream/issue_stream.h"
#include "base/log.h"
#include "digest/digest.h"
#include "event/payload_codec.h"
#include "fmt/format.h"
#include "grouping/grouping.h"
#include "ingest/door.h"
#include "jobs/directory_refresher.h"
#include "net/http_server.h"
#include "server/announce.h"
#include "server/background.h"
#include "server/bring_up.h"
#include "server/data_dir.h"
#include "server/dsn_of.h"
#include "server/grpc/grpc_front.h"
#include "server/grpc/issue_lookup.h"
#include "server/routes.h"
#include "server/spool_retry.h"
#include "server/wiring_options.h"
#include "storage/digest_writer.h"
#include "storage/issue_listener.h"
#include "storage/reader_pool.h"

namespace mishap {
namespace {

using std::chrono::milliseconds;

class House final : public Wiring {
 public:
  explicit House(Surroundings around) : around_(std::move(around)), config_(around_.config) {}
  ~House() override { Shutdown(milliseconds(0)); }

  Status BuildParts();
  void Tick() override;
  Status Health() const override;
  void Shutdown(milliseconds drain) override;

 private:
  Status OpenSpool();
  void BuildMiddle();
  Status BuildDoors();
  Status Listen();
  Status ListenForGrpc();
  Addresses AddressesOf() const;
  void ShutDownListeners(milliseconds drain);
  void BuildApi();
  void BuildBringUp();
  void OnDatabaseReady(const BroughtUp& up);
  void Answer(HttpMessageRequest request, HttpRespond respond);
  std::string HealthDetail() const;
  bool DatabaseAnswers() const { return serves_database_ && directory_->IsAuthoritative(); }
  std::string Instance() const { return ToHex(spool_->Identity()); }

  const Surroundings around_;
  const Config& config_;
  std::string url_;          // the bound address
  std::string public_url_;   // how clients reach us
  std::string public_path_;  // of that, "" or "/mishap"
  std::string admin_url_;
  std::atomic<bool> draining_{false};
  std::atomic<bool> serves_database_{false};  // migrated; the digest and the jobs run
  bool shut_down_ = false;

  Metrics metrics_;
  std::unique_ptr<Env> env_;
  std::unique_ptr<ArtifactFiles> artifacts_;
  std::unique_ptr<Spool> spool_;
  std::unique_ptr<BlobFiles> blobs_;
  PayloadCodec codec_;
  std::unique_ptr<Session> directory_session_;
  std::unique_ptr<DirectoryRefresher> directory_;
  std::unique_ptr<DigestWriter> writer_;
  std::unique_ptr<Digest> digest_;
  std::unique_ptr<Background> background_;
  std::unique_ptr<OutcomeLog> outcomes_;
  std::unique_ptr<IngestDoor> door_;
  std::unique_ptr<Session> lookup_session_;
  std::unique_ptr<GrpcFront> grpc_;  // none: off
  ProbeSources probes_;
  std::unique_ptr<HttpServer> server_;
  std::unique_ptr<HttpServer> admin_;
  std::unique_ptr<ReaderPool> readers_;
  std::unique_ptr<IssueStream> issue_stream_;
  std::unique_ptr<IssueListener> issue_listener_;
  std::unique_ptr<Api> api_;
  std::atomic<Api*> open_api_{
      nullptr};  // the listener is there first: its port is in the API's URLs
  std::unique_ptr<BringUp> bring_up_;
};

Status House::BuildParts() {
  if (auto ok = OpenSpool(); !ok) return ok;
  BuildMiddle();
  if (auto ok = BuildDoors(); !ok) return ok;
  if (auto ok = Listen(); !ok) return ok;
  if (auto ok = ListenForGrpc(); !ok) return ok;
  BuildApi();
  BuildBringUp();
  return {};
}

Status House::OpenSpool() {
  env_ = MakePosixEnv();
  auto spool =
      Spool::Open(*env_, config_.server.data_dir + "/spool", config_.spool, around_.random);
  if (!spool) return Fail(spool.error());
  spool_ = std::move(*spool);
  blobs_ =
      std::make_unique<BlobFiles>(*env_, config_.server.data_dir + "/attachments", around_.random);
  return {};
}

void House::BuildMiddle() {
  directory_session_ = std::make_unique<Session>(DirectoryConnection(around_.conninfo));
  directory_ =
      std::make_unique<DirectoryRefresher>(config_.server.data_dir + "/directory.json",
                                           MakeDirectoryLoader(*directory_session_, Instance()));
  DigestWriterOptions writer_options;
  writer_options.retention_days = static_cast<int>(config_.retention.days);
  writer_options.issues = {config_.digest.new_issues_burst, config_.digest.new_issues_per_minute};
  writer_ = DigestWriter::Make(around_.conninfo, metrics_, writer_options);
  DigestOptions options;
  options.workers = static_cast<std::size_t>(config_.digest.workers);
  options.open_range_path = config_.server.data_dir + "/digest-open-range";
  options.unconfirmed_end_path = config_.server.data_dir + "/digest-unconfirmed-end";
  digest_ = std::make_unique<Digest>(
      DigestGround{*spool_, *writer_, metrics_, around_.clock, around_.random},
      [this] {
        return MakeRecordPreparer(codec_, {*directory_, FindGrouping}, *writer_);
      },
      options);
  background_ =
      std::make_unique<Background>(around_.conninfo, Instance() + "-" + around_.random.Hex(4),
                                   config_.retention, codec_, *blobs_, around_.clock, metrics_);
}

Status House::BuildDoors() {
  auto options = IngestOptionsOf(config_);
  if (!options) return Fail(options.error());
  outcomes_ = std::make_unique<OutcomeLog>(*spool_, around_.clock, options->limits);
  outcomes_->StartThread();
  door_ =
      std::make_unique<IngestDoor>(IngestPorts{*spool_, *directory_, codec_, *outcomes_,
                                               around_.clock, around_.random, metrics_, *blobs_},
                                   EventStages(around_.random), std::move(*options));
  probes_.ready_ingest = [this] { return !draining_ && spool_->IsWritable(); };
  probes_.ready_api = [this] { return !draining_ && DatabaseAnswers(); };
  probes_.health = [this] { return HealthDetail(); };
  return {};
}

Status House::Listen() {
  public_path_ = PublicPathOf(config_.server.public_url);  // before the first request
  auto server = ListenForClients(
      config_,
      [this](HttpMessageRequest r, HttpRespond respond) {
        Answer(std::move(r), std::move(respond));
      },
      metrics_);
  if (!server) return Fail(server.error());
  server_ = std::move(*server);
  url_ = UrlOf(config_.server.listen, server_->Port());
  public_url_ = config_.server.public_url.empty() ? url_ : config_.server.public_url;
  if (auto kept = RememberUrl(config_.server.data_dir, public_url_); !kept) {
    Log(LogLevel::kWarning, "public_url_not_kept", {{"error", kept.error().detail}});
  }
  auto admin = ListenForAdmin(
      config_,
      [this](HttpMessageRequest request, HttpRespond respond) {
        respond(IsProbe(request.path) ? AnswerProbe(request, probes_)
                                      : AnswerMetrics(request, metrics_));
      },
      metrics_);
  if (!admin) return Fail(admin.error());
  admin_ = std::move(admin->server);
  admin_url_ = UrlOf(admin->listen, admin_->Port());
  Log(LogLevel::kInfo, "listening", {{"url", url_}, {"admin", admin_url_}});
  return {};
}

Status House::ListenForGrpc() {
  if (config_.grpc.listen == "off") return {};
  lookup_session_ = std::make_unique<Session>(ApiConnection(around_.conninfo));
  auto front = GrpcFront::Start({config_.grpc, door_->Shared(), EventStages(around_.random),
                                 LookUpIssues(*lookup_session_),
                                 [this](QueryJob& job) {
                                   Api* api = open_api_;
                                   return api != nullptr && api->Take(job);
                                 },
                                 probes_.ready_ingest, probes_.ready_api, metrics_});
  if (!front) return Fail(front.error());
  grpc_ = std::move(*front);
  Log(LogLevel::kInfo, "listening", {{"grpc", grpc_->Address()}});
  return {};
}

Addresses House::AddressesOf() const {
  return {url_, grpc_ ? grpc_->Address() : "", admin_url_, public_url_};
}

void House::BuildApi() {
  readers_ = std::make_unique<ReaderPool>(ApiConnection(around_.conninfo));
  ApiOptions options;
  options.front = ApiFrontOf(config_, public_url_);
  options.front.scrub = [this](ProjectId project, std::string text) {
    return ScrubbedFor(*directory_, project, std::move(text));
  };
  options.front.blobs.read = [this](std::string_view blob) { return blobs_->Read(blob); };
  options.front.blobs.remove = [this](std::string_view blob) { blobs_->Remove(blob); };
  artifacts_ = std::make_unique<ArtifactFiles>(*env_, config_.server.data_dir + "/artifacts",
                                               around_.random);
  options.front.artifacts = ArtifactPortOf(*artifacts_);
  options.front.health = [this] { return HealthDetail(); };
  options.front.refusals = [this](ProjectId project) {
    return door_->Shared().refusals.Of(project);
  };
  issue_stream_ = std::make_unique<IssueStream>(around_.random.Hex(4), metrics_);
  issue_stream_->Start();
  issue_listener_ = std::make_unique<IssueListener>(
      around_.conninfo, [this](std::string_view projects) { issue_stream_->Publish(projects); },
      [this] { issue_stream_->PublishGap(); });
  options.front.issue_stream = issue_stream_.get();
  api_ = std::make_unique<Api>(std::move(options), *readers_, codec_, around_.clock, around_.random,
                               metrics_);
  open_api_ = api_.get();
}

void House::BuildBringUp() {
  BringUp::Plan plan;
  plan.conninfo = around_.conninfo;
  plan.data_dir = config_.server.data_dir;
  plan.instance = Instance();
  plan.mints_token = !around_.ready_file.empty();
  bring_up_ = std::make_unique<BringUp>(std::move(plan), around_.random,
                                        [this](const BroughtUp& up) { OnDatabaseReady(up); });
  directory_->Start();
  bring_up_->Start();
}

// On the bring-up's thread.
void House::OnDatabaseReady(const BroughtUp& up) {
  digest_->Start();
  background_->Start();
  issue_listener_->Start();
  if (auto fresh = directory_->Refresh(); !fresh) {
    Log(LogLevel::kWarning, "directory_stale", {{"error", fresh.error().detail}});
  }
  serves_database_ = true;
  if (!around_.ready_file.empty()) {
    const std::string dsn = DsnOf(public_url_, up.project.public_key, up.project.project_id);
    auto written =
        WriteReadyFile(around_.ready_file, AddressesOf(), dsn, up.process_token, up.project);
    if (!written) Log(LogLevel::kError, "ready_file", {{"error", written.error().detail}});
  }
  NotifySystemd("READY=1");
  PrintWelcome(AddressesOf(), up.project, up.credentials, config_.server.data_dir);
}

// On an io thread: everything it calls hands long work on.
void House::Answer(HttpMessageRequest request, HttpRespond respond) {
  StripPublicPath(public_path_, request);
  if (Api::Owns(request.path)) {
    Api* api = open_api_;
    if (api == nullptr) return respond(AnswerNotYet());
    return api->Handle(std::move(request), std::move(respond));
  }
  if (door_->Owns(request.path)) return door_->Handle(std::move(request), std::move(respond));
  respond(IsProbe(request.path) ? AnswerProbe(request, probes_) : AnswerNobody(request));
}

std::string House::HealthDetail() const {
  return HealthJson(spool_->Stats(), spool_->Recovery().damaged_ranges, spool_->IsWritable(),
                    digest_->Status(), DatabaseAnswers(), draining_);
}

void House::Tick() {
  if (grpc_) grpc_->Tick();
  AppendRetries(*spool_, config_.server.data_dir);
}

Status House::Health() const {
  auto fatal = bring_up_->Fatal();
  return fatal ? Status(Fail(*fatal)) : Status();
}

// Side by side: a slow client of one takes no time from the other's.
void House::ShutDownListeners(milliseconds drain) {
  std::thread grpc([this, drain] {
    if (grpc_) grpc_->Shutdown(drain);
  });
  if (issue_stream_) issue_stream_->Stop();  // streams would be drained for ever
  if (server_) server_->Shutdown(drain);
  if (issue_listener_) issue_listener_->Stop();
  grpc.join();
}

void House::Shutdown(milliseconds drain) {
  if (std::exchange(shut_down_, true)) return;
  draining_ = true;
  if (bring_up_) bring_up_->Stop();
  ShutDownListeners(drain);
  if (api_) api_->Shutdown();
  if (grpc_) grpc_->StopDoor();
  if (door_) door_->Stop();
  outcomes_.reset();  // flushes what was refused
  if (serves_database_ && directory_->IsAuthoritative()) {
    const bool stored = digest_->Drain(drain);
    Log(LogLevel::kInfo, "drained", {{"all_stored", stored}});
  }
  if (digest_) digest_->Stop();
  if (background_) background_->Stop();
  if (directory_) directory_->Stop();
  if (bring_up_ && serves_database_) bring_up_->RevokeToken();
  if (admin_) admin_->Shutdown(milliseconds(0));
  if (spool_) spool_->Close();
}

}  // namespace

Result<std::unique_ptr<Wiring>> Wiring::Build(const Surroundings& around) {
  auto house = std::make_unique<House>(around);
  if (auto ok = house->BuildParts(); !ok) return Fail(ok.error());
  return std::unique_ptr<Wiring>(std::move(house));
}

}  // namespace mishap
