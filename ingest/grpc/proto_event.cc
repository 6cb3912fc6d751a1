// The messages of proto/mishap/v1/event.proto, one function each, in the order of that file. A new
// field is one line here; a test fills every field of the contract and fails when one is not read.
#include "ingest/grpc/proto_event.h"

#include <fmt/format.h>
#include <algorithm>

#include "event/event_json.h"
#include "ingest/grpc/proto_fields.h"

namespace mishap {
namespace {

using Field = ProtoField;

// All of them, for the templates below.
void ReadMessage(ProtoFields& in, std::string_view message, Exception& out);
void ReadMessage(ProtoFields& in, std::string_view message, Thread& out);
void ReadMessage(ProtoFields& in, std::string_view message, Breadcrumb& out);
void ReadMessage(ProtoFields& in, std::string_view message, EventUser& out);
void ReadMessage(ProtoFields& in, std::string_view message, HttpRequest& out);
void ReadMessage(ProtoFields& in, std::string_view message, SdkPackage& out);
void ReadMessage(ProtoFields& in, std::string_view message, Sdk& out);

void ReadMessage(ProtoFields& in, std::string_view message, LogEntry& out) {
  in.Each(message, [&](const Field& f) {
    switch (f.number) {
      case 1:
        return in.Text(f, out.formatted);
      case 2:
        return in.Text(f, out.message);
      case 3:
        return in.Json(f, "logentry.params", out.params);
    }
  });
}

void ReadMessage(ProtoFields& in, std::string_view message, Mechanism& out) {
  in.Each(message, [&](const Field& f) {
    switch (f.number) {
      case 1:
        return in.Text(f, out.type);
      case 2:
        return in.Flag(f, out.handled);
      case 3:
        return in.Flag(f, out.synthetic);
      case 4:
        return in.Flag(f, out.is_exception_group);
      case 5:
        return in.Int(f, out.exception_id);
      case 6:
        return in.Int(f, out.parent_id);
      case 7:
        return in.Text(f, out.description);
      case 8:
        return in.Text(f, out.help_link);
      case 9:
        return in.Text(f, out.source);
      case 10:
        return in.JsonObject(f, "exception.mechanism.data", out.data);
      case 11:
        return in.JsonObject(f, "exception.mechanism.meta", out.meta);
    }
  });
}

void ReadPlace(ProtoFields& in, const Field& f, Frame& out) {
  switch (f.number) {
    case 1:
      return in.Text(f, out.function);
    case 2:
      return in.Text(f, out.raw_function);
    case 3:
      return in.Text(f, out.module);
    case 4:
      return in.Text(f, out.package);
    case 5:
      return in.Text(f, out.filename);
    case 6:
      return in.Text(f, out.abs_path);
    case 7:
      return in.Position(f, out.lineno);
    case 8:
      return in.Position(f, out.colno);
    case 9:
      return in.Texts(f, out.pre_context);
    case 10:
      return in.Text(f, out.context_line);
    case 11:
      return in.Texts(f, out.post_context);
  }
}

void ReadMessage(ProtoFields& in, std::string_view message, Frame& out) {
  in.Each(message, [&](const Field& f) {
    switch (f.number) {
      case 12:
        return in.Flag(f, out.in_app);
      case 13:
        return in.JsonObject(f, "frame.vars", out.vars);
      case 14:
        return in.JsonObject(f, "frame.data", out.data);
      case 15:
        return in.Text(f, out.platform);
      case 16:
        return in.Address(f, out.instruction_addr);
      case 17:
        return in.Address(f, out.symbol_addr);
      case 18:
        return in.Address(f, out.image_addr);
      case 19:
        return in.Text(f, out.symbol);
      case 20:
        return in.Text(f, out.trust);
      default:
        return ReadPlace(in, f, out);
    }
  });
}

// One element of a list of `count`, of which `index` were seen.
template <class Part>
void ReadElement(ProtoFields& in, const Field& f, std::vector<Part>& out, std::size_t& index,
                 std::size_t count) {
  if (f.IsBytes() && in.Keeps(index++, count)) ReadMessage(in, f.bytes, out.emplace_back());
}

void ReadMessage(ProtoFields& in, std::string_view message, Stacktrace& out) {
  const std::size_t frames = CountOf(message, 1);
  std::size_t index = 0;
  in.Each(message, [&](const Field& f) {
    if (f.number == 1) ReadElement(in, f, out.frames, index, frames);
  });
}

template <class Part>
void ReadNested(ProtoFields& in, const Field& f, std::optional<Part>& out) {
  if (!f.IsBytes()) return;
  if (!out) out.emplace();
  ReadMessage(in, f.bytes, *out);
}

void ReadMessage(ProtoFields& in, std::string_view message, Exception& out) {
  in.Each(message, [&](const Field& f) {
    switch (f.number) {
      case 1:
        return in.Text(f, out.type);
      case 2:
        return in.Text(f, out.value);
      case 3:
        return in.Text(f, out.module);
      case 4:
        return ReadNested(in, f, out.stacktrace);
      case 5:
        return ReadNested(in, f, out.mechanism);
      case 6:
        return in.NumberOrText(f, out.thread_id);
      case 7:
        return in.JsonObject(f, "exception.raw_stacktrace", out.raw_stacktrace);
    }
  });
}

void ReadMessage(ProtoFields& in, std::string_view message, Thread& out) {
  in.Each(message, [&](const Field& f) {
    switch (f.number) {
      case 1:
        return in.NumberOrText(f, out.id);
      case 2:
        return in.Text(f, out.name);
      case 3:
        return in.Text(f, out.state);
      case 4:
        return in.Flag(f, out.crashed);
      case 5:
        return in.Flag(f, out.current);
      case 6:
        return in.Flag(f, out.main);
      case 7:
        return ReadNested(in, f, out.stacktrace);
    }
  });
}

void ReadMessage(ProtoFields& in, std::string_view message, Breadcrumb& out) {
  in.Each(message, [&](const Field& f) {
    switch (f.number) {
      case 1:
        return in.Time(f, "breadcrumbs.timestamp", out.timestamp);
      case 2:
        return in.Text(f, out.type);
      case 3:
        return in.Text(f, out.category);
      case 4: {
        std::optional<Level> level;
        in.LevelValue(f, "breadcrumbs.level", level);
        if (level) out.level = LevelName(*level);
        return;
      }
      case 5:
        return in.Text(f, out.message);
      case 6:
        return in.JsonObject(f, "breadcrumbs.data", out.data);
    }
  });
}

void ReadMessage(ProtoFields& in, std::string_view message, EventUser& out) {
  in.Each(message, [&](const Field& f) {
    switch (f.number) {
      case 1:
        return in.Text(f, out.id);
      case 2:
        return in.Text(f, out.email);
      case 3:
        return in.Text(f, out.ip_address);
      case 4:
        return in.Text(f, out.username);
      case 5:
        return in.Text(f, out.name);
      case 6:
        return in.JsonObject(f, "user.geo", out.geo);
      case 7:
        return in.NamedValue(f, "user.data", out.data);
    }
  });
  KeepLastOfEachName(out.data);
}

void ReadMessage(ProtoFields& in, std::string_view message, HttpRequest& out) {
  in.Each(message, [&](const Field& f) {
    switch (f.number) {
      case 1:
        return in.Text(f, out.url);
      case 2:
        return in.Text(f, out.method);
      case 3:
        return in.Pair(f, out.query_string);
      case 4:
        return in.Text(f, out.fragment);
      case 5:
        return in.Pair(f, out.headers);
      case 6:
        return in.Pair(f, out.cookies);
      case 7:
        return in.Json(f, "request.data", out.data);
      case 8:
        return in.JsonObject(f, "request.env", out.env);
      case 9:
        return in.Text(f, out.protocol);
      case 10:
        return in.Text(f, out.inferred_content_type);
    }
  });
}

void ReadMessage(ProtoFields& in, std::string_view message, SdkPackage& out) {
  in.Each(message, [&](const Field& f) {
    switch (f.number) {
      case 1:
        return in.Text(f, out.name);
      case 2:
        return in.Text(f, out.version);
    }
  });
}

void ReadMessage(ProtoFields& in, std::string_view message, Sdk& out) {
  const std::size_t packages = CountOf(message, 4);
  std::size_t package = 0;
  in.Each(message, [&](const Field& f) {
    switch (f.number) {
      case 1:
        return in.Text(f, out.name);
      case 2:
        return in.Text(f, out.version);
      case 3:
        return in.Texts(f, out.integrations);
      case 4:
        return ReadElement(in, f, out.packages, package, packages);
      case 5:
        return in.JsonObject(f, "sdk.settings", out.settings);
    }
  });
}

void ReadId(ProtoFields& in, const Field& f, EventId& out) {
  if (!f.IsBytes() || f.bytes.empty()) return;
  auto id = ParseId128<EventId>(f.bytes);
  if (!id) return in.Drop("invalid_data", "event_id", f.bytes);
  out = *id;
}

// The fields of an event that are one text or one value.
void ReadScalar(ProtoFields& in, const Field& f, Event& out) {
  switch (f.number) {
    case 1:
      return ReadId(in, f, out.id);
    case 2: {
      std::optional<Timestamp> time;
      in.Time(f, "timestamp", time);
      if (time) out.timestamp = *time;
      return;
    }
    case 3:
      return in.LevelValue(f, "level", out.level);
    case 4:
      return in.Text(f, out.platform);
    case 5:
      return in.Text(f, out.logger);
    case 6:
      return in.Text(f, out.transaction);
    case 7:
      return in.Text(f, out.culprit);
    case 8:
      return in.Text(f, out.server_name);
    case 9:
      return in.Text(f, out.release);
    case 10:
      return in.Text(f, out.dist);
    case 11:
      return in.Text(f, out.environment);
    case 24:
      return in.JsonObject(f, "debug_meta", out.debug_meta);
    case 25:
      return in.Text(f, out.checksum);
  }
}

void ReadMessage(ProtoFields& in, std::string_view message, Event& out) {
  const std::size_t counts[] = {CountOf(message, 13), CountOf(message, 14), CountOf(message, 15)};
  std::size_t seen[] = {0, 0, 0};
  in.Each(message, [&](const Field& f) {
    switch (f.number) {
      case 12:
        return ReadNested(in, f, out.logentry);
      case 13:
        return ReadElement(in, f, out.exceptions, seen[0], counts[0]);
      case 14:
        return ReadElement(in, f, out.threads, seen[1], counts[1]);
      case 15:
        return ReadElement(in, f, out.breadcrumbs, seen[2], counts[2]);
      case 16:
        return ReadNested(in, f, out.user);
      case 17:
        return ReadNested(in, f, out.request);
      case 18:
        return in.Pair(f, out.tags);
      case 19:
        return in.NamedObject(f, "contexts", out.contexts);
      case 20:
        return in.NamedValue(f, "extra", out.extra);
      case 21:
        return in.Pair(f, out.modules);
      case 22:
        return in.Texts(f, out.fingerprint);
      case 23:
        return ReadNested(in, f, out.sdk);
      default:
        return ReadScalar(in, f, out);
    }
  });
  KeepLastOfEachName(out.tags);
  KeepLastOfEachName(out.contexts);
  KeepLastOfEachName(out.extra);
  KeepLastOfEachName(out.modules);
  // Written as an object, whose members come back sorted: a map on the wire has no order.
  std::sort(out.modules.begin(), out.modules.end());
}

}  // namespace

Result<Event> ProtoEventReader::Read(std::string_view bytes) {
  Event event;
  ProtoFields in(json_);
  ReadMessage(in, bytes, event);
  if (in.broken) {
    return Fail(Reason::kInvalidArgument, "the event is not a message of mishap.v1.Event");
  }
  event.errors = std::move(in.errors);
  return event;
}

}  // namespace mishap
