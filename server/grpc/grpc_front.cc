#include "server/grpc/grpc_front.h"

#include <fmt/format.h>

#include "api/grpc/query_door.h"
#include "base/log.h"
#include "ingest/grpc/capture_door.h"
#include "net/grpc/grpc_routes.h"
#include "net/grpc/grpc_server.h"
#include "server/grpc/health_service.h"
#include "server/grpc/reflection_service.h"

namespace mishap {
namespace {

constexpr const char* kListen = "127.0.0.1:9002";
constexpr const char* kAnywhere = "127.0.0.1:0";

bool IsLoopback(const std::string& host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

class Front final : public GrpcFront {
 public:
  explicit Front(Ground& ground)
      : door_(ground.shared, ground.make_stage, std::move(ground.lookup)),
        query_(std::move(ground.query)),
        health_({{"", ground.ready_ingest},
                 {std::string(kIngestServiceName), ground.ready_ingest},
                 {std::string(kQueryServiceName), ground.ready_api}}),
        reflection_({std::string(kIngestServiceName), std::string(kQueryServiceName),
                     HealthService::kName}) {
    routes_.Add(std::string(kQueryServiceName),
                [this](const GrpcCallHead& head, const GrpcAddress& address) {
                  return query_.Open(head, address);
                });
    routes_.Add(std::string(kIngestServiceName),
                [this](const GrpcCallHead& head, const GrpcAddress& address) {
                  return door_.Open(head, address);
                });
    routes_.Add(HealthService::kName, [this](const GrpcCallHead& head, const GrpcAddress& address) {
      return health_.Open(head, address);
    });
    for (const char* name : {ReflectionService::kName, ReflectionService::kAlphaName}) {
      routes_.Add(name, [this](const GrpcCallHead& head, const GrpcAddress& address) {
        return reflection_.Open(head, address);
      });
    }
  }
  ~Front() override {
    Shutdown(std::chrono::milliseconds(0));
    StopDoor();
  }

  Status Listen(const GrpcConfig& config, Metrics& metrics) {
    const bool automatic = config.listen == "auto";
    Status listening = ListenAt(automatic ? kListen : config.listen, config, metrics);
    if (!listening && automatic) listening = ListenAt(kAnywhere, config, metrics);
    return listening;
  }

  std::string Address() const override { return address_; }
  void Tick() override { health_.Tell(); }
  void Shutdown(std::chrono::milliseconds grace) override {
    health_.Leave();
    if (server_) server_->Shutdown(grace);
  }
  void StopDoor() override { door_.Stop(); }

 private:
  Status ListenAt(const std::string& listen, const GrpcConfig& config, Metrics& metrics) {
    auto at = ParseHostPort(listen);
    if (!at) return Fail(at.error());
    GrpcServerOptions options;
    options.host = at->host;
    options.port = at->port;
    options.connections_max = static_cast<std::uint32_t>(config.connections_max);
    options.message_bytes_max = static_cast<std::uint32_t>(config.message_bytes_max);
    options.in_flight_bytes_max = static_cast<std::uint64_t>(config.in_flight_bytes_max);
    auto server = GrpcServer::Start(
        options,
        [this](const GrpcCallHead& head, const GrpcAddress& address) {
          return routes_.Open(head, address);
        },
        metrics);
    if (!server) return Fail(server.error());
    server_ = std::move(*server);
    const bool v6 = at->host.find(':') != std::string::npos;
    address_ = fmt::format(fmt::runtime(v6 ? "[{}]:{}" : "{}:{}"), at->host, server_->Port());
    if (!IsLoopback(at->host)) {
      Log(LogLevel::kWarning, "grpc_without_tls",
          {{"listen", address_}, {"advice", "put a TLS proxy in front (deploy/nginx-grpc.conf)"}});
    }
    return {};
  }

  CaptureDoor door_;
  QueryDoor query_;
  HealthService health_;
  ReflectionService reflection_;
  GrpcRoutes routes_;
  std::string address_;
  std::unique_ptr<GrpcServer> server_;
};

}  // namespace

Result<std::unique_ptr<GrpcFront>> GrpcFront::Start(Ground ground) {
  auto front = std::make_unique<Front>(ground);
  if (Status ok = front->Listen(ground.config, ground.metrics); !ok) return Fail(ok.error());
  return front;
}

}  // namespace mishap
