// Every bound of the way in, with its name and default, in one table; docs/limits.md tells what
// happens over each. The bounds of the carrier (headers, bodies, timeouts) are HttpServerOptions;
// those of an event's fields stand where it is normalised.
#pragma once

#include <cstddef>
#include <cstdint>

namespace mishap {

struct IngestLimits {
  // Inflating.
  std::size_t envelope_bytes_max = 200u << 20;  // after decompression, each layer
  // The same of a packed envelope that names its key only inside: until then nobody pays for it.
  std::size_t keyless_envelope_bytes_max = 20u << 20;
  std::size_t inflated_in_flight_bytes_max = 512u << 20;  // of all workers; then 503
  std::size_t ratio_guard_bytes = 10u << 20;  // output above which the ratio is looked at
  std::size_t ratio_max = 1000;               // output / input: brotli, zstd
  std::size_t deflate_ratio_max = 1100;       // deflate cannot reach more than 1032
  int zstd_window_log_max = 23;               // 8 MiB
  std::size_t brotli_window_bytes_max = 8u << 20;
  std::size_t xz_memory_bytes_max = 16u << 20;  // of a packed minidump: xz -6 needs 9 MiB
  int encoding_layers_max = 2;                  // "Content-Encoding: gzip, br"
  // Of a key: less than half of one core's time, whatever is sent.
  std::int64_t inflated_bytes_per_minute_max = std::int64_t{16} << 30;

  // Envelopes.
  std::size_t header_line_bytes_max = 64u << 10;
  std::size_t items_max = 1000;

  // Items.
  std::size_t event_bytes_max = 2u << 20;          // trimmed softly above 1 MiB, refused above this
  std::size_t store_body_bytes_max = 4u << 20;     // after decompression: base64 of an event
  std::size_t report_body_bytes_max = 1u << 20;    // of browsers: CSP, NEL ...; after decompression
  std::size_t form_parts_max = 100;                // of a multipart/form-data body
  std::size_t dump_modules_max = 2000;             // of a minidump, looked at
  std::size_t reports_max = 100;                   // of one such body
  std::size_t attachment_bytes_max = 100u << 20;   // each
  std::size_t attachments_bytes_max = 200u << 20;  // of one envelope
  std::size_t attachments_max = 30;
  std::size_t client_report_bytes_max = 100u << 10;
  std::size_t client_reports_max = 100;
  std::size_t client_report_reasons_max = 100;  // different (reason, category) pairs of one report
  std::size_t client_report_reason_bytes_max = 200;
  std::size_t sessions_max = 100;              // items of an envelope
  std::size_t session_buckets_max = 100;       // of one item
  std::size_t sessions_bytes_max = 10u << 20;  // of one item
  std::int64_t session_age_s_max = 5 * 86'400;
  std::size_t feedback_bytes_max = 4096;  // of what was written
  std::size_t check_in_bytes_max = 100u << 10;

  // Answers.
  std::int64_t retry_after_s_max = 3600;      // of a 429
  std::int64_t overload_retry_s_max = 5;      // of a 503: 1 to this, at random
  std::size_t error_detail_bytes_max = 1000;  // SDKs read little of an error body

  // gRPC (those of its carrier: GrpcServerOptions).
  std::size_t capture_events_max = 1000;              // of one call of Capture
  std::size_t capture_stream_events_max = 50'000;     // of one call of CaptureStream
  std::size_t capture_message_bytes_max = 16u << 20;  // after decompression
  std::size_t capture_waits_max = 100;                // batches that wait for the digest
  std::int64_t capture_wait_s_max = 30;               // then answered without short ids

  // Counting.
  std::size_t pending_outcomes_max = 10'000;  // different counts between two flushes
  std::int64_t outcome_flush_s = 5;
};

}  // namespace mishap
