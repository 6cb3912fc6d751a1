-- The first schema. Two schemas (docs/ARCHITECTURE.md, storage): `control` is small and organization-level; `tenant` holds
-- everything per project, with project_id first in every unique index so that it can be sharded.
-- Times are timestamptz in UTC. 0 stands for "none" in environment_id and release_id.

-- `control` itself is made by the migrator, for its own table.
create schema tenant;

create table control.organization (
  id bigint generated always as identity primary key,
  slug text not null unique,
  name text not null,
  created_at timestamptz not null default now()
);

create table control.app_user (
  id bigint generated always as identity primary key,
  email text not null unique,
  name text not null default '',
  password_hash text,                      -- libsodium crypto_pwhash string; null: cannot sign in
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  last_login_at timestamptz
);

create table control.member (
  organization_id bigint not null references control.organization,
  user_id bigint not null references control.app_user,
  role text not null check (role in ('owner', 'manager', 'admin', 'member')),
  created_at timestamptz not null default now(),
  primary key (organization_id, user_id)
);

-- API tokens: only the SHA-256 of the token is kept.
create table control.token (
  id bigint generated always as identity primary key,
  kind text not null check (kind in ('user', 'organization', 'process')),
  organization_id bigint references control.organization,
  user_id bigint references control.app_user,
  name text not null default '',
  hash bytea not null unique,
  last_characters text not null,
  scopes text[] not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz
);

create table control.project (
  id bigint generated always as identity (minvalue 1 maxvalue 9000000) primary key,
  organization_id bigint not null references control.organization,
  slug text not null,
  name text not null,
  platform text,
  is_active boolean not null default true,
  settings jsonb not null default '{}',    -- allowed_origins, scrubbing, retention_days, ...
  created_at timestamptz not null default now(),
  first_event_at timestamptz,
  unique (organization_id, slug)
);

create table control.project_key (
  id bigint generated always as identity primary key,
  project_id bigint not null references control.project,
  public_key text not null unique check (public_key ~ '^[0-9a-f]{32}$'),
  secret_key text not null,
  name text not null,
  is_active boolean not null default true,
  rate_limit_count bigint not null default 0,     -- events per window, 0 = unlimited
  rate_limit_window_s bigint not null default 0,
  created_at timestamptz not null default now()
);
create index project_key_by_project on control.project_key (project_id, id);

-- Releases belong to the organization; tenant.project_release carries the hot per-project side.
create table control.release (
  id bigint generated always as identity primary key,
  organization_id bigint not null references control.organization,
  version text not null,
  created_at timestamptz not null default now(),
  unique (organization_id, version)
);
create table control.release_project (
  release_id bigint not null references control.release,
  project_id bigint not null references control.project,
  primary key (release_id, project_id)
);

-- One row: rises with every change that ingest must see (projects, keys, limits, filters).
create table control.directory_version (
  only_row boolean primary key default true check (only_row),
  version bigint not null
);
insert into control.directory_version (version) values (1);

create table control.dictionary (
  id bigint primary key,                   -- the id inside the zstd frames
  bytes bytea not null,
  created_at timestamptz not null default now()
);

-- The fence of decisions 1.1: where the digest goes on reading a spool.
create table control.spool_position (
  spool_id bytea not null check (length(spool_id) = 16),
  shard smallint not null default 0,
  next_seq bigint not null,
  updated_at timestamptz not null default now(),
  primary key (spool_id, shard)
);

-- Dedupe generations: one a day of database time (decisions 1.11).
create table control.dedupe_generation (
  only_row boolean primary key default true check (only_row),
  generation integer not null,
  started_at timestamptz not null
);

create table control.job (
  name text primary key,
  holder text,
  lease_until timestamptz,
  next_run timestamptz not null default now(),
  last_success_at timestamptz,
  last_error text
);

-- tenant ------------------------------------------------------------------------------------------------------------

-- Hands out numbers within a project; touched only by batches that have something new.
create table tenant.project_counter (
  project_id bigint primary key,
  next_issue bigint not null default 1,
  next_hash_row bigint not null default 1,
  next_environment integer not null default 1,
  next_release integer not null default 1,
  next_tag_key integer not null default 1,
  next_tag_value bigint not null default 1
);

create table tenant.environment (
  project_id bigint not null,
  id integer not null,
  name text not null,
  first_seen timestamptz not null,
  primary key (project_id, id),
  unique (project_id, name)
);

create table tenant.project_release (
  project_id bigint not null,
  id integer not null,
  version text not null,
  first_seen timestamptz not null,
  primary key (project_id, id),
  unique (project_id, version)
);

