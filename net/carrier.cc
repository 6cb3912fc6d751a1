#include "net/carrier.h"

#include <fmt/format.h>

#include <utility>

namespace mishap {

void Mailbox::Put(Letter letter) {
  std::lock_guard lock(mutex_);
  if (!wake_) return;
  letters_.push_back(std::move(letter));
  if (letters_.size() == 1) wake_();  // one wake-up for a whole group of answers
}

std::vector<Mailbox::Letter> Mailbox::TakeAll() {
  std::lock_guard lock(mutex_);
  return std::exchange(letters_, {});
}

void Mailbox::Close() {
  std::lock_guard lock(mutex_);
  wake_ = nullptr;
  letters_.clear();
}

Reply::~Reply() {
  if (answered_.test()) return;
  HttpMessageResponse response;
  response.status = 500;
  response.headers.emplace_back("Content-Type", "application/json");
  response.body = R"({"detail":"internal error"})";
  Answer(std::move(response));
}

void Reply::Answer(HttpMessageResponse response) {
  if (answered_.test_and_set()) return;
  mailbox_->Put({connection_, request_, std::move(response)});
}

bool StreamWriter::Write(std::string piece) {
  if (gone_) return false;
  HttpMessageResponse letter;
  letter.body = std::move(piece);
  mailbox_->Put({connection_, request_, std::move(letter)});
  return true;
}

Carrier::Carrier(const HttpServerOptions& o, HttpHandle h, Metrics& metrics)
    : options(o),
      handle(std::move(h)),
      budget(o.in_flight_bytes_max),
      connections(metrics.GetGauge("mishap_http_connections", "Open HTTP connections")),
      in_flight(metrics.GetGauge("mishap_http_in_flight_bytes", "Request bodies in memory")),
      refused(metrics.GetCounter("mishap_http_connections_refused_total",
                                 "Connections closed at once because there were too many")),
      timeouts(metrics.GetCounter("mishap_http_timeouts_total",
                                  "Connections closed because the client was too slow")) {
  for (int status_class = 1; status_class <= 5; ++status_class) {
    requests[static_cast<std::size_t>(status_class)] =
        &metrics.GetCounter("mishap_http_requests_total", "HTTP requests answered",
                            fmt::format("class=\"{}xx\"", status_class));
  }
}

bool Carrier::Opened() {
  {
    std::lock_guard lock(mutex);
    if (open >= options.connections_max) return false;
    ++open;
  }
  connections.Add(1);
  return true;
}

void Carrier::Closed() {
  connections.Add(-1);
  std::lock_guard lock(mutex);
  --open;
  changed.notify_all();
}

bool Carrier::WaitUntilNoneOpen(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex);
  return changed.wait_for(lock, time, [this] { return open == 0; });
}

}  // namespace mishap
