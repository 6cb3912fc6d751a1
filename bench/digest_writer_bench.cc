// digest_writer_bench CONNINFO [EVENTS] [BATCH] [TAGS] [USERS]: CPU per event of the digest
// transaction, of PostgreSQL's backend (read from /proc, so that a busy machine does not matter)
// and of this process. 100 issues, 100 users, 5 tags, 1.6 KB of random payload (decisions 5.2:
// never zeroes). Prints one line a tenth, so that a slope shows. The database must be migrated.
#include <fmt/format.h>
#include <unistd.h>
#include <ctime>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <random>
#include <sstream>

#include "storage/digest_writer.h"
#include "storage/migrate.h"

namespace mishap {
namespace {

constexpr std::size_t kPayloadBytes = 1600;
std::mt19937_64 g_random(1);  // one thread, one run: reproducible

template <class Id>
Id RandomId() {
  Id id;
  for (auto& byte : id.bytes) byte = static_cast<std::uint8_t>(g_random());
  return id;
}

struct Load {
  std::size_t events = 100'000;
  std::size_t batch = 1'000;
  std::size_t tags = 5;     // of 2 to 4 values each
  std::size_t users = 100;  // 0: events without a user
};

DigestEvent MakeEvent(const Load& load, const std::vector<Hash128>& hashes, Timestamp at) {
  const std::uint64_t n = g_random() % hashes.size();
  DigestEvent event;
  event.project = ProjectId{1};
  event.event_id = RandomId<EventId>();
  event.key = KeyId{1};
  event.received_at = event.occurred_at = at;
  event.deciding = hashes[n];
  event.message_hash = hashes[(n + 1) % hashes.size()];
  event.path_hash = hashes[(n + 2) % hashes.size()];
  event.type = "error";
  event.platform = "python";
  event.title = "ValueError: could not convert value in step " + std::to_string(n);
  event.culprit = "shop.checkout in pay";
  event.metadata_json =
      R"({"type":"ValueError","value":"could not convert value","function":"pay"})";
  event.search_text = "valueerror could not convert value shop.checkout pay total charge";
  event.environment = n % 3 == 0 ? "staging" : "production";
  event.release = "shop@1." + std::to_string(g_random() % 3);
  for (std::size_t i = 0; i < load.tags; ++i) {
    event.tags.emplace_back("tag" + std::to_string(i),
                            "value " + std::to_string(g_random() % (2 + i % 3)));
  }
  event.tag_rolled_up.assign(event.tags.size(), true);
  if (load.users > 0) event.user_hash = (g_random() % load.users + 1) * 0x9e3779b97f4a7c15ULL;
  event.payload.resize(kPayloadBytes);
  for (std::size_t i = 0; i < kPayloadBytes; i += 8) {
    const std::uint64_t word = g_random();
    std::memcpy(event.payload.data() + i, &word, 8);
  }
  event.json_bytes = 7500;
  return event;
}

// User and system time of a process, in seconds.
double CpuSeconds(int pid) {
  std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
  std::string text((std::istreambuf_iterator<char>(stat)), std::istreambuf_iterator<char>());
  std::istringstream fields(text.substr(text.rfind(')') + 2));
  std::string skip;
  for (int i = 0; i < 11; ++i) fields >> skip;
  double user = 0, system = 0;
  fields >> user >> system;
  return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

double ThreadCpuSeconds() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

// The digest's backend in this database.
int FindBackend(const std::string& conninfo) {
  const std::string ask =
      "psql '" + conninfo +
      "' -Atc \"select max(pid) from pg_stat_activity where application_name = 'mishap digest' "
      "and datname = current_database()\"";
  FILE* pipe = popen(ask.c_str(), "r");
  int pid = 0;
  if (pipe == nullptr || fscanf(pipe, "%d", &pid) != 1) pid = 0;
  if (pipe != nullptr) pclose(pipe);
  return pid;
}

int Run(const std::string& conninfo, const Load& load) {
  if (auto report = Migrate(conninfo); !report) {
    fmt::print(stderr, "{}\n", report.error().detail);
    return 1;
  }
  Metrics metrics;
  auto writer = DigestWriter::Make(conninfo, metrics);
  const SpoolId spool = RandomId<SpoolId>();
  std::random_device seed;
  g_random.seed(seed());
  std::uint64_t seq = writer->Position(spool, 0).value();
  std::vector<Hash128> hashes(100);
  for (auto& hash : hashes) hash = RandomId<Hash128>();
  const int backend = FindBackend(conninfo);
  if (backend == 0) {
    fmt::print(stderr, "the digest's backend was not found; is psql installed?\n");
    return 1;
  }
  const Timestamp start = SystemClock().Now();
  const std::size_t step = std::max<std::size_t>(load.batch, load.events / 10);
  fmt::print("{:>9} {:>14} {:>14}\n", "events", "postgres us", "client us");
  for (std::size_t done = 0; done < load.events;) {
    double client = 0;
    const double before = CpuSeconds(backend);
    for (std::size_t n = 0; n < step; n += load.batch) {
      DigestBatch batch;
      batch.spool = spool;
      batch.expected_seq = seq;
      batch.next_seq = seq + load.batch;
      for (std::size_t i = 0; i < load.batch; ++i) {
        batch.events.push_back(
            MakeEvent(load, hashes, {start.micros + static_cast<std::int64_t>(seq + i) * 250}));
        batch.events.back().seq = seq + i;
      }
      const double mine = ThreadCpuSeconds();
      auto commit = writer->Commit(batch);
      client += ThreadCpuSeconds() - mine;
      if (!commit) {
        fmt::print(stderr, "{} {}\n", commit.error().sqlstate, commit.error().detail);
        return 1;
      }
      seq = batch.next_seq;
      done += load.batch;
    }
    const auto n = static_cast<double>(step);
    fmt::print("{:>9} {:>14.1f} {:>14.1f}\n", done, 1e6 * (CpuSeconds(backend) - before) / n,
               1e6 * client / n);
    std::fflush(stdout);
  }
  return 0;
}

}  // namespace
}  // namespace mishap

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: digest_writer_bench CONNINFO [EVENTS] [BATCH]\n");
    return 2;
  }
  mishap::Load load;
  std::size_t* const wanted[] = {&load.events, &load.batch, &load.tags, &load.users};
  for (int i = 2; i < argc && i < 6; ++i) *wanted[i - 2] = std::strtoul(argv[i], nullptr, 10);
  return mishap::Run(argv[1], load);
}
