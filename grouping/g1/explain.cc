#include "grouping/g1/explain.h"

#include <fmt/core.h>

#include "base/bytes.h"
#include "base/json_writer.h"
#include "grouping/g1/explain_stack.h"

namespace mishap::g1 {
namespace {

constexpr std::string_view kTextOfStack =
    "the stack trace decides; the text serves a split by message";

// Writes nodes. A subtree may be overruled as a whole: then its nodes carry the overruling reason
// and nothing else.
class TreeWriter {
 public:
  TreeWriter(const Event& event, const Decision& decision, JsonWriter& json)
      : event_(event), decision_(decision), json_(json) {}

  void Tree() {
    json_.BeginObject().Field("id", "event").Field("contributes", true);
    json_.Key("children").BeginArray();
    Overrulers();
    Default();
    json_.EndArray().EndObject();
  }

 private:
  void Overrulers() {
    const Ground by = decision_.decided_by;
    if (by == Ground::kChecksum) Node("checksum", event_.checksum, {});
    if (by == Ground::kCustom || decision_.fingerprint.kind == FingerprintKind::kHybrid) {
      json_.BeginObject().Field("id", "fingerprint").Field("contributes", true).EndObject();
    } else if (decision_.fingerprint.rule != nullptr && !event_.fingerprint.empty()) {
      Node("fingerprint", {}, "a fingerprint rule asked for the default");
    } else if (!event_.fingerprint.empty()) {
      Node("fingerprint", {},
           by == Ground::kChecksum ? "the checksum decides" : "the client asked for the default");
    }
    if (by == Ground::kChecksum) overruled_ = "the checksum decides";
    if (by == Ground::kCustom) {
      const bool rule =
          decision_.fingerprint.rule != nullptr && !decision_.fingerprint.rule->values.empty();
      overruled_ = rule ? "a fingerprint rule decides" : "the client's fingerprint decides";
    }
  }

  void Default() {
    if (!overruled_.empty()) {
      json_.BeginObject().Field("id", "default").Field("contributes", false);
      json_.Field("why", overruled_).EndObject();
      return;
    }
    const Ground ground = decision_.ground;
    if (ground == Ground::kSecurity) Security();
    if (!event_.exceptions.empty()) Exceptions();
    Message();
    Threads();
    if (ground == Ground::kTemplate) {
      Node("template", decision_.template_file, {});
      Node("statement", decision_.template_statement,
           decision_.template_statement.empty() ? "no source line" : "");
    }
    if (ground == Ground::kFallback) Fallback();
  }

  // why empty: the node contributes.
  void Node(std::string_view id, std::string_view value, std::string_view why) {
    json_.BeginObject().Field("id", id);
    if (!value.empty()) json_.Field("value", value);
    json_.Field("contributes", why.empty());
    if (!why.empty()) json_.Field("why", why);
    json_.EndObject();
  }

  void Security() {
    Node("security", decision_.security.kind, {});
    if (!decision_.security.directive.empty()) Node("directive", decision_.security.directive, {});
    Node("target", decision_.security.target, decision_.security.target.empty() ? "not given" : "");
  }

  bool ExceptionsDecide() const {
    return decision_.ground == Ground::kStack || decision_.ground == Ground::kText;
  }

  void Exceptions() {
    if (!ExceptionsDecide()) {
      Node("exceptions", {},
           decision_.ground == Ground::kSecurity
               ? "a security report decides"
               : "no type, no text and no frame that says anything");
      return;
    }
    json_.BeginObject().Field("id", decision_.plan.group ? "group" : "chain");
    json_.Field("contributes", true).Key("children").BeginArray();
    for (std::size_t i = 0; i < decision_.parts_used; ++i) Part(*decision_.parts[i]);
    for (const LeftOut& left : decision_.plan.left_out) {
      json_.BeginObject().Field("id", "exception");
      json_.Field("index", static_cast<std::int64_t>(left.index));
      json_.Field("type", event_.exceptions[left.index].type);
      json_.Field("contributes", false).Field("why", left.why).EndObject();
    }
    json_.EndArray().EndObject();
  }

  static std::string_view RoleName(ExceptionRole role) {
    switch (role) {
      case ExceptionRole::kOuter:
        return "outer";
      case ExceptionRole::kRoot:
        return "root";
      case ExceptionRole::kMember:
        return "member";
      case ExceptionRole::kGroup:
        return "group";
    }
    return "outer";
  }

  void Part(const ExceptionPart& part) {
    json_.BeginObject().Field("id", "exception").Field("role", RoleName(part.planned.role));
    json_.Field("index", static_cast<std::int64_t>(part.planned.index));
    json_.Field("contributes", true).Key("children").BeginArray();
    if (part.type.synthetic && part.type.type.empty()) {
      Node("type", event_.exceptions[part.planned.index].type,
           "synthetic: the SDK made it up, the program did not");
    } else {
      Node("type", part.type.type, part.type.type.empty() ? "the exception has no type" : "");
    }
    if (!part.type.error_domain.empty() || !part.type.error_code.empty()) {
      Node("ns_error", part.type.error_domain + " " + part.type.error_code, {});
    }
    WriteStack(part.stack, "stack", json_);
    Statement(part.stack, part.planned.index == decision_.plan.main);
    if (!part.code.empty()) Node("code", part.code, {});
    Text("value", part.text, part.text_counts,
         part.code.empty()
             ? kTextOfStack
             : "no frame is ours, so its code counts; the rest serves a split by message");
    json_.EndArray().EndObject();
  }

