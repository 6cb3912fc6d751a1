#include "net/grpc/grpc_routes.h"

namespace mishap {
namespace {

constexpr int kUnimplemented = 12;

}  // namespace

void GrpcRoutes::Add(std::string service, GrpcOpen open) {
  services_.emplace_back(std::move(service), std::move(open));
}

GrpcOpening GrpcRoutes::Open(const GrpcCallHead& head, const GrpcAddress& address) const {
  std::string_view path = head.path;
  if (path.starts_with('/')) path.remove_prefix(1);
  const std::string_view name = path.substr(0, path.find('/'));
  for (const auto& [service, open] : services_) {
    if (service == name) return open(head, address);
  }
  return tl::unexpected(GrpcStatus{
      kUnimplemented, "this server has no service " + std::string(name.substr(0, 100)), {}});
}

std::vector<std::string> GrpcRoutes::Services() const {
  std::vector<std::string> names;
  names.reserve(services_.size());
  for (const auto& [service, open] : services_) names.push_back(service);
  return names;
}

}  // namespace mishap
