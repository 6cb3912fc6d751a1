// The way back for dead letters: `mishap dead-letter retry` puts their records as files into
// DATA/retry, where the server on that directory finds them and appends them to its spool. Twice is
// harmless: the dedupe knows their event ids.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "server/command.h"
#include "spool/spool.h"
#include "storage/connection.h"
#include "storage/dead_letter_store.h"

namespace mishap {

// Writes each as a durable file, then deletes its row; returns how many. Errors: as the store's;
// unavailable (disk).
Result<std::size_t> RetryDeadLetters(const CommandContext& context, Session& session,
                                     const std::vector<DeadLetterRow>& rows);

// Appends what waits in DATA/retry (at most 100 files a call) and removes the files that are
// durable in the spool. Waits for the spool. Returns how many.
std::size_t AppendRetries(Spool& spool, const std::string& data_dir);

// A record for people: the event's canonical JSON, or what else can be said of the bytes.
std::string DescribeRecord(std::uint8_t type, std::string_view payload);

}  // namespace mishap
