#include "storage/organization_store.h"

#include <fmt/format.h>

#include "storage/pqxx_session.h"
#include "storage/slug.h"

namespace mishap {
namespace {

Organization OrganizationOf(const pqxx::row& row) {
  return {OrganizationId{row[0].as<std::int64_t>()}, row[1].c_str(), row[2].c_str(),
          TimestampOf(row[3])};
}

}  // namespace

Result<Organization> CreateOrganization(Session& session, std::string_view slug,
                                        std::string_view name) {
  if (auto fine = CheckSlug(slug, kOrganizationSlugBytesMax); !fine) return Fail(fine.error());
  return Transact(session, [&](Work& work) -> Result<Organization> {
    const pqxx::result rows = work.Run("organization_insert", slug, name);
    if (rows.empty()) {
      return Fail(Reason::kConflict, fmt::format("an organization '{}' exists already", slug));
    }
    return OrganizationOf(rows[0]);
  });
}

Result<std::vector<Organization>> ListOrganizations(Session& session) {
  return Read(session, [](Work& work) {
    std::vector<Organization> out;
    for (const pqxx::row& row : work.Run("organization_list")) out.push_back(OrganizationOf(row));
    return out;
  });
}

Result<std::vector<Organization>> OrganizationsOf(Session& session, UserId user) {
  return Read(session, [&](Work& work) {
    std::vector<Organization> out;
    for (const pqxx::row& row : work.Run("organization_of_member", user)) {
      out.push_back(OrganizationOf(row));
    }
    return out;
  });
}

Result<Organization> FindOrganization(Session& session, std::string_view slug_or_id) {
  return Read(session, [&](Work& work) -> Result<Organization> {
    const auto id = IdOfPath(slug_or_id);
    const pqxx::result rows =
        id ? work.Run("organization_by_id", *id) : work.Run("organization_by_slug", slug_or_id);
    if (rows.empty()) {
      return Fail(Reason::kNotFound, fmt::format("there is no organization '{}'", slug_or_id));
    }
    return OrganizationOf(rows[0]);
  });
}

Status ChangeOrganization(Session& session, const AuditBy& by, OrganizationId organization,
                          const OrganizationChange& change) {
  if (auto fine = CheckSlug(change.slug, kOrganizationSlugBytesMax); !fine) return fine;
  return Transact(session, [&](Work& work) -> Status {
    if (work.Run("organization_lock", organization).empty()) {
      return Fail(Reason::kNotFound, "there is no such organization");
    }
    if (work.Run("organization_update", organization, change.slug, change.name,
                 change.open_membership, change.settings_json)
            .empty()) {
      return Fail(Reason::kConflict,
                  fmt::format("an organization '{}' exists already", change.slug));
    }
    work.Run("directory_bump");  // quotas
    WriteAudit(work, by, organization, {"org.edit", change.slug});
    return {};
  });
}

Status AddMember(Session& session, OrganizationId organization, UserId user,
                 std::string_view role) {
  return Transact(session, [&](Work& work) {
    work.Run("organization_member_upsert", organization, user, role);
  });
}

}  // namespace mishap
