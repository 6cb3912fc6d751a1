// QueryDispatch: one call of QueryService from its bytes to its answer: authentication, the
// contract's types, the method. The same way through the house as an HTTP request takes
// (api/dispatch.h): a call becomes an ApiCall, and from there on there is one way only.
#pragma once

#include "api/api_front.h"
#include "api/grpc/query_job.h"
#include "base/clock.h"
#include "base/random.h"
#include "event/event_json.h"
#include "event/payload_codec.h"
#include "storage/reader_pool.h"

namespace mishap {

class QueryDispatch {
 public:
  // The references must outlive this object.
  QueryDispatch(ApiFront front, ReaderPool& readers, const PayloadCodec& codec, const Clock& clock,
                Random& random);

  // Blocks on the database. Safe from several threads, with a reader each.
  QueryAnswer Answer(const QueryJob& job, EventReader& reader);

 private:
  ApiFront front_;
  ReaderPool& readers_;
  const PayloadCodec& codec_;
  const Clock& clock_;
  Random& random_;
};

}  // namespace mishap
