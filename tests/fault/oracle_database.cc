#include "tests/fault/oracle_database.h"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <cstdlib>
#include <memory>

#include "base/bytes.h"

namespace mishap::oracle {
namespace {

using Rows = std::vector<std::vector<std::string>>;

struct Finish {
  void operator()(PGconn* connection) const { PQfinish(connection); }
  void operator()(PGresult* result) const { PQclear(result); }
};

class Session {
 public:
  explicit Session(const std::string& conninfo) : connection_(PQconnectdb(conninfo.c_str())) {}

  Result<Rows> Query(const std::string& sql) {
    if (PQstatus(connection_.get()) != CONNECTION_OK) {
      return Fail(Reason::kUnavailable, PQerrorMessage(connection_.get()));
    }
    std::unique_ptr<PGresult, Finish> result(PQexec(connection_.get(), sql.c_str()));
    if (PQresultStatus(result.get()) != PGRES_TUPLES_OK) {
      return Fail(Reason::kUnavailable, PQerrorMessage(connection_.get()) + sql);
    }
    Rows rows(static_cast<std::size_t>(PQntuples(result.get())));
    for (std::size_t r = 0; r < rows.size(); ++r) {
      for (int c = 0; c < PQnfields(result.get()); ++c) {
        int row = static_cast<int>(r);
        rows[r].emplace_back(PQgetvalue(result.get(), row, c),
                             static_cast<std::size_t>(PQgetlength(result.get(), row, c)));
      }
    }
    return rows;
  }

 private:
  std::unique_ptr<PGconn, Finish> connection_;
};

std::int64_t ToNumber(const std::string& text) {
  return std::strtoll(text.c_str(), nullptr, 10);
}

std::string Unhex(std::string_view hex) {
  auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::string out;
  out.reserve(hex.size() / 2);
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    out.push_back(static_cast<char>(digit(hex[i]) * 16 + digit(hex[i + 1])));
  }
  return out;
}

Status FillMap(Session& session, const std::string& sql,
               std::map<std::int64_t, std::int64_t>& map) {
  auto rows = session.Query(sql);
  if (!rows) return Fail(rows.error());
  for (const auto& row : *rows) map[ToNumber(row[0])] = ToNumber(row[1]);
  return {};
}

Status FillNumber(Session& session, const std::string& sql, std::int64_t& number) {
  auto rows = session.Query(sql);
  if (!rows) return Fail(rows.error());
  number = rows->empty() ? 0 : ToNumber((*rows)[0][0]);
  return {};
}

}  // namespace

Result<std::vector<StoredEvent>> ReadStoredEvents(const std::string& conninfo,
                                                  std::int64_t project) {
  Session session(conninfo);
  auto rows = session.Query(fmt::format(
      "select replace(e.event_id::text, '-', ''), e.hash_row, h.issue_id, encode(p.payload, 'hex')"
      " from tenant.event e join tenant.hash_row h on h.project_id = e.project_id and h.id = "
      "e.hash_row"
      " left join tenant.event_payload p on p.project_id = e.project_id"
      " and p.event_id = e.event_id and p.received_at = e.received_at"
      " where e.project_id = {}",
      project));
  if (!rows) return Fail(rows.error());
  std::vector<StoredEvent> out;
  out.reserve(rows->size());
  for (auto& row : *rows) {
    out.push_back({row[0], ToNumber(row[1]), ToNumber(row[2]), Unhex(row[3])});
  }
  return out;
}

Result<StoredCounts> ReadStoredCounts(const std::string& conninfo, std::int64_t project) {
  Session session(conninfo);
  StoredCounts out;
  auto sql = [&](std::string_view text) { return fmt::format(fmt::runtime(text), project); };
  const std::pair<std::string_view, std::map<std::int64_t, std::int64_t>*> maps[] = {
      {"select hash_row, count(*) from tenant.event where project_id = {} group by 1",
       &out.events_by_hash_row},
      {"select id, times_seen from tenant.hash_row where project_id = {} and kind <> 3 and "
       "times_seen > 0",
       &out.times_seen_by_hash_row},
      {"select hash_row, sum(times_seen) from tenant.hash_hour where project_id = {} group by 1",
       &out.hours_by_hash_row},
      {"select hash_row, sum(times_seen) from tenant.hash_release where project_id = {} group by 1",
       &out.releases_by_hash_row},
      // Some keys stand with the event for searches only and are counted nowhere: those that no
      // hash row counts are left out.
      {"select e.hash_row, count(*) from tenant.event e, unnest(e.tag_values) v"
       " join tenant.tag_value t on t.project_id = {0} and t.id = v"
       " where e.project_id = {0}"
       " and t.key_id in (select key_id from tenant.hash_tag where project_id = {0})"
       " group by 1",
       &out.tags_of_events_by_hash_row},
      {"select hash_row, sum(times_seen) from tenant.hash_tag where project_id = {} group by 1",
       &out.tags_by_hash_row},
      {"select h.issue_id, count(distinct e.user_hash) from tenant.event e join tenant.hash_row h"
       " on h.project_id = e.project_id and h.id = e.hash_row where e.project_id = {} group by 1",
       &out.users_of_events_by_issue},
      {"select id, users_seen from tenant.issue where project_id = {}", &out.users_by_issue},
      {"select h.issue_id, count(*) from tenant.event e join tenant.hash_row h"
       " on h.project_id = e.project_id and h.id = e.hash_row where e.project_id = {} group by 1",
       &out.events_by_issue},
      {"select id, times_seen from tenant.issue where project_id = {}", &out.times_seen_by_issue},
      {"select issue_id, count(*) from tenant.outbox where project_id = {} and kind = 'issue_new'"
       " group by 1",
       &out.new_issue_effects}};
  for (const auto& [text, map] : maps) {
    if (auto status = FillMap(session, sql(text), *map); !status) return Fail(status.error());
  }
  const std::pair<std::string_view, std::int64_t*> numbers[] = {
      {"select count(*) from (select 1 from tenant.event where project_id = {}"
       " group by event_id having count(*) > 1) twice",
       &out.events_twice},
      {"select count(*) from tenant.event_payload p where project_id = {} and not exists (select 1"
       " from tenant.event e where e.project_id = p.project_id and e.event_id = p.event_id)",
       &out.payloads_without_event},
      {"select coalesce(sum(quantity), 0) from tenant.outcome where project_id = {} and outcome = 0"
       " and category = 'error'",
       &out.outcomes_accepted},
      {"select count(*) from tenant.dead_letter where project_id = {}", &out.dead_letters}};
  for (const auto& [text, number] : numbers) {
    if (auto status = FillNumber(session, sql(text), *number); !status) return Fail(status.error());
  }
  return out;
}

}  // namespace mishap::oracle
