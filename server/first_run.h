// The first run: an organization, a project with its key, an owner with a token. Later runs find
// what is there. Credentials are kept in first-run.json (0600) in the data directory until the
// first login.
#pragma once

#include <string>

#include "base/ids.h"
#include "base/random.h"
#include "base/result.h"
#include "storage/connection.h"

namespace mishap {

struct FirstProject {
  OrganizationId organization_id;
  std::string organization;  // slug
  ProjectId project_id;
  std::string project;     // slug
  std::string public_key;  // of its oldest active key
};

struct FirstCredentials {
  std::string owner_email;
  std::string owner_password;
  std::string token;  // empty: first-run.json is gone; `mishap token create` makes another
};

// The oldest organization, its oldest project and that one's oldest key, made where missing. Two
// servers may do this at once. Errors: unavailable, internal.
Result<FirstProject> EnsureFirstProject(Session& session, Random& random);

// Makes the owner when nobody is there yet, and writes first-run.json; else reads it.
Result<FirstCredentials> EnsureOwner(Session& session, Random& random, const FirstProject& project,
                                     const std::string& data_dir);

// Removes first-run.json; nothing if it is gone.
void ForgetCredentials(const std::string& data_dir);

// A token that dies with the process and acts as the organization's first owner: `instance` names
// its owner, older ones of the same instance (a crash) are revoked.
Result<std::string> MintProcessToken(Session& session, Random& random, const FirstProject& project,
                                     const std::string& instance);
Status RevokeProcessTokens(Session& session, const FirstProject& project,
                           const std::string& instance);

}  // namespace mishap
