#include "ingest/error_page.h"

#include "base/ids.h"
#include "event/dsn.h"
#include "ingest/answer.h"

namespace mishap {
namespace {

// Texts come from the query (title, subtitle, labelName ...) and are set as text, never as markup.
constexpr std::string_view kScript = R"js((function () {
  "use strict";
  var source = document.currentScript && document.currentScript.src;
  if (!source) return;
  var query = new URL(source).searchParams;
  function text(name, fallback) { return query.get(name) || fallback; }
  function make(tag, parent, content) {
    var element = document.createElement(tag);
    if (content) element.textContent = content;
    parent.appendChild(element);
    return element;
  }
  var dialog = document.createElement("dialog");
  dialog.setAttribute("aria-label", text("title", "It looks like we are having issues."));
  var form = make("form", dialog);
  make("h2", form, text("title", "It looks like we are having issues."));
  make("p", form, text("subtitle", "Our team has been notified.") + " " +
      text("subtitle2", "If you would like to help, tell us what happened below."));
  function field(name, label, kind, value) {
    var row = make("label", make("p", form), label + " ");
    var input = make(kind, row);
    input.name = name;
    input.required = true;
    if (kind === "input") input.type = name === "email" ? "email" : "text";
    if (value) input.value = value;
    return input;
  }
  field("name", text("labelName", "Name"), "input", query.get("name"));
  field("email", text("labelEmail", "Email"), "input", query.get("email"));
  field("comments", text("labelComments", "What happened?"), "textarea");
  var message = make("p", form);
  message.setAttribute("role", "status");
  var send = make("button", form, text("labelSubmit", "Submit Crash Report"));
  send.type = "submit";
  var close = make("button", form, text("labelClose", "Close"));
  close.type = "button";
  close.addEventListener("click", function () { dialog.close(); });
  dialog.addEventListener("close", function () { dialog.remove(); });
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    send.disabled = true;
    var request = new XMLHttpRequest();
    request.open("POST", source);
    request.onloadend = function () {
      var taken = request.status === 200;
      message.textContent = taken
          ? text("successMessage", "Your feedback has been sent. Thank you!")
          : text("errorGeneric", "An error occurred while submitting your report. Please try again.");
      send.disabled = taken;
    };
    request.send(new URLSearchParams(new FormData(form)));
  });
  function show() {
    document.body.appendChild(dialog);
    if (dialog.showModal) dialog.showModal(); else dialog.setAttribute("open", "");
  }
  if (document.body) show(); else document.addEventListener("DOMContentLoaded", show);
})();
)js";

}  // namespace

Result<HttpMessageResponse> ErrorPageScript(const QueryParameters& query) {
  auto dsn = ParseDsn(QueryValue(query, "dsn"));
  auto event = ParseId128<EventId>(QueryValue(query, "eventId"));
  if (!dsn || !event) {
    return Fail(Reason::kInvalidArgument, "dsn= and eventId= are required in the query");
  }
  HttpMessageResponse response = EmptyAnswer();
  response.headers.emplace_back("Content-Type", "text/javascript; charset=utf-8");
  response.body = kScript;
  return response;
}

}  // namespace mishap
