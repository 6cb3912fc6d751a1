// zstd dictionaries of payloads: rows that are never deleted while a frame may name them (house 4).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "storage/connection.h"

namespace mishap {

struct StoredDictionary {
  std::uint32_t id = 0;  // as it stands in the frames
  std::string bytes;
};

// The same id with the same bytes is fine. Errors: conflict (the id has other bytes).
Status AddDictionary(Session& session, std::uint32_t id, std::string_view bytes);
Result<std::vector<StoredDictionary>> LoadDictionaries(Session& session);  // by id

}  // namespace mishap
