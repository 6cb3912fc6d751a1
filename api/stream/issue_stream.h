// IssueStream: tells pages which projects have changed issues (decisions 3.13), as Server-Sent
// Events with project ids only. Best effort: a gap is said, not filled. Bounded in clients, bytes,
// memory of what was and time. Who listens to the database: storage/issue_listener.h.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/ids.h"
#include "base/metrics.h"
#include "net/http.h"

namespace mishap {

class IssueStream {
 public:
  static constexpr std::size_t kClientsMax = 256;
  static constexpr std::size_t kClientsOfOneMax = 32;
  static constexpr std::size_t kRememberedMax = 10'000;       // projects and when they last changed
  static constexpr std::chrono::seconds kFlushEvery{1};       // changes of a second are one message
  static constexpr std::chrono::seconds kHeartbeatEvery{15};  // proxies keep the connection
  // Then the browser comes again, and is asked again who it is and what it may see.
  static constexpr std::chrono::minutes kLifetime{5};

  struct Wanted {
    std::string who;  // the caller: counted for kClientsOfOneMax
    std::vector<ProjectId> projects;
    std::string last_id;  // Last-Event-ID: the client has been here before; empty: it has not
    std::chrono::seconds lifetime = kLifetime;
  };

  // epoch: differs in every process; ids of messages begin with it.
  IssueStream(std::string epoch, Metrics& metrics);
  ~IssueStream();  // stops

  void Start();
  // Ends every stream at once; afterwards Open gives nothing. Idempotent.
  void Stop();

  // What an answer's `stream` does; nullopt: there are too many already, or it has stopped.
  std::optional<std::function<void(HttpWrite)>> Open(Wanted wanted);

  // Project ids with commas between, or "*": too many to name.
  void Publish(std::string_view projects);
  // Something may have been missed: clients look again.
  void PublishGap();

  // Sends what is due at `now`; the thread does that every kFlushEvery.
  void Flush(std::chrono::steady_clock::time_point now);

 private:
  struct Client {
    std::string who;
    std::set<std::int64_t> projects;
    std::chrono::seconds lifetime;
    HttpWrite write;
    // Set by the first Flush.
    std::optional<std::chrono::steady_clock::time_point> heartbeat = {};
    std::chrono::steady_clock::time_point end = {};
  };
  bool HasRoomFor(const std::string& who) const;
  void Add(const Wanted& wanted, HttpWrite write);
  std::string Greeting(const Wanted& wanted) const;
  std::string Message(std::string_view event, const std::set<std::int64_t>& projects) const;
  void Remember();
  bool Serve(Client& client, std::chrono::steady_clock::time_point now) const;
  void Loop();

  const std::string epoch_;
  Gauge& gauge_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::list<Client> clients_;
  std::set<std::int64_t> dirty_;  // changed since the last Flush
  bool gap_ = false;
  std::uint64_t number_ = 0;                                    // of the last Flush with news
  std::uint64_t floor_ = 0;                                     // not remembered: up to this one
  std::unordered_map<std::int64_t, std::uint64_t> changed_at_;  // project -> number
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace mishap