  void Statement(const StackChoice& stack, bool main) {
    if (main && !stack.statement.empty()) {
      Node("statement", stack.statement, {});
      return;
    }
    Node("statement", stack.statement, WhyNoStatement(stack, main));
  }

  static std::string_view WhyNoStatement(const StackChoice& stack, bool main) {
    if (!main) return "only the crash of the main exception counts";
    switch (stack.mode) {
      case StackMode::kNone:
        return "no stack trace";
      case StackMode::kWeak:
        return "the stack is too weak";
      case StackMode::kMinified:
        return "minified code";
      case StackMode::kOverflow:
        return "stack overflow: where it ended is chance";
      case StackMode::kApp:
      case StackMode::kFlagged:
      case StackMode::kPresumed:
      case StackMode::kSystem:
        break;
    }
    if (stack.crash == nullptr) return "no source line at the crash frame";
    if (!stack.crash->signature.empty()) return "the source line is the crash frame's key already";
    return stack.source->frames[stack.crash_index].context_line.empty()
               ? "no source line at the crash frame"
               : "the source line at the crash frame says nothing, or is only a piece of one";
  }

  void Text(std::string_view id, const ReadText& text, bool counts, std::string_view why) {
    json_.BeginObject().Field("id", id);
    counts = counts && !text.parameterised.empty();
    json_.Field("contributes", counts);
    if (!counts) json_.Field("why", text.parameterised.empty() ? std::string_view("empty") : why);
    if (!text.parameterised.empty()) json_.Field("parameterised", text.parameterised);
    if (!text.tokens.empty()) {
      json_.Key("tokens").BeginArray();
      for (const TextToken& token : text.tokens) {
        json_.BeginObject().Field("at", static_cast<std::int64_t>(token.at));
        json_.Field("len", static_cast<std::int64_t>(token.len));
        json_.Field("token", token.token).EndObject();
      }
      json_.EndArray();
    }
    json_.EndObject();
  }

  void Message() {
    if (!event_.logentry) return;
    if (decision_.ground == Ground::kMessage) {
      Text("message", decision_.message, true, {});
      WriteStack(decision_.stack, "stack", json_);
      Statement(decision_.stack, true);
      return;
    }
    const std::string& text =
        event_.logentry->formatted.empty() ? event_.logentry->message : event_.logentry->formatted;
    if (decision_.ground == Ground::kSecurity)
      Node("message", text, "a security report decides");
    else
      Node("message", text, ExceptionsDecide() ? "an exception decides" : "empty");
  }

  void Threads() {
    if (event_.threads.empty() && !event_.stacktrace) return;
    if (decision_.ground == Ground::kMessage) return;  // written beside the text
    if (decision_.ground == Ground::kThreads) {
      WriteStack(decision_.stack, "threads", json_);
      Statement(decision_.stack, true);
      return;
    }
    if (decision_.ground == Ground::kSecurity)
      Node("threads", {}, "a security report decides");
    else
      Node("threads", {}, ExceptionsDecide() ? "an exception decides" : "no frame says anything");
  }

  void Fallback() {
    json_.BeginObject().Field("id", "fallback").Field("contributes", true);
    json_.Field("platform", event_.platform).Field("type", event_.type);
    json_.Field("logger", event_.logger).Field("transaction", event_.transaction);
    if (event_.level) json_.Field("level", LevelName(*event_.level));
    const ExceptionPart* main = decision_.MainPart();
    const StackChoice& stack = main != nullptr ? main->stack : decision_.stack;
    json_.Key("frames").BeginArray();
    for (std::string_view key : stack.keys) json_.String(key);
    json_.EndArray().EndObject();
  }

  const Event& event_;
  const Decision& decision_;
  JsonWriter& json_;
  std::string_view overruled_;
};

void WriteKeys(const GroupingKeys& keys, JsonWriter& json) {
  json.Key("keys").BeginObject();
  if (keys.path) json.Field("P", ToHex(*keys.path));
  if (keys.site) json.Field("S", ToHex(*keys.site));
  if (keys.message) json.Field("M", ToHex(*keys.message));
  if (keys.alias) json.Field("PM", ToHex(*keys.alias));
  if (keys.custom) json.Field("X", ToHex(*keys.custom));
  json.EndObject();
}

void WriteFingerprint(const Event& event, const Decision& decision, JsonWriter& json) {
  json.Key("fingerprint").BeginObject().Key("client").BeginArray();
  for (const std::string& entry : event.fingerprint) json.String(entry);
  json.EndArray().Key("rule");
  if (const FingerprintRule* rule = decision.fingerprint.rule) {
    json.String(fmt::format("{} ({} {})", rule->text, rule->built_in ? "built-in" : "project",
                            rule->number));
  } else {
    json.Null();
  }
  json.Key("resolved").BeginArray();
  for (const FingerprintEntry& entry : decision.fingerprint.entries) {
    json.String(entry.is_default ? std::string_view("{{ default }}") : entry.value);
  }
  json.EndArray().EndObject();
}

}  // namespace

std::string WriteExplanation(const Event& event, const Decision& decision,
                             const GroupingKeys& keys) {
  std::string out;
  JsonWriter json(out);
  json.BeginObject().Field("algo", "g1").Field("rules", "built-in");
  json.Field("decided_by", GroundName(decision.decided_by));
  json.Field("weak", keys.weak);
  WriteKeys(keys, json);
  WriteFingerprint(event, decision, json);
  json.Key("tree");
  TreeWriter(event, decision, json).Tree();
  json.EndObject();
  return out;
}

}  // namespace mishap::g1
