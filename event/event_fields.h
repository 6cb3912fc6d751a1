// The fields of an event's parts, named once, in canonical order: the reader and the writer both
// walk these lists. V is FieldReader or FieldWriter; each call names the JSON key, the member and,
// by the method, its shape. Private to this room. A new field of Event is one line here.
#pragma once

#include <concepts>
#include <type_traits>

#include "event/event.h"

namespace mishap {

// T is P or const P: the reader fills, the writer only looks.
template <class T, class P>
concept Part = std::same_as<std::remove_const_t<T>, P>;

template <class V, Part<Mechanism> T>
void VisitFields(V& v, T& m) {
  v.Text("type", m.type);
  v.Flag("handled", m.handled);
  v.Flag("synthetic", m.synthetic);
  v.Flag("is_exception_group", m.is_exception_group);
  v.Int("exception_id", m.exception_id);
  v.Int("parent_id", m.parent_id);
  v.Text("description", m.description);
  v.Text("help_link", m.help_link);
  v.Text("source", m.source);
  v.RawObject("data", m.data);
  v.RawObject("meta", m.meta);
  v.Other(m.other);
}

template <class V, Part<Frame> T>
void VisitFields(V& v, T& f) {
  v.Text("function", f.function);
  v.Text("raw_function", f.raw_function);
  v.Text("module", f.module);
  v.Text("package", f.package);
  v.Text("filename", f.filename);
  v.Text("abs_path", f.abs_path);
  v.Position("lineno", f.lineno);
  v.Position("colno", f.colno);
  v.Lines("pre_context", f.pre_context);
  v.Text("context_line", f.context_line);
  v.Lines("post_context", f.post_context);
  v.Flag("in_app", f.in_app);
  v.RawKeyed("vars", f.vars);
  v.RawObject("data", f.data);
  v.Text("platform", f.platform);
  v.Address("instruction_addr", f.instruction_addr);
  v.Address("symbol_addr", f.symbol_addr);
  v.Address("image_addr", f.image_addr);
  v.Text("symbol", f.symbol);
  v.Text("trust", f.trust);
  v.Other(f.other);
}

template <class V, Part<Stacktrace> T>
void VisitFields(V& v, T& s) {
  v.List("frames", s.frames);
  v.Other(s.other);
}

template <class V, Part<Exception> T>
void VisitFields(V& v, T& e) {
  v.Lenient("type", e.type);
  v.JsonText("value", e.value);
  v.Text("module", e.module);
  v.Nested("mechanism", e.mechanism);
  v.Nested("stacktrace", e.stacktrace);
  v.RawObject("raw_stacktrace", e.raw_stacktrace);
  v.NumberOrText("thread_id", e.thread_id);
  v.Other(e.other);
}

template <class V, Part<Thread> T>
void VisitFields(V& v, T& t) {
  v.NumberOrText("id", t.id);
  v.Lenient("name", t.name);
  v.Text("state", t.state);
  v.Flag("crashed", t.crashed);
  v.Flag("current", t.current);
  v.Flag("main", t.main);
  v.Nested("stacktrace", t.stacktrace);
  v.Other(t.other);
}

template <class V, Part<Breadcrumb> T>
void VisitFields(V& v, T& b) {
  v.Time("timestamp", b.timestamp);
  v.Text("type", b.type);
  v.Text("category", b.category);
  v.LevelText("level", b.level);
  v.JsonText("message", b.message);
  v.RawObject("data", b.data);
  v.Other(b.other);
}

template <class V, Part<EventUser> T>
void VisitFields(V& v, T& u) {
  v.Lenient("id", u.id);
  v.Lenient("email", u.email);
  v.Lenient("ip_address", u.ip_address);
  v.Lenient("username", u.username);
  v.Lenient("name", u.name);
  v.RawObject("geo", u.geo);
  v.Named("data", u.data);
  v.Unknown(u.data);
}

template <class V, Part<HttpRequest> T>
void VisitFields(V& v, T& r) {
  v.Text("method", r.method);
  v.Text("url", r.url);
  v.Query("query_string", r.query_string);
  v.Text("fragment", r.fragment);
  v.Raw("data", r.data);
  v.Text("inferred_content_type", r.inferred_content_type);
  v.Cookies("cookies", r.cookies);
  v.Headers("headers", r.headers);
  v.RawObject("env", r.env);
  v.Text("protocol", r.protocol);
  v.Other(r.other);
}

template <class V, Part<SdkPackage> T>
void VisitFields(V& v, T& p) {
  v.Text("name", p.name);
  v.Text("version", p.version);
}

template <class V, Part<Sdk> T>
void VisitFields(V& v, T& s) {
  v.Text("name", s.name);
  v.Text("version", s.version);
  v.Texts("integrations", s.integrations);
  v.List("packages", s.packages);
  v.RawObject("settings", s.settings);
  v.Other(s.other);
}

template <class V, Part<EventError> T>
void VisitFields(V& v, T& e) {
  v.Text("type", e.type);
  v.Text("name", e.name);
  v.Raw("value", e.value);
  v.Other(e.other);
}

template <class V, Part<LogEntry> T>
void VisitFields(V& v, T& l) {
  v.JsonText("message", l.message);
  v.Raw("params", l.params);
  v.JsonText("formatted", l.formatted);
}

template <class V, Part<Event> T>
void VisitFields(V& v, T& e) {
  v.Id("event_id", e.id);
  v.LevelValue("level", e.level);
  v.Text("type", e.type);
  v.Text("platform", e.platform);
  v.Stamp("timestamp", e.timestamp);
  v.Stamp("received", e.received);
  v.Lenient("release", e.release);
  v.Lenient("dist", e.dist);
  v.Text("environment", e.environment);
  v.Text("server_name", e.server_name);
  v.Text("logger", e.logger);
  v.Text("transaction", e.transaction);
  v.Text("culprit", e.culprit);
  v.Message("logentry", e.logentry);
  v.Values("exception", e.exceptions);
  v.Nested("stacktrace", e.stacktrace);
  v.Values("threads", e.threads);
  v.RawObject("template", e.frame_template);
  v.Texts("fingerprint", e.fingerprint);
  v.Text("checksum", e.checksum);
  v.Pairs("tags", e.tags);
  v.Nested("user", e.user);
  v.Nested("request", e.request);
  v.NamedObjects("contexts", e.contexts);
  v.Values("breadcrumbs", e.breadcrumbs);
  v.Named("extra", e.extra);
  v.Map("modules", e.modules);
  v.Nested("sdk", e.sdk);
  v.RawObject("debug_meta", e.debug_meta);
  v.List("errors", e.errors);
  v.RawObject("_meta", e.meta);
  v.Other(e.other);
}

}  // namespace mishap