create table tenant.tag_key (
  project_id bigint not null,
  id integer not null,
  key text not null,
  primary key (project_id, id),
  unique (project_id, key)
);
create table tenant.tag_value (
  project_id bigint not null,
  id bigint not null,
  key_id integer not null,
  value text not null,
  primary key (project_id, id),
  unique (project_id, key_id, value)
);

-- What users triage. Everything below `permalink facts` is a summary that can be recomputed from hash rows.
create table tenant.issue (
  project_id bigint not null,
  id bigint not null,                       -- project_id x 10^9 + short number
  status smallint not null default 0,       -- 0 unresolved, 1 resolved, 2 ignored, 3 merged away, 4 deleted
  substatus smallint not null default 0,    -- 0 none, 1 new, 2 ongoing, 3 regressed, 4 escalating, 5 archived_until_escalating, 6 archived_until_condition_met, 7 archived_forever
  status_details jsonb not null default '{}',
  status_changed_at timestamptz,
  resolved_at timestamptz,
  merged_into bigint,
  level smallint not null,
  type text not null,
  platform text not null,
  logger text not null default '',
  title text not null,
  culprit text not null,
  metadata jsonb not null,
  is_unhandled boolean not null,
  first_seen timestamptz not null,
  first_event_id uuid not null,
  first_release_id integer not null,
  first_environment_id integer not null,
  last_seen timestamptz not null,
  last_event_id uuid not null,
  last_release_id integer not null,
  last_environment_id integer not null,
  times_seen bigint not null,
  users_seen bigint not null,
  primary key (project_id, id)
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);
create index issue_by_last_seen on tenant.issue (project_id, status, last_seen desc, id desc);

-- What events link to; what an issue is made of (grouping 14).
create table tenant.hash_row (
  project_id bigint not null,
  id bigint not null,
  algorithm smallint not null,              -- 1 = g1
  kind smallint not null,                   -- 1 site, 2 message, 3 alias, 4 custom
  hash bytea not null check (length(hash) = 16),
  issue_id bigint not null,
  state smallint not null default 0,        -- 0 active, 1 split, 2 discarded
  origin smallint not null default 0,       -- 0 first, 1 alias, 2 version, 3 merge, 4 similar
  no_alias boolean not null default false,
  first_seen timestamptz not null,
  first_event_id uuid not null,
  first_release_id integer not null,
  first_environment_id integer not null,
  last_seen timestamptz not null,
  last_event_id uuid not null,
  last_release_id integer not null,
  last_environment_id integer not null,
  times_seen bigint not null default 0,
  primary key (project_id, id),
  unique (project_id, algorithm, kind, hash)
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);
create index hash_row_by_issue on tenant.hash_row (project_id, issue_id);

-- One sample event and the explanation of the first event, kept as long as the hash row (retention does not touch it).
create table tenant.hash_sample (
  project_id bigint not null,
  hash_row bigint not null,
  event_id uuid not null,
  received_at timestamptz not null,
  payload bytea not null,
  explanation bytea not null,               -- zstd (payload codec) of the JSON tree
  -- title, message, frame names, lower case. It stands here and not in issue because it never changes: an issue row is
  -- rewritten by every batch, and each rewrite would enter all its trigrams again. Index hash_sample_by_search_text is
  -- made by the migrator where pg_trgm is to be had.
  search_text text not null,
  primary key (project_id, hash_row)
);
alter table tenant.hash_sample alter payload set storage external, alter explanation set storage external;

-- Daily partitions named event_YYYYMMDD / event_payload_YYYYMMDD, made ahead by a job; there is no default partition.
create table tenant.event (
  project_id bigint not null,
  received_at timestamptz not null,
  event_id uuid not null,
  hash_row bigint not null,
  occurred_at timestamptz not null,
  level smallint not null,
  environment_id integer not null,
  release_id integer not null,
  user_hash bigint,                         -- XXH3-64 of the user's identity, null without one
  message_hash bytea,                       -- grouping key M
  path_hash bytea,                          -- grouping key P
  tag_values bigint[] not null,             -- tenant.tag_value ids, sorted
  json_bytes integer not null,              -- canonical JSON before compression
  primary key (project_id, event_id, received_at)
) partition by range (received_at);
create index event_by_hash_row on tenant.event (project_id, hash_row, received_at desc, event_id);

create table tenant.event_payload (
  project_id bigint not null,
  received_at timestamptz not null,
  event_id uuid not null,
  payload bytea not null,
  overlay bytea,                            -- what symbolication adds; never part of payload
  primary key (project_id, event_id, received_at)
) partition by range (received_at);
alter table tenant.event_payload alter payload set storage external;

-- Ids seen lately, partitioned by generation; two generations are kept (24 to 48 hours).
create table tenant.event_seen (
  generation integer not null,
  project_id bigint not null,
  event_id uuid not null,
  primary key (project_id, event_id, generation)
) partition by list (generation);

