-- What build tools upload: bundles of source maps and debug files. The bytes are files under their checksum in the data
-- directory; these rows say what they are.

create table control.artifact_bundle (
  id bigint generated always as identity primary key,
  organization_id bigint not null references control.organization,
  checksum bytea not null check (length(checksum) = 20),      -- SHA-1 of the whole bundle
  version text not null default '',                           -- of the release, or none
  dist text not null default '',
  project_ids bigint[] not null,
  bytes bigint not null,
  created_at timestamptz not null default now(),
  unique (organization_id, checksum, version, dist)
);

create table control.debug_file (
  id bigint generated always as identity primary key,
  project_id bigint not null references control.project,
  checksum bytea not null check (length(checksum) = 20),
  name text not null,
  debug_id text not null default '',
  bytes bigint not null,
  created_at timestamptz not null default now(),
  unique (project_id, checksum)
);
create index debug_file_by_debug_id on control.debug_file (project_id, debug_id);
