// UnconfirmedEnd: where the spool ended when the process started, kept in a small file until the
// database has told its position. If the process ends before that, the next start still knows which
// records were appended without the database: should the position be ahead of this spool (an old
// copy of it), those are new and must be stored all the same (decisions 1.1, 1.13).
#pragma once

#include <cstdint>
#include <string>

#include "base/ids.h"

namespace mishap {

class UnconfirmedEnd {
 public:
  // Takes over what an earlier start left for this spool, else writes `end`, durably. To be made
  // before the first append. path: empty keeps it in memory. What cannot be written is logged.
  UnconfirmedEnd(std::string path, SpoolId spool, std::uint64_t end);

  std::uint64_t Seq() const { return seq_; }
  // The database told its position. Durable when it returns: before anything is stored.
  void Confirm();

 private:
  void Complain() const;

  const std::string path_;
  std::uint64_t seq_;
};

}  // namespace mishap
