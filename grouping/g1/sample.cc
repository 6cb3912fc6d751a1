#include "grouping/g1/sample.h"

#include <algorithm>

namespace mishap::g1 {
namespace {

// Repeats and what lies beyond the limit belong to the path; what rules exclude does not.
bool BelongsToPath(const ChosenFrame& frame) {
  switch (frame.use) {
    case FrameUse::kExcluded:
    case FrameUse::kSilent:
    case FrameUse::kNoKey:
    case FrameUse::kSaysNothing:
    case FrameUse::kRepeat:
      return false;
    default:
      return !frame.key.empty();
  }
}

void AddFrames(const StackChoice& stack, SimilarSample& sample) {
  for (std::size_t i = stack.frames.size(); i-- > 0;) {
    if (sample.frames.size() == kSimilarFramesMax) return;
    const ChosenFrame& frame =
        stack.frames[stack.settings.inverted ? stack.frames.size() - 1 - i : i];
    if (BelongsToPath(frame)) sample.frames.push_back(frame.key_hash);
  }
}

void AddWords(std::string_view text, SimilarSample& sample) {
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = std::min(text.find(' ', from), text.size());
    if (end > from && sample.words.size() < kSimilarWordsMax) {
      sample.words.push_back(SimilarHash(text.substr(from, end - from)));
    }
    from = end + 1;
  }
  std::sort(sample.words.begin(), sample.words.end());
  sample.words.erase(std::unique(sample.words.begin(), sample.words.end()), sample.words.end());
}

}  // namespace

SimilarSample SampleOf(const Decision& decision, const Event& event) {
  SimilarSample sample;
  if (const ExceptionPart* main = decision.MainPart()) {
    AddFrames(main->stack, sample);
    AddWords(main->text.parameterised, sample);
    if (!main->type.type.empty()) sample.type = SimilarHash(main->type.type);
    return sample;
  }
  AddFrames(decision.stack, sample);
  AddWords(decision.message.parameterised, sample);
  sample.type = SimilarHash(event.platform);
  return sample;
}

}  // namespace mishap::g1