create table tenant.event_seen_1 partition of tenant.event_seen for values in (1);
insert into control.dedupe_generation (generation, started_at) values (1, now());

-- Makes the partitions of one UTC day if they are missing; true if it made any. Made as plain tables and then attached:
-- CREATE TABLE ... PARTITION OF would lock the parent against readers and writers.
create function tenant.ensure_day(day date) returns boolean language plpgsql as $$
declare
  parent text;
  child text;
  made boolean := false;
begin
  perform pg_advisory_xact_lock(hashtext('mishap partitions'));
  foreach parent in array array['event', 'event_payload'] loop
    child := parent || '_' || to_char(day, 'YYYYMMDD');
    if to_regclass('tenant.' || child) is null then
      execute format('create table tenant.%I (like tenant.%I including all)', child, parent);
    end if;
    if not exists (select from pg_inherits where inhrelid = ('tenant.' || child)::regclass) then
      execute format('alter table tenant.%I attach partition tenant.%I for values from (%L) to (%L)',
                     parent, child, day::timestamp at time zone 'UTC', (day + 1)::timestamp at time zone 'UTC');
      made := true;
    end if;
  end loop;
  return made;
end $$;

-- Counters: keyed by hash row, so that merge and unmerge move pointers only.
create table tenant.hash_hour (
  project_id bigint not null,
  hash_row bigint not null,
  hour timestamptz not null,
  environment_id integer not null,
  times_seen bigint not null,
  primary key (project_id, hash_row, hour, environment_id)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);

create table tenant.hash_release (
  project_id bigint not null,
  hash_row bigint not null,
  release_id integer not null,
  environment_id integer not null,
  first_seen timestamptz not null,
  last_seen timestamptz not null,
  times_seen bigint not null,
  primary key (project_id, hash_row, release_id, environment_id)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);

-- The newest 1,000 values per (hash_row, key); value_id 0 counts all others.
create table tenant.hash_tag (
  project_id bigint not null,
  hash_row bigint not null,
  key_id integer not null,
  value_id bigint not null,
  first_seen timestamptz not null,
  last_seen timestamptz not null,
  times_seen bigint not null,
  primary key (project_id, hash_row, key_id, value_id)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);
create index hash_tag_by_value on tenant.hash_tag (project_id, value_id, hash_row);

-- Distinct users: an exact set up to 256, then HyperLogLog p=12 (storage/user_sketch.h). Besides the rows per
-- environment and day each hash row has one with environment_id -1 and day 1970-01-01: all environments, all time;
-- issue.users_seen is the estimate over those of the issue's hash rows.
create table tenant.hash_user (
  project_id bigint not null,
  hash_row bigint not null,
  environment_id integer not null,
  day date not null,
  sketch bytea not null,
  primary key (project_id, hash_row, environment_id, day)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);
-- At most 3 KB and rewritten as it grows: trying to compress it, or moving it out of line, costs more than it saves.
alter table tenant.hash_user alter sketch set storage plain;

create table tenant.outcome (
  project_id bigint not null,
  hour timestamptz not null,
  key_id bigint not null,
  category text not null,
  outcome smallint not null,
  reason text not null,
  quantity bigint not null,
  primary key (project_id, hour, key_id, category, outcome, reason)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);

-- Effects to deliver after the commit, at least once, with a stable id (decisions 1.12).
create table tenant.outbox (
  project_id bigint not null,
  delivery_id uuid not null,
  kind text not null,                       -- issue_new, issue_regressed, ...
  issue_id bigint not null,
  event_id uuid,
  body jsonb not null default '{}',
  created_at timestamptz not null default now(),
  attempts integer not null default 0,
  next_attempt_at timestamptz not null default now(),
  delivered_at timestamptz,
  last_error text,
  primary key (project_id, delivery_id)
);
create index outbox_due on tenant.outbox (next_attempt_at) where delivered_at is null;

create table tenant.dead_letter (
  project_id bigint not null,
  spool_id bytea not null,
  seq bigint not null,
  type smallint not null,
  reason text not null,
  detail text not null,
  payload bytea not null,
  created_at timestamptz not null default now(),
  primary key (project_id, spool_id, seq)
);

create table tenant.activity (
  project_id bigint not null,
  issue_id bigint not null,
  id uuid not null default gen_random_uuid(),
  kind text not null,                       -- set_resolved, set_unresolved, set_ignored, set_regression, ...
  user_id bigint,
  details jsonb not null default '{}',
  created_at timestamptz not null default now(),
  primary key (project_id, issue_id, id)
);
create index activity_by_time on tenant.activity (project_id, issue_id, created_at desc);
