// What a search can ask of an event besides its tags: versions of browser, system and runtime,
// method and status of the request, device, app, place and feature flags. They are stored with the
// event as tags are, but not counted per issue and never shown as tags. Pure.
#pragma once

#include <string_view>
#include <vector>

#include "event/event.h"

namespace mishap {

// Bounds what an event adds; those over it are not searchable.
inline constexpr std::size_t kSearchTagsMax = 40;

// Key and value, each key once, none that `tags` (all tags of the event) has. Values are cut at 200
// bytes as those of tags are.
std::vector<NamedText> SearchTags(const Event& event, const std::vector<NamedText>& tags);
// True for a key that only SearchTags gives, unless a client sends a tag of that name.
bool IsSearchTag(std::string_view key);
// Event-unique tags (event/tag_rollup.h) whose values have ids all the same, so that wildcards find
// them: who and where.
bool IsNamedForSearch(std::string_view key);

// How an event keeps a tag whose value has no id: it can be asked for exactly. An empty value: that
// there is one.
std::int64_t UniqueTagHash(std::string_view key, std::string_view value);

}  // namespace mishap
