#include "storage/directory_store.h"

#include <algorithm>

#include "storage/pqxx_session.h"

namespace mishap {
namespace {

GroupingSetup SetupAt(const pqxx::row& row, pqxx::row::size_type at) {
  GroupingSetup setup;
  if (row[at].is_null()) return setup;  // version 0
  setup.version = row[at].as<std::int32_t>();
  setup.algorithm = row[at + 1].c_str();
  setup.stack_trace_rules = row[at + 2].c_str();
  setup.fingerprint_rules = row[at + 3].c_str();
  setup.options = row[at + 4].c_str();
  return setup;
}

ProjectEntry EntryOf(const pqxx::row& row) {
  ProjectEntry entry;
  entry.id = ProjectId{row[0].as<std::int64_t>()};
  entry.organization = OrganizationId{row[1].as<std::int64_t>()};
  entry.slug = row[2].c_str();
  entry.active = row[3].as<bool>();
  entry.allowed_origins = TextArrayOf(row[4]);
  entry.scrub_data = row[5].as<bool>();
  entry.scrub_ip_addresses = row[6].as<bool>();
  entry.sensitive_fields = TextArrayOf(row[7]);
  entry.safe_fields = TextArrayOf(row[8]);
  entry.filters = TextArrayOf(row[9]);
  entry.filtered_releases = TextArrayOf(row[10]);
  entry.filtered_messages = TextArrayOf(row[11]);
  entry.filtered_addresses = TextArrayOf(row[12]);
  entry.quotas = ParseQuotas(row[25].c_str(), "project_quota");
  entry.spike_protection = row[26].as<bool>();
  entry.grouping.current = SetupAt(row, 13);
  if (entry.grouping.current.version == 0) return entry;
  entry.grouping.transition_until = TimestampOf(row[18]);
  if (row[19].as<bool>()) entry.grouping.previous = SetupAt(row, 20);
  return entry;
}

OrganizationEntry OrganizationOf(const pqxx::row& row) {
  OrganizationEntry entry;
  entry.id = OrganizationId{row[0].as<std::int64_t>()};
  entry.quotas = ParseQuotas(row[1].c_str(), "organization_quota");
  entry.spike_protection = row[2].as<bool>();
  return entry;
}

void AddSpike(const pqxx::row& row, DirectorySnapshot& snapshot) {
  auto project = snapshot.projects.find(ProjectId{row[0].as<std::int64_t>()});
  auto category = CategoryNamed(row[1].c_str());
  if (project == snapshot.projects.end() || !category) return;
  project->second.spike_thresholds.push_back({*category, row[2].as<std::int64_t>()});
}

KeyEntry KeyEntryOf(const pqxx::row& row) {
  KeyEntry entry;
  entry.id = KeyId{row[0].as<std::int64_t>()};
  entry.project = ProjectId{row[1].as<std::int64_t>()};
  entry.public_key = row[2].c_str();
  entry.active = row[3].as<bool>();
  entry.rate_limit_count = row[4].as<std::int64_t>();
  entry.rate_limit_window_s = row[5].as<std::int64_t>();
  return entry;
}

}  // namespace

Result<std::int64_t> DirectoryVersion(Session& session) {
  return Read(session,
              [](Work& work) { return work.Run("directory_version")[0][0].as<std::int64_t>(); });
}

Status BeatServer(Session& session, const std::string& instance) {
  return Transact(session,
                  [&](Work& work) { work.Run("server_heartbeat", instance, kServerGoneSeconds); });
}

Result<DirectorySnapshot> LoadDirectory(Session& session) {
  return Read(session, [](Work& work) {
    // The version is read first: what a later statement sees beyond it is loaded again with the
    // next version.
    DirectorySnapshot snapshot;
    snapshot.version = work.Run("directory_version")[0][0].as<std::int64_t>();
    for (const pqxx::row& row : work.Run("directory_projects")) {
      ProjectEntry entry = EntryOf(row);
      const ProjectId id = entry.id;
      snapshot.projects.emplace(id, std::move(entry));
    }
    for (const pqxx::row& row : work.Run("directory_keys")) {
      KeyEntry entry = KeyEntryOf(row);
      std::string public_key = entry.public_key;
      snapshot.keys.emplace(std::move(public_key), std::move(entry));
    }
    for (const pqxx::row& row : work.Run("directory_organizations")) {
      OrganizationEntry entry = OrganizationOf(row);
      const OrganizationId id = entry.id;
      snapshot.organizations.emplace(id, std::move(entry));
    }
    for (const pqxx::row& row : work.Run("directory_spikes")) AddSpike(row, snapshot);
    const auto live = work.Run("directory_live_servers", kServerGoneSeconds)[0][0];
    snapshot.live_servers = std::max<std::int64_t>(1, live.as<std::int64_t>());
    return snapshot;
  });
}

}  // namespace mishap
