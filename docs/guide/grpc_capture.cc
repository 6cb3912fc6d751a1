// Sends events to Mishap over gRPC from C++ (grpc++ and the code protoc makes of proto/mishap/v1):
// one call with a batch that waits for the issues, then a stream.
// usage: grpc_capture ADDRESS DSN [EVENTS]      e.g. grpc_capture 127.0.0.1:9002 http://KEY@host/1
// 1000
#include <grpcpp/grpcpp.h>

#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>

#include "mishap/v1/ingest_service.grpc.pb.h"

namespace v1 = mishap::v1;

namespace {

v1::Event AnEvent(const std::string& value) {
  v1::Event event;
  event.set_platform("native");
  event.set_level(v1::LEVEL_ERROR);
  event.set_release("guide@1.0");
  v1::Exception& exception = *event.add_exceptions();
  exception.set_type("GuideError");
  exception.set_value(value);
  v1::Frame& frame = *exception.mutable_stacktrace()->add_frames();
  frame.set_function("main");
  frame.set_filename("grpc_capture.cc");
  frame.set_in_app(true);
  (*event.mutable_extra_json())["attempt"] = "1";  // any JSON value, as text
  return event;
}

// Which project: the DSN travels as metadata of every call.
void Address(grpc::ClientContext& context, const std::string& dsn) {
  context.AddMetadata("sentry-dsn", dsn);
}

bool Report(const grpc::Status& status) {
  if (status.ok()) return true;
  std::cerr << "code " << status.error_code() << ": " << status.error_message() << "\n";
  return false;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "usage: grpc_capture ADDRESS DSN [EVENTS]\n";
    return 2;
  }
  const std::string dsn = argv[2];
  const int events = argc > 3 ? std::atoi(argv[3]) : 100;
  auto channel = grpc::CreateChannel(argv[1], grpc::InsecureChannelCredentials());
  auto mishap = v1::IngestService::NewStub(channel);

  v1::CaptureRequest batch;
  *batch.add_events() = AnEvent("from a batch");
  batch.set_wait_for_issues(true);  // for tests and CI: the answer names the issue
  v1::CaptureResponse response;
  {
    grpc::ClientContext context;
    Address(context, dsn);
    if (!Report(mishap->Capture(&context, batch, &response))) return 1;
  }
  std::cout << "issue " << response.results(0).issue_short_id() << "\n";

  grpc::ClientContext context;
  Address(context, dsn);
  v1::CaptureResponse end;
  auto stream = mishap->CaptureStream(&context, &end);
  for (int i = 0; i < events; ++i) {
    v1::CaptureStreamRequest request;
    *request.mutable_event() = AnEvent("number " + std::to_string(i));
    if (!stream->Write(request)) break;  // the call has ended; Finish says why
  }
  stream->WritesDone();
  if (!Report(stream->Finish())) return 1;
  int accepted = 0;
  for (const v1::EventResult& result : end.results()) {
    accepted += result.outcome() == v1::OUTCOME_ACCEPTED ? 1 : 0;
  }
  std::cout << "accepted " << accepted << " of " << events << "\n";
  return accepted == events ? 0 : 1;
}
