// How an issue is named: title, culprit and metadata of an event (ingest-protocol 7.8). Pure
// functions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "event/event.h"

namespace mishap {

struct EventTitle {
  std::string title;
  std::string culprit;
  // Issue metadata as the API shows it.
  std::string metadata_type;
  std::string metadata_value;
  std::string metadata_filename;
  std::string metadata_function;
  std::string metadata_title;  // message events
};

// main_exception: index into event.exceptions that names the issue (grouping chooses it; the last
// one by default). Ignored when there are no exceptions.
EventTitle MakeTitle(const Event& event, std::size_t main_exception);

// A fingerprint rule of the project names the issue.
void Retitle(EventTitle& title, std::string_view text);

// The metadata fields that are not empty, as an issue stores and shows them.
std::string MetadataJson(const EventTitle& title);

// True if any exception's mechanism says handled=false.
bool IsUnhandled(const Event& event);

}  // namespace mishap
