// An organization's settings, and the log of who did what in it.
#include "api/account/account_body.h"
#include "api/account/account_resources.h"
#include "api/account/account_shapes.h"
#include "api/project/quota_body.h"
#include "storage/organization_store.h"
#include "storage/slug.h"

namespace mishap {
namespace {

constexpr std::size_t kNameBytesMax = 64;

// Quotas and spike protection, as they are merged into what is stored.
tl::expected<std::string, HttpMessageResponse> TakeSettings(std::string_view text) {
  JsonBody body(text);
  std::string out;
  JsonWriter json(out);
  json.BeginObject();
  if (body.IsNull("quotas")) json.Key("quotas").Null();
  if (auto quotas = TakeQuotas(body, kOrganizationQuotaReason)) json.Key("quotas").Raw(*quotas);
  if (auto protects = body.Bool("spikeProtection")) json.Field("spike_protection", *protects);
  json.EndObject();
  if (body.Problem()) return tl::unexpected(*body.Problem());
  return out;
}

}  // namespace

Answer ListAudit(ApiCall& call) {
  auto scope = OrganizationScope(call);
  if (!scope) return Fail(scope.error());
  auto cursor = ParseCursor(call.query);
  if (!cursor) return Fail(cursor.error());
  auto size = ParsePageSize(call.query);
  if (!size) return Fail(size.error());
  // The cursor's value is the number of the last row shown; there is no way back but the first
  // page.
  const std::int64_t before = *cursor ? (*cursor)->value : 0;
  if (before < 0) return BadRequest("Invalid cursor parameter.");
  auto rows = ReadAudit(call.session, scope->Organization(), call.query.GetOr("event", ""), before,
                        *size + 1);
  if (!rows) return Fail(rows.error());
  PageLinks links;
  links.has_next = rows->size() > static_cast<std::size_t>(*size);
  if (links.has_next) rows->pop_back();
  links.has_previous = before > 0;
  links.next = {rows->empty() ? before : rows->back().id, 0, false};
  std::string body;
  JsonWriter json(body);
  json.BeginObject().Key("rows").BeginArray();
  for (const auto& row : *rows) WriteAuditRow(row, json);
  json.EndArray().EndObject();
  auto out = RespondJson(200, std::move(body));
  out.headers.emplace_back("Link", LinkHeader(call.public_url, call.request, links));
  return out;
}

Answer PutOrganization(ApiCall& call) {
  auto scope = OrganizationScope(call);
  if (!scope) return Fail(scope.error());
  auto old = ReadOrganization(call.session, *scope);
  if (!old) return Fail(old.error());
  AccountBody body(call.request.body);
  auto name = body.Text("name", kNameBytesMax);
  auto slug = body.Text("slug", kOrganizationSlugBytesMax);
  auto open = body.Bool("openMembership");
  if (name && name->empty()) body.Refuse("name", "This field may not be blank.");
  if (slug) {
    if (auto fine = CheckSlug(*slug, kOrganizationSlugBytesMax); !fine) {
      body.Refuse("slug", fine.error().detail);
    }
  }
  if (auto problem = body.Problem()) return std::move(*problem);
  auto settings = TakeSettings(call.request.body);
  if (!settings) return std::move(settings.error());
  auto done = ChangeOrganization(call.session, AuditByOf(call), scope->Organization(),
                                 {slug.value_or(old->slug), name.value_or(old->name),
                                  open.value_or(old->open_membership), std::move(*settings)});
  if (!done) return Fail(done.error());
  return RespondOrganization(call, *scope);
}

}  // namespace mishap
