-- Which issue a commit's message says it fixes. A commit resolves an issue once: releases tell the same commits again,
-- and an issue that came back meanwhile must not be resolved by them a second time. issue_id is the one the message
-- names, also when it has been merged since.

create table tenant.issue_commit (
  project_id bigint not null,
  issue_id bigint not null,
  commit_id bigint not null,                -- control.commit
  created_at timestamptz not null,
  primary key (project_id, issue_id, commit_id)
);
create index issue_commit_by_commit on tenant.issue_commit (project_id, commit_id);

-- Files of a release that came one by one, as older tools send them. The bytes are files under their checksum.
create table control.release_file (
  id bigint generated always as identity primary key,
  release_id bigint not null references control.release on delete cascade,
  name text not null,
  dist text not null default '',
  checksum bytea not null check (length(checksum) = 20),      -- SHA-1
  bytes bigint not null,
  headers jsonb not null default '{}',
  created_at timestamptz not null default now(),
  unique (release_id, name, dist)
);
create index release_file_by_checksum on control.release_file (checksum);
create index debug_file_by_checksum on control.debug_file (checksum);
