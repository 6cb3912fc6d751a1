// mishap grouping: what the server would do with events, without a server and without a database:
// decode, normalise, scrub, group. explain one, tell two apart, judge many pairs.
#include <cstdio>
#include <iostream>
#include <memory>
#include <utility>

#include "base/json_writer.h"
#include "fmt/format.h"
#include "grouping/explanation_text.h"
#include "grouping/grouping.h"
#include "server/commands.h"
#include "server/event_file.h"

namespace mishap {
namespace {

Result<std::unique_ptr<const GroupingRules>> ReadRules(const GroupingCommand& options) {
  GroupingRuleTexts texts;
  const std::pair<const std::string&, std::string&> files[] = {
      {options.stack_trace_rules, texts.stack_trace},
      {options.fingerprint_rules, texts.fingerprint},
      {options.grouping_options, texts.options}};
  for (const auto& [path, text] : files) {
    if (path.empty()) continue;
    auto read = ReadWholeFile(path, kRulesFileBytesMax);
    if (!read) return Fail(read.error());
    text = std::move(*read);
  }
  auto rules = CurrentGrouping().CompileRules(texts);
  if (!rules) {
    const GroupingRulesError& error = rules.error();
    const std::string& file = error.in_options       ? options.grouping_options
                              : error.in_fingerprint ? options.fingerprint_rules
                                                     : options.stack_trace_rules;
    return Fail(Reason::kInvalidArgument, fmt::format("{}:{}:{}: {}", file, error.at.line,
                                                      error.at.column, error.at.message));
  }
  for (const std::string& warning : (*rules)->Warnings()) {
    fmt::print(stderr, "mishap: warning: rules, {}\n", warning);
  }
  return std::move(*rules);
}

void PrintKey(const char* name, const std::optional<Hash128>& key, const char* meaning) {
  if (key) fmt::print("  {:<8} {}  {}\n", name, ToHex(*key), meaning);
}

// Lines stay lines: whatever a reason quotes.
std::string OneLine(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < ' ') c = ' ';
  }
  return text;
}

Result<PairVerdict> JudgePair(EventFileReader& events, const GroupingRules& rules,
                              const std::string& first, const std::string& second) {
  auto a = events.Read(first);
  if (!a) return Fail(a.error());
  auto b = events.Read(second);
  if (!b) return Fail(b.error());
  return ComparePair(CurrentGrouping(), *a, *b, rules);
}

// "A.json<TAB>B.json"; further columns are somebody else's.
Result<PairVerdict> JudgeLine(EventFileReader& events, const GroupingRules& rules,
                              const std::string& line) {
  const auto tab = line.find('\t');
  if (tab == std::string::npos) {
    return Fail(Reason::kInvalidArgument, "a line is two files with a tab between them");
  }
  const std::string first = line.substr(0, tab);
  const std::string second = line.substr(tab + 1, line.find('\t', tab + 1) - tab - 1);
  if (first == "-" || second == "-") {
    return Fail(Reason::kInvalidArgument, "-: standard input has the pairs already");
  }
  return JudgePair(events, rules, first, second);
}

}  // namespace

int RunGroupingExplain(CommandContext& context, const GroupingCommand& options) {
  auto rules = ReadRules(options);
  if (!rules) return PrintError(rules.error());
  auto event = EventFileReader(context.random, context.clock.Now()).Read(options.event_file);
  if (!event) return PrintError(event.error());
  const GroupingAlgorithm& algorithm = CurrentGrouping();
  const std::string tree = algorithm.ExplainUnder(*event, **rules);
  if (context.json) {
    fmt::print("{}\n", tree);
    return 0;
  }
  const Grouped grouped = algorithm.GroupUnder(*event, **rules);
  fmt::print("algorithm  {}\n", algorithm.Id());
  PrintKey("custom", grouped.keys.custom, "the fingerprint: decides the issue");
  PrintKey("site", grouped.keys.site, "where it happened: decides the issue");
  PrintKey("path", grouped.keys.path, "the whole way there");
  PrintKey("message", grouped.keys.message, "where, and what it said");
  PrintKey("alias", grouped.keys.alias, "the way, and what it said");
  if (!grouped.title.empty()) fmt::print("title      {}\n", grouped.title);
  fmt::print("\n{}", ExplanationText(tree));
  return 0;
}

int RunGroupingDiff(CommandContext& context, const GroupingCommand& options) {
  auto rules = ReadRules(options);
  if (!rules) return PrintError(rules.error());
  if (options.event_file == "-" && options.second_file == "-") {
    return PrintError({Reason::kInvalidArgument, "only one of the two can be standard input"});
  }
  EventFileReader events(context.random, context.clock.Now());
  auto verdict = JudgePair(events, **rules, options.event_file, options.second_file);
  if (!verdict) return PrintError(verdict.error());
  if (context.json) {
    std::string out;
    JsonWriter json(out);
    json.BeginObject().Field("same", verdict->same).Field("reason", verdict->reason).EndObject();
    fmt::print("{}\n", out);
    return 0;
  }
  fmt::print("{}: {}\n", verdict->same ? "one issue" : "two issues", OneLine(verdict->reason));
  return 0;
}

int RunGroupingCompare(CommandContext& context, const GroupingCommand& options) {
  auto rules = ReadRules(options);
  if (!rules) return PrintError(rules.error());
  EventFileReader events(context.random, context.clock.Now());
  int status = 0;
  for (std::string line; std::getline(std::cin, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    auto verdict = JudgeLine(events, **rules, line);
    if (verdict) {
      fmt::print("{}\t{}\n", verdict->same ? "same" : "different", OneLine(verdict->reason));
    } else {
      status = 1;
      fmt::print("error\t{}\n", OneLine(verdict.error().detail));
    }
  }
  return status;
}

}  // namespace mishap
