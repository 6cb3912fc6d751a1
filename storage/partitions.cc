#include "storage/partitions.h"

#include <fmt/format.h>

#include <set>

#include "storage/pqxx_session.h"

namespace mishap {
namespace {

struct DayTable {
  std::string name;
  std::string parent;
  std::string state;  // attached | pending | detached
};

Result<std::vector<DayTable>> TablesBefore(Session& session, Timestamp oldest_kept,
                                           const std::vector<std::string>& tables) {
  return Read(session, [&](Work& work) {
    std::vector<DayTable> out;
    for (const pqxx::row& row :
         work.Run("partition_day_tables", DaySuffix(oldest_kept), ArrayParam(tables))) {
      out.push_back({row[0].c_str(), row[1].c_str(), row[2].c_str()});
    }
    return out;
  });
}

// Names come from the catalogue and match <table>_\d{8}.
Status DropOne(Session& session, const DayTable& table) {
  if (table.state != "detached") {
    const char* how = table.state == "pending" ? "finalize" : "concurrently";
    auto detached = OutsideTransaction(session, [&](Work& work) {
      work.Execute(fmt::format("alter table tenant.{} detach partition tenant.{} {}", table.parent,
                               table.name, how));
    });
    if (!detached) return detached;
  }
  return Transact(session, [&](Work& work) {
    work.Execute(fmt::format("drop table if exists tenant.{}", table.name));
  });
}

}  // namespace

Result<int> EnsurePartitions(Session& session, int days_ahead) {
  return Transact(session, [&](Work& work) {
    return work.Run("partition_ensure_ahead", days_ahead)[0][0].as<int>();
  });
}

Result<std::vector<Timestamp>> ListPartitions(Session& session) {
  return Read(session, [](Work& work) {
    std::vector<Timestamp> out;
    for (const pqxx::row& row : work.Run("partition_list")) {
      const std::string day = row[0].c_str();
      auto start = ParseTimestamp(
          fmt::format("{}-{}-{}", day.substr(0, 4), day.substr(4, 2), day.substr(6, 2)));
      if (start) out.push_back(*start);
    }
    return out;
  });
}

Result<Timestamp> OldestKept(Session& session, int days) {
  return Read(session, [&](Work& work) {
    return TimestampOf(work.Run("partition_oldest_kept", days)[0][0]);
  });
}

Result<int> DropPartitionsBefore(Session& session, Timestamp oldest_kept,
                                 const std::vector<std::string>& parents) {
  auto tables = TablesBefore(session, oldest_kept, parents);
  if (!tables) return Fail(tables.error());
  std::set<std::string> days;
  for (const DayTable& table : *tables) {
    if (auto dropped = DropOne(session, table); !dropped) return Fail(dropped.error());
    days.insert(table.name.substr(table.name.size() - 8));
  }
  return static_cast<int>(days.size());
}

}  // namespace mishap
