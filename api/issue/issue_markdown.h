// An issue as Markdown, for chats and agents: what, where, how often, the stack that counts. Pure.
#pragma once

#include <string>
#include <vector>

#include "api/issue_shape.h"
#include "event/event.h"

namespace mishap {

inline constexpr std::size_t kMarkdownBytesMax = 32'768;
inline constexpr std::size_t kMarkdownFramesMax = 30;

struct MarkdownParts {
  const IssueView& view;
  const Event* event = nullptr;  // the latest, if one is left
  std::string event_id;
  std::vector<TagKeyRow> tags;
};

std::string IssueMarkdown(const MarkdownParts& parts);

}  // namespace mishap
