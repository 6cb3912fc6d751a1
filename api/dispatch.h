// One request from the route table to its answer: authentication, permission, resource, errors.
#pragma once

#include <string>

#include "api/api_front.h"
#include "api/router.h"
#include "base/clock.h"
#include "base/random.h"
#include "event/event_json.h"
#include "event/payload_codec.h"
#include "net/http.h"
#include "storage/read_caller.h"
#include "storage/reader_pool.h"

namespace mishap {

// Where tools look for the OpenAPI document; the same as kDescriptionRoute.
inline constexpr std::string_view kDescriptionPath = "/api/openapi.json";
inline constexpr std::string_view kDescriptionRoute = "/api/0/openapi.json";

class Dispatch {
 public:
  // The references must outlive this object.
  Dispatch(ApiFront front, ReaderPool& readers, const PayloadCodec& codec, const Clock& clock,
           Random& random);

  // Blocks on the database. Safe from several threads, with a reader each.
  HttpMessageResponse Answer(const HttpMessageRequest& request, EventReader& reader);

 private:
  HttpMessageResponse Run(const HttpMessageRequest& request, Router::Match match,
                          EventReader& reader);
  Result<Caller> CallerOf(Session& session, const HttpMessageRequest& request,
                          std::string_view permissions, Timestamp now) const;
  HttpMessageResponse Report(const Error& error, const HttpMessageRequest& request);

  ApiFront front_;
  ReaderPool& readers_;
  const PayloadCodec& codec_;
  const Clock& clock_;
  Random& random_;
  Router router_;
};

}  // namespace mishap
