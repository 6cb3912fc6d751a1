// mishap grouping preview: what changed rules, or another algorithm, would do to the events a
// project has stored. Nothing is changed.
#include <algorithm>
#include <cstdio>
#include <utility>

#include "api/grouping/preview.h"
#include "fmt/format.h"
#include "server/commands.h"
#include "server/database_access.h"
#include "server/event_file.h"
#include "server/only_one.h"
#include "storage/project_grouping_store.h"
#include "storage/project_store.h"

namespace mishap {
namespace {

constexpr std::size_t kShownMax = 20;

// A file in place of what the project has; no file: as it is.
Status TakeFile(const std::string& path, std::string& text) {
  if (path.empty()) return {};
  auto read = ReadWholeFile(path, kRulesFileBytesMax);
  if (!read) return Fail(read.error());
  text = std::move(*read);
  return {};
}

std::string NameOf(const std::string& slug, std::int64_t issue, const std::string& title) {
  if (issue < 0) return fmt::format("a new issue \"{}\"", title);
  std::string prefix = slug;
  std::transform(prefix.begin(), prefix.end(), prefix.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return fmt::format("{}-{}", prefix, ShortNumberOf(IssueId{issue}));
}

void PrintMoves(const char* what, const std::string& slug, const std::vector<PreviewMove>& moves) {
  if (moves.empty()) return;
  fmt::print("\n{}\n", what);
  for (std::size_t i = 0; i < std::min(moves.size(), kShownMax); ++i) {
    const PreviewMove& move = moves[i];
    fmt::print("  {}: {} events stay\n", NameOf(slug, move.issue, ""), move.stay);
    for (std::size_t j = 0; j < std::min(move.parts.size(), kShownMax); ++j) {
      const PreviewPart& part = move.parts[j];
      fmt::print("    {} to {}\n", part.events, NameOf(slug, part.issue, part.title));
    }
    if (move.parts.size() > kShownMax) fmt::print("    ...\n");
  }
  if (moves.size() > kShownMax) fmt::print("  ... (--json lists more)\n");
}

void PrintReport(const std::string& slug, const PreviewReport& report) {
  const auto share = [&](std::int64_t events) {
    return report.events == 0
               ? 0.0
               : 100.0 * static_cast<double>(events) / static_cast<double>(report.events);
  };
  fmt::print("{} events of {} issues looked at", report.events, report.issues);
  if (report.unreadable > 0) fmt::print(", {} of them cannot be read", report.unreadable);
  fmt::print("\nsplits  {} new issues with {} events ({:.2f} %)\n", report.new_issues,
             report.split_events, share(report.split_events));
  fmt::print("joins   {} events to another issue there is ({:.2f} %)\n", report.joined_events,
             share(report.joined_events));
  PrintMoves("Splits", slug, report.splits);
  PrintMoves("Joins", slug, report.joins);
}

}  // namespace

int RunGroupingPreview(CommandContext& context, const GroupingCommand& options) {
  auto database = DatabaseAccess::Open(context);
  if (!database) return PrintError(database.error());
  Session& session = database->Use();
  auto organization = ChooseOrganization(session, options.organization);
  if (!organization) return PrintError(organization.error());
  auto project = FindProject(session, organization->id, options.project);
  if (!project) return PrintError(project.error());
  const Scope scope(organization->id, organization->slug, UserId{}, {project->id}, {});
  auto versions = ReadGroupingVersions(session, scope, project->id, 1);
  if (!versions) return PrintError(versions.error());
  PreviewRequest request{versions->front().setup, versions->front().setup, options.events_max};
  if (!options.algorithm.empty()) request.next.algorithm = options.algorithm;
  for (const auto& [path, text] :
       {std::pair(&options.stack_trace_rules, &request.next.stack_trace_rules),
        std::pair(&options.fingerprint_rules, &request.next.fingerprint_rules),
        std::pair(&options.grouping_options, &request.next.options)}) {
    if (auto ok = TakeFile(*path, *text); !ok) return PrintError(ok.error());
  }
  auto next = GroupingVersion::Compile(request.next, FindGrouping);
  if (!next) {
    const GroupingRulesError& error = next.error();
    const std::string& file = error.in_options       ? options.grouping_options
                              : error.in_fingerprint ? options.fingerprint_rules
                                                     : options.stack_trace_rules;
    return PrintError(
        {Reason::kInvalidArgument, fmt::format("{}:{}:{}: {}", file.empty() ? "rules" : file,
                                               error.at.line, error.at.column, error.at.message)});
  }
  const PayloadCodec codec;
  EventReader reader;
  const auto progress = [](std::int64_t done, std::int64_t total) {
    fmt::print(stderr, "\r{} of {} events", done, total);
    return true;
  };
  auto report =
      RunGroupingPreview(session, scope, project->id, request, *next, codec, reader, progress);
  fmt::print(stderr, "\n");
  if (!report) return PrintError(report.error());
  if (!context.json) {
    PrintReport(project->slug, *report);
    return 0;
  }
  std::string out;
  JsonWriter json(out);
  WritePreview(*report, json);
  fmt::print("{}\n", out);
  return 0;
}

}  // namespace mishap
