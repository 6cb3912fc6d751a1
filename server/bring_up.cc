// See bring_up.h.
#include "server/bring_up.h"

#include <algorithm>

#include "base/log.h"
#include "event/payload_codec.h"
#include "storage/connection.h"
#include "storage/dictionary_store.h"
#include "storage/migrate.h"
#include "storage/partitions.h"

namespace mishap {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kPauseMin{200};
constexpr milliseconds kPauseMax{5000};

Session Connected(const std::string& conninfo) {
  ConnectionSettings settings;
  settings.conninfo = conninfo;
  settings.application_name = "mishap bring-up";
  return Session(std::move(settings));
}

}  // namespace

BringUp::BringUp(Plan plan, Random& random, std::function<void(const BroughtUp&)> on_done)
    : plan_(std::move(plan)), random_(random), on_done_(std::move(on_done)) {}

BringUp::~BringUp() {
  Stop();
}

void BringUp::Start() {
  thread_ = std::thread([this] { Run(); });
}

void BringUp::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

std::optional<Error> BringUp::Fatal() const {
  const std::lock_guard lock(mutex_);
  return fatal_;
}

bool BringUp::IsDone() const {
  const std::lock_guard lock(mutex_);
  return done_;
}

bool BringUp::Wait(milliseconds time) {
  std::unique_lock lock(mutex_);
  return !changed_.wait_for(lock, time, [this] { return stopping_; });
}

void BringUp::Run() {
  milliseconds pause = kPauseMin;
  while (Wait(milliseconds(0))) {
    auto done = Try();
    if (done) return;
    const Error& error = done.error();
    if (Fatal()) return;
    Log(LogLevel::kWarning, "database_waiting", {{"error", error.detail}});
    if (!Wait(pause)) return;
    pause = std::min(pause * 2, kPauseMax);
  }
}

Status BringUp::Try() {
  auto migrated = Migrate(plan_.conninfo);
  if (!migrated) {
    const Reason reason = migrated.error().reason;
    if (reason == Reason::kConflict || reason == Reason::kInvalidArgument) {
      const std::lock_guard lock(mutex_);
      fatal_ = migrated.error();
    }
    return Fail(migrated.error());
  }
  if (migrated->applied_now > 0) {
    Log(LogLevel::kInfo, "database_migrated", {{"migrations", migrated->applied_now}});
  }
  auto up = Prepare();
  if (!up) return Fail(up.error());
  on_done_(*up);
  const std::lock_guard lock(mutex_);
  done_ = true;
  return {};
}

Result<BroughtUp> BringUp::Prepare() {
  Session session = Connected(plan_.conninfo);
  auto dictionary = AddDictionary(session, StarterDictionaryId(), StarterDictionary());
  if (!dictionary) return Fail(dictionary.error());
  auto partitions = EnsurePartitions(session);
  if (!partitions) return Fail(partitions.error());
  BroughtUp up;
  auto project = EnsureFirstProject(session, random_);
  if (!project) return Fail(project.error());
  up.project = *project;
  auto credentials = EnsureOwner(session, random_, *project, plan_.data_dir);
  if (!credentials) return Fail(credentials.error());
  up.credentials = *credentials;
  if (plan_.mints_token) {
    auto token = MintProcessToken(session, random_, *project, plan_.instance);
    if (!token) return Fail(token.error());
    up.process_token = *token;
    const std::lock_guard lock(mutex_);
    minted_for_ = *project;
  }
  return up;
}

void BringUp::RevokeToken() {
  std::optional<FirstProject> project;
  {
    const std::lock_guard lock(mutex_);
    project.swap(minted_for_);
  }
  if (!project) return;
  Session session = Connected(plan_.conninfo);
  auto done = RevokeProcessTokens(session, *project, plan_.instance);
  if (!done) Log(LogLevel::kWarning, "process_token_left", {{"error", done.error().detail}});
}

}  // namespace mishap
