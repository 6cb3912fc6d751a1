#include "api/stream/issue_stream.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/json_writer.h"

namespace mishap {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

// Nothing for what is no number: such a note is nobody's.
std::vector<std::int64_t> ProjectsIn(std::string_view text) {
  std::vector<std::int64_t> out;
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    std::int64_t id = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + comma, id);
    if (error == std::errc() && end == text.data() + comma) out.push_back(id);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return out;
}

// The number in an id of this epoch.
std::optional<std::uint64_t> NumberIn(std::string_view id, std::string_view epoch) {
  if (!id.starts_with(epoch)) return std::nullopt;
  id.remove_prefix(epoch.size());
  if (!id.starts_with('-')) return std::nullopt;
  std::uint64_t number = 0;
  auto [end, error] = std::from_chars(id.data() + 1, id.data() + id.size(), number);
  if (error != std::errc() || end != id.data() + id.size()) return std::nullopt;
  return number;
}

}  // namespace

IssueStream::IssueStream(std::string epoch, Metrics& metrics)
    : epoch_(std::move(epoch)),
      gauge_(metrics.GetGauge("mishap_issue_streams", "Pages that listen for changed issues")) {}

IssueStream::~IssueStream() {
  Stop();
}

void IssueStream::Start() {
  thread_ = std::thread([this] { Loop(); });
}

void IssueStream::Stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    for (Client& client : clients_) client.write({});
    clients_.clear();
    gauge_.Set(0);
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

bool IssueStream::HasRoomFor(const std::string& who) const {
  const auto same = std::count_if(clients_.begin(), clients_.end(),
                                  [&](const Client& client) { return client.who == who; });
  return !stopping_ && clients_.size() < kClientsMax &&
         static_cast<std::size_t>(same) < kClientsOfOneMax;
}

std::optional<std::function<void(HttpWrite)>> IssueStream::Open(Wanted wanted) {
  std::lock_guard lock(mutex_);
  if (!HasRoomFor(wanted.who)) return std::nullopt;
  return [this, wanted = std::move(wanted)](HttpWrite write) { Add(wanted, std::move(write)); };
}

// The answer has begun, so the last word on the bounds is an end.
void IssueStream::Add(const Wanted& wanted, HttpWrite write) {
  std::lock_guard lock(mutex_);
  if (!HasRoomFor(wanted.who)) {
    write({});
    return;
  }
  if (!write(Greeting(wanted))) return;
  Client client{wanted.who, {}, wanted.lifetime, std::move(write)};
  for (auto project : wanted.projects) client.projects.insert(project.value);
  clients_.push_back(std::move(client));
  gauge_.Set(static_cast<std::int64_t>(clients_.size()));
}

// What a client that comes again has missed, or that this cannot be told; else where it stands.
std::string IssueStream::Greeting(const Wanted& wanted) const {
  if (wanted.last_id.empty()) return fmt::format("id: {}-{}\n\n", epoch_, number_);
  const auto seen = NumberIn(wanted.last_id, epoch_);
  if (!seen || *seen < floor_ || *seen > number_) return Message("gap", {});
  std::set<std::int64_t> missed;
  for (auto project : wanted.projects) {
    auto at = changed_at_.find(project.value);
    if (at != changed_at_.end() && at->second > *seen) missed.insert(project.value);
  }
  if (!missed.empty()) return Message("issues", missed);
  return fmt::format("id: {}-{}\n\n", epoch_, number_);
}

std::string IssueStream::Message(std::string_view event,
                                 const std::set<std::int64_t>& projects) const {
  std::string body;
  JsonWriter json(body);
  json.BeginObject();
  if (!projects.empty()) {
    json.Key("projects").BeginArray();
    for (auto project : projects) json.String(std::to_string(project));
    json.EndArray();
  }
  json.EndObject();
  return fmt::format("id: {}-{}\nevent: {}\ndata: {}\n\n", epoch_, number_, event, body);
}

void IssueStream::Publish(std::string_view projects) {
  if (projects == "*") return PublishGap();
  const auto changed = ProjectsIn(projects);
  std::lock_guard lock(mutex_);
  dirty_.insert(changed.begin(), changed.end());
  if (dirty_.size() <= kRememberedMax) return;
  dirty_.clear();
  gap_ = true;
}

void IssueStream::PublishGap() {
  std::lock_guard lock(mutex_);
  gap_ = true;
}

// Forgetting is allowed: who comes again from before it is told of a gap.
void IssueStream::Remember() {
  ++number_;
  for (auto project : dirty_) changed_at_[project] = number_;
  if (!gap_ && changed_at_.size() <= kRememberedMax) return;
  changed_at_.clear();
  floor_ = number_;
}

void IssueStream::Flush(SteadyTime now) {
  std::lock_guard lock(mutex_);
  if (gap_ || !dirty_.empty()) Remember();
  for (auto client = clients_.begin(); client != clients_.end();) {
    client = Serve(*client, now) ? std::next(client) : clients_.erase(client);
  }
  gauge_.Set(static_cast<std::int64_t>(clients_.size()));
  dirty_.clear();
  gap_ = false;
}

// False: the client has gone, or its time is over.
bool IssueStream::Serve(Client& client, SteadyTime now) const {
  if (!client.heartbeat) {
    client.heartbeat = now + kHeartbeatEvery;
    client.end = now + client.lifetime;
  }
  std::string out;
  if (gap_) {
    out = Message("gap", {});
  } else {
    std::set<std::int64_t> changed;
    std::set_intersection(dirty_.begin(), dirty_.end(), client.projects.begin(),
                          client.projects.end(), std::inserter(changed, changed.end()));
    if (!changed.empty()) out = Message("issues", changed);
  }
  if (out.empty() && *client.heartbeat <= now) out = ": still here\n\n";
  if (!out.empty()) {
    client.heartbeat = now + kHeartbeatEvery;
    if (!client.write(std::move(out))) return false;
  }
  if (client.end > now) return true;
  client.write({});
  return false;
}

void IssueStream::Loop() {
  std::unique_lock lock(mutex_);
  while (!changed_.wait_for(lock, kFlushEvery, [this] { return stopping_; })) {
    lock.unlock();
    Flush(std::chrono::steady_clock::now());
    lock.lock();
  }
}

}  // namespace mishap
