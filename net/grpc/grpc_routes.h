// GrpcRoutes: which service opens which call. Filled before the server starts, read only from then
// on.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/grpc/grpc.h"

namespace mishap {

class GrpcRoutes {
 public:
  // service: its full name, "mishap.v1.IngestService".
  void Add(std::string service, GrpcOpen open);
  // UNIMPLEMENTED for services nobody added.
  GrpcOpening Open(const GrpcCallHead& head, const GrpcAddress& address) const;
  std::vector<std::string> Services() const;

 private:
  std::vector<std::pair<std::string, GrpcOpen>> services_;
};

}  // namespace mishap
