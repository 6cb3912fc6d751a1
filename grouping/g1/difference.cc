#include "grouping/g1/difference.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "base/bytes.h"

namespace mishap::g1 {
namespace {

constexpr std::size_t kShownBytesMax = 200;

std::string_view RoleWords(ExceptionRole role) {
  switch (role) {
    case ExceptionRole::kOuter:
      return "the exception";
    case ExceptionRole::kRoot:
      return "the root cause";
    case ExceptionRole::kMember:
      return "a member of the group";
    case ExceptionRole::kGroup:
      return "the group";
  }
  return "the exception";
}

// Frames are named from the crash, as people count them.
void AddFrames(const StackChoice& stack, std::string_view owner, Account& account) {
  account.items.push_back(
      {fmt::format("the way frames of {} were chosen", owner),
       std::string(stack.Usable() ? "by its stack" : "its stack says too little")});
  for (std::size_t i = stack.keys.size(); i-- > 0;) {
    account.items.push_back(
        {fmt::format("frame {} from the crash of {}", stack.keys.size() - i, owner),
         std::string(stack.keys[i])});
  }
}

void AddException(const ExceptionPart& part, std::string_view platform, Account& account) {
  const std::string_view owner = RoleWords(part.planned.role);
  account.items.push_back({fmt::format("the type of {}", owner), part.type.type});
  if (!part.type.error_domain.empty() || !part.type.error_code.empty()) {
    account.items.push_back({fmt::format("the error code of {}", owner),
                             part.type.error_domain + " " + part.type.error_code});
  }
  AddFrames(part.stack, owner, account);
  if (!part.code.empty()) {
    account.items.push_back({fmt::format("the code in the text of {}", owner), part.code});
  }
  if (!part.text_counts) return;
  account.items.push_back({fmt::format("the text of {}", owner), part.text.parameterised});
  if (!part.stack.Usable()) account.items.push_back({"the platform", std::string(platform)});
}

void AddFingerprint(const Fingerprint& fingerprint, Account& account) {
  for (std::size_t i = 0; i < fingerprint.entries.size(); ++i) {
    const FingerprintEntry& entry = fingerprint.entries[i];
    account.items.push_back({fmt::format("fingerprint entry {}", i + 1),
                             entry.is_default ? std::string("{{ default }}") : entry.value});
  }
}

void AddContent(const Decision& decision, const Event& event, Account& account) {
  switch (decision.ground) {
    case Ground::kStack:
    case Ground::kText:
      for (std::size_t i = 0; i < decision.parts_used; ++i)
        AddException(*decision.parts[i], event.platform, account);
      break;
    case Ground::kMessage:
      account.items.push_back({"the text", decision.message.parameterised});
      account.items.push_back({"the place of the message", std::string(decision.stack.site)});
      break;
    case Ground::kThreads:
      AddFrames(decision.stack, "the thread", account);
      break;
    case Ground::kTemplate:
      account.items.push_back({"the template", decision.template_file});
      account.items.push_back({"the line of the template", decision.template_statement});
      break;
    case Ground::kSecurity:
      account.items.push_back({"the kind of report", std::string(decision.security.kind)});
      account.items.push_back({"the directive", decision.security.directive});
      account.items.push_back({"the target", decision.security.target});
      break;
    default:
      account.items.push_back({"the platform", event.platform});
      account.items.push_back({"the logger", event.logger});
      account.items.push_back({"the transaction", event.transaction});
      account.items.push_back({"the rest of the fallback", decision.content});
  }
}

std::string Shown(std::string_view value) {
  if (value.empty()) return "nothing";
  const std::string_view cut = Utf8Prefix(value, kShownBytesMax);
  return fmt::format("\"{}{}\"", cut, cut.size() < value.size() ? "..." : "");
}

}  // namespace

Account AccountOf(const Decision& decision, const Event& event) {
  Account account;
  account.decided_by = GroundName(decision.decided_by);
  if (decision.decided_by == Ground::kChecksum) {
    account.items.push_back({"the checksum", event.checksum});
    return account;
  }
  if (decision.decided_by != Ground::kCustom) AddContent(decision, event, account);
  AddFingerprint(decision.fingerprint, account);
  if (decision.decided_by == Ground::kCustom) return account;
  account.items.push_back({"the source line of the crash", std::string(decision.statement)});
  account.text = decision.text;
  return account;
}

std::string_view InWords(std::string_view decided_by) {
  if (decided_by == "custom") return "fingerprint";
  if (decided_by == "stack") return "stack trace";
  if (decided_by == "security") return "security report";
  if (decided_by == "fallback") return "lack of anything better";
  return decided_by;
}

std::string DifferenceOf(const Account& a, const Account& b) {
  if (a.decided_by != b.decided_by) {
    return fmt::format("the first is decided by its {}, the second by its {}",
                       InWords(a.decided_by), InWords(b.decided_by));
  }
  const std::size_t count = std::max(a.items.size(), b.items.size());
  for (std::size_t i = 0; i < count; ++i) {
    if (i >= a.items.size() || i >= b.items.size()) {
      const bool first = i < a.items.size();
      const AccountItem& more = first ? a.items[i] : b.items[i];
      return fmt::format("only the {} has {}: {}", first ? "first" : "second", more.name,
                         Shown(more.value));
    }
    if (a.items[i].name != b.items[i].name) {
      // One of them has more of something: the longer account says of what.
      if (a.items.size() != b.items.size()) {
        const bool first = a.items.size() > b.items.size();
        const AccountItem& more = first ? a.items[i] : b.items[i];
        return fmt::format("only the {} has {}: {}", first ? "first" : "second", more.name,
                           Shown(more.value));
      }
      return fmt::format("the first has {} {} where the second has {} {}", a.items[i].name,
                         Shown(a.items[i].value), b.items[i].name, Shown(b.items[i].value));
    }
    if (a.items[i].value != b.items[i].value) {
      return fmt::format("{} differs: {} and {}", a.items[i].name, Shown(a.items[i].value),
                         Shown(b.items[i].value));
    }
  }
  return {};
}

}  // namespace mishap::g1
