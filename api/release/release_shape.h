// Releases, commits, deploys and repositories as the API shows them (web-api 2.11). Pure.
#pragma once

#include "base/json_writer.h"
#include "storage/release/release_rows.h"

namespace mishap {

void WriteRelease(const ReleaseDetail& release, JsonWriter& json);
// With the short form of the release the commit was listed for, if any.
void WriteCommit(const CommitRow& commit, const ReleaseDetail* release, JsonWriter& json);
void WriteDeploy(const DeployRow& deploy, JsonWriter& json);
void WriteRepository(const RepositoryRow& repository, JsonWriter& json);
// {package, version, description, buildHash}; the key is the caller's.
void WriteVersionParts(std::string_view version, JsonWriter& json);

}  // namespace mishap
