-- Releases, their commits, deploys and repositories: organization-level facts, so schema `control`. What events say of a
-- release (first seen, counts) stays with tenant.project_release and the hash rows.

alter table control.release
  add column status smallint not null default 0,             -- 0 open, 1 archived
  add column ref text,
  add column url text,
  add column date_started timestamptz,
  add column date_released timestamptz,
  add column owner_id bigint references control.app_user,
  -- What the name says about its order (event/release_version.h); numbers null: nothing.
  add column package text not null default '',
  add column numbers bigint[] check (cardinality(numbers) = 4),
  add column prerelease text collate "C" not null default '',
  add column build text collate "C" not null default '';
create index release_by_date on control.release (organization_id, (coalesce(date_released, created_at)) desc, id desc);
create index release_project_by_project on control.release_project (project_id, release_id);

-- Releases that events have named before this table was filled by the digest. Their order is read from the name when
-- they are next written; until then they count as unordered.
insert into control.release (organization_id, version, created_at)
select p.organization_id, r.version, min(r.first_seen)
from tenant.project_release r join control.project p on p.id = r.project_id
group by p.organization_id, r.version
on conflict (organization_id, version) do nothing;
insert into control.release_project (release_id, project_id)
select c.id, r.project_id
from tenant.project_release r join control.project p on p.id = r.project_id
join control.release c on c.organization_id = p.organization_id and c.version = r.version
on conflict do nothing;

create table control.repository (
  id bigint generated always as identity primary key,
  organization_id bigint not null references control.organization,
  name text not null,
  url text,
  provider text not null default 'unknown',
  status smallint not null default 0,                        -- 0 active, 1 hidden
  created_at timestamptz not null default now()
);
create unique index repository_by_name on control.repository (organization_id, lower(name));

create table control.commit (
  id bigint generated always as identity primary key,
  organization_id bigint not null references control.organization,
  repository_id bigint not null references control.repository,
  sha text not null,
  message text not null default '',
  author_name text not null default '',
  author_email text not null default '',
  committed_at timestamptz not null,
  files jsonb not null default '[]',                         -- [{"path":"app.js","type":"M"}]
  unique (organization_id, repository_id, sha)
);
create index commit_by_sha on control.commit (organization_id, sha);

create table control.release_commit (
  release_id bigint not null references control.release on delete cascade,
  place integer not null,                                    -- 0 is the newest
  commit_id bigint not null references control.commit,
  primary key (release_id, place)
);
create index release_commit_by_commit on control.release_commit (commit_id);

-- The head of each repository at a release, as `refs` names them.
create table control.release_head (
  release_id bigint not null references control.release on delete cascade,
  repository_id bigint not null references control.repository,
  sha text not null,
  previous_sha text,
  primary key (release_id, repository_id)
);

create table control.deploy (
  id bigint generated always as identity primary key,
  release_id bigint not null references control.release on delete cascade,
  environment text not null,
  name text,
  url text,
  date_started timestamptz,
  date_finished timestamptz not null,
  project_ids bigint[] not null,
  created_at timestamptz not null default now()
);
create index deploy_by_release on control.deploy (release_id, date_finished desc, id desc);

alter table control.release_project
  drop constraint release_project_release_id_fkey,
  add foreign key (release_id) references control.release on delete cascade;

-- First and last event of a release.
create index hash_release_by_release on tenant.hash_release (project_id, release_id);
