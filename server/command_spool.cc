// mishap spool inspect, mishap dead-letter list|show|retry.
#include <cstdio>

#include "base/bytes.h"
#include "event/record.h"
#include "fmt/format.h"
#include "server/commands.h"
#include "server/database_access.h"
#include "server/spool_retry.h"
#include "spool/inspect.h"
#include "storage/dead_letter_store.h"

namespace mishap {
namespace {

constexpr int kRetryMax = 100'000;  // rows of one `retry --all`

// The rows a command means; payloads left out.
Result<std::vector<DeadLetterRow>> Select(Session& session, const DeadLetterCommand& options,
                                          int rows_max) {
  auto rows = ListDeadLetters(session, rows_max);
  if (!rows) return rows;
  std::erase_if(*rows, [&](const DeadLetterRow& row) {
    return (options.project != 0 && row.project.value != options.project) ||
           (options.seq != 0 && row.seq != static_cast<std::uint64_t>(options.seq)) ||
           (!options.spool.empty() && ToHex(row.spool) != options.spool);
  });
  return rows;
}

Result<DeadLetterRow> SelectOne(Session& session, const DeadLetterCommand& options) {
  auto rows = Select(session, options, kRetryMax);
  if (!rows) return Fail(rows.error());
  if (rows->empty()) {
    return Fail(Reason::kNotFound, fmt::format("there is no dead letter {}", options.seq));
  }
  if (rows->size() > 1) {
    return Fail(Reason::kInvalidArgument,
                fmt::format("several spools have a dead letter {}: say which with --spool {}",
                            options.seq, ToHex(rows->front().spool)));
  }
  return ShowDeadLetter(session, rows->front().spool, rows->front().seq);
}

}  // namespace

int RunSpoolInspect(CommandContext& context, const SpoolCommand& options) {
  const std::string directory =
      options.directory.empty() ? context.config.server.data_dir + "/spool" : options.directory;
  const auto env = MakePosixEnv();
  auto text = InspectSpool(*env, directory, context.json);
  if (!text) return PrintError(text.error());
  fmt::print("{}", *text);
  return 0;
}

int RunDeadLetterList(CommandContext& context, const DeadLetterCommand& options) {
  auto database = DatabaseAccess::Open(context);
  if (!database) return PrintError(database.error());
  auto rows = Select(database->Use(), options, static_cast<int>(options.limit));
  if (!rows) return PrintError(rows.error());
  std::vector<std::vector<std::string>> table;
  for (const DeadLetterRow& row : *rows) {
    table.push_back({fmt::format("{}", row.seq), fmt::format("{}", row.project.value),
                     std::string(RecordTypeName(static_cast<RecordType>(row.type))), row.reason,
                     fmt::format("{}", row.payload_bytes), FormatTimestamp(row.created_at),
                     ToHex(row.spool), std::string(Utf8Prefix(row.detail, 80))});
  }
  PrintTable(context,
             {"Seq", "Project", "Type", "Reason", "Bytes", "Created at", "Spool", "Detail"}, table,
             "no dead letters: everything was stored");
  return 0;
}

int RunDeadLetterShow(CommandContext& context, const DeadLetterCommand& options) {
  auto database = DatabaseAccess::Open(context);
  if (!database) return PrintError(database.error());
  auto row = SelectOne(database->Use(), options);
  if (!row) return PrintError(row.error());
  PrintTable(context, {"Field", "Value"},
             {{"seq", fmt::format("{}", row->seq)},
              {"spool", ToHex(row->spool)},
              {"project", fmt::format("{}", row->project.value)},
              {"type", std::string(RecordTypeName(static_cast<RecordType>(row->type)))},
              {"reason", row->reason},
              {"detail", row->detail},
              {"created_at", FormatTimestamp(row->created_at)},
              {"content", DescribeRecord(row->type, row->payload)}},
             "");
  return 0;
}

int RunDeadLetterRetry(CommandContext& context, const DeadLetterCommand& options) {
  if (options.all == (options.seq != 0)) {
    return PrintError({Reason::kInvalidArgument, "name one dead letter by its seq, or say --all"});
  }
  auto database = DatabaseAccess::Open(context);
  if (!database) return PrintError(database.error());
  auto rows = Select(database->Use(), options, kRetryMax);
  if (!rows) return PrintError(rows.error());
  if (rows->empty()) return PrintError({Reason::kNotFound, "there is no such dead letter"});
  auto done = RetryDeadLetters(context, database->Use(), *rows);
  if (!done) return PrintError(done.error());
  fmt::print(
      "{} put back; the server on this data directory stores them, at once or when it starts\n",
      *done);
  return 0;
}

}  // namespace mishap
