#include "grouping/g1/in_app.h"

#include <array>

#include "grouping/g1/chars.h"

namespace mishap::g1 {
namespace {

enum class Where {
  kPathHolds,   // the path contains the text, case-insensitively
  kPathStarts,  // the path begins with it
  kModuleIs,    // the module is it or lies below it: "logging" covers "logging.handlers"
  kFunctionIs,  // a JavaScript function of that name
};

struct Rule {
  Where where;
  std::string_view text;  // paths: lower case, slashes forward
  bool excluded;
  std::string_view shown;
};

constexpr std::array<Rule, 44> kRules{{
    {Where::kPathHolds, "/site-packages/", false, "path:**/site-packages/** -app"},
    {Where::kPathHolds, "/dist-packages/", false, "path:**/dist-packages/** -app"},
    {Where::kPathHolds, "/lib/python2.", false, "path:**/lib/python[23].*/** -app"},
    {Where::kPathHolds, "/lib/python3.", false, "path:**/lib/python[23].*/** -app"},
    {Where::kPathStarts, "<frozen ", false, "path:<frozen *> -app"},
    {Where::kPathHolds, "/node_modules/", false, "path:**/node_modules/** -app"},
    {Where::kPathStarts, "node_modules/", false, "path:**/node_modules/** -app"},
    {Where::kPathStarts, "node:", false, "path:node:* -app"},
    {Where::kPathStarts, "internal/", false, "path:internal/** -app"},
    {Where::kPathHolds, "/gems/", false, "path:**/gems/*/** -app"},
    {Where::kPathHolds, "/lib/ruby/", false, "path:**/lib/ruby/** -app"},
    {Where::kPathStarts, "<internal:", false, "path:<internal:*> -app"},
    {Where::kPathHolds, "/vendor/", false, "path:**/vendor/** -app"},
    {Where::kPathHolds, "/go/pkg/mod/", false, "path:**/go/pkg/mod/** -app"},
    {Where::kPathHolds, "/usr/local/go/src/", false, "path:**/usr/local/go/src/** -app"},
    {Where::kPathHolds, "/usr/lib/go", false, "path:**/usr/lib/go*/src/** -app"},
    {Where::kPathHolds, "/libexec/src/", false, "path:**/libexec/src/** -app"},
    {Where::kPathHolds, "chrome-extension://", false, "path:**chrome-extension://** -app"},
    {Where::kPathHolds, "moz-extension://", false, "path:**moz-extension://** -app"},
    {Where::kPathHolds, "safari-extension://", false, "path:**safari-extension://** -app"},
    {Where::kPathHolds, "/node_modules/@sentry/", true,
     "path:**/node_modules/@sentry/** -app -group"},
    {Where::kModuleIs, "sentry_sdk", true, "module:sentry_sdk.* -app -group"},
    {Where::kModuleIs, "raven", true, "module:raven.* -app -group"},
    {Where::kModuleIs, "io.sentry", true, "module:io.sentry.* -app -group"},
    {Where::kModuleIs, "github.com/getsentry/sentry-go", true,
     "module:github.com/getsentry/sentry-go* -app -group"},
    {Where::kPathHolds, "/gems/sentry-", true, "path:**/gems/sentry-*/** -app -group"},
    {Where::kModuleIs, "logging", true, "module:logging.* category=logging"},
    {Where::kPathHolds, "/node_modules/winston", true, "path:**/winston*/** category=logging"},
    {Where::kPathHolds, "/node_modules/pino/", true, "path:**/pino/** category=logging"},
    {Where::kModuleIs, "asyncio", true, "module:asyncio.* -app -group"},
    {Where::kModuleIs, "concurrent.futures", true, "module:concurrent.futures.* -app -group"},
    {Where::kModuleIs, "runtime", true, "module:runtime -app -group"},
    {Where::kFunctionIs, "processTicksAndRejections", true,
     "function:processTicksAndRejections -app -group"},
    {Where::kFunctionIs, "runMicrotasks", true, "function:runMicrotasks -app -group"},
    {Where::kFunctionIs, "queueMicrotask", true, "function:queueMicrotask -app -group"},
    {Where::kFunctionIs, "runNextTicks", true, "function:runNextTicks -app -group"},
    {Where::kFunctionIs, "__awaiter", true, "function:__awaiter -app -group"},
    {Where::kFunctionIs, "asyncGeneratorStep", true, "function:asyncGeneratorStep -app -group"},
    {Where::kFunctionIs, "_asyncToGenerator", true, "function:_asyncToGenerator -app -group"},
    {Where::kFunctionIs, "_next", true, "function:_next -app -group"},
    {Where::kFunctionIs, "fulfilled", true, "function:fulfilled -app -group"},
    {Where::kFunctionIs, "rejected", true, "function:rejected -app -group"},
    {Where::kFunctionIs, "tryCatch", true, "function:tryCatch -app -group"},
    {Where::kFunctionIs, "_callSuper", true, "function:_callSuper -app -group"},
}};

std::string SlashedLower(std::string_view path) {
  std::string out;
  AppendLower(out, path);
  for (char& c : out) {
    if (c == '\\') c = '/';
  }
  return out;
}

bool IsModuleOrBelow(std::string_view module, std::string_view root) {
  if (module.substr(0, root.size()) != root) return false;
  if (module.size() == root.size()) return true;
  const char next = module[root.size()];
  return next == '.' || next == '/';
}

bool Matches(const Rule& rule, const FrameFacts& facts, std::string_view path,
             std::string_view filename) {
  switch (rule.where) {
    case Where::kPathHolds:
      return Contains(path, rule.text) || Contains(filename, rule.text);
    case Where::kPathStarts:
      return path.substr(0, rule.text.size()) == rule.text ||
             filename.substr(0, rule.text.size()) == rule.text;
    case Where::kModuleIs:
      return IsModuleOrBelow(facts.module, rule.text);
    case Where::kFunctionIs:
      return IsJavaScript(facts.platform) && facts.function == rule.text;
  }
  return false;
}

}  // namespace

BuiltInVerdict JudgeFrame(const FrameFacts& facts) {
  const std::string path = SlashedLower(facts.path);
  const std::string filename = SlashedLower(facts.filename);
  BuiltInVerdict verdict;
  for (const Rule& rule : kRules) {
    if (verdict.excluded || (verdict.library && !rule.excluded)) continue;
    if (!Matches(rule, facts, path, filename)) continue;
    verdict.library = true;
    verdict.excluded = rule.excluded;
    verdict.rule = rule.shown;
  }
  return verdict;
}

}  // namespace mishap::g1
