// Stored bytes as a file for the client: attachments, files of releases, debug files.
#pragma once

#include <string>
#include <string_view>

#include "net/http.h"

namespace mishap {

// Never shown by a browser as a page of this server, whatever its type claims.
HttpMessageResponse RespondDownload(std::string_view name, std::string_view content_type,
                                    std::string bytes);

}  // namespace mishap
