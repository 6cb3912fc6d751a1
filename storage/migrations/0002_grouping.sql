-- What people and versions do to grouping: rules of a project with their history, changes of what hash rows point to with
-- an undo log, the burst guard (docs/grouping.md).

-- Every change of a project's grouping is a row; the greatest version counts, the one before it is tried for keys that
-- are unknown until transition_until.
create table control.project_grouping (
  project_id bigint not null references control.project,
  version integer not null,
  algorithm text not null,
  stack_trace_rules text not null default '',
  fingerprint_rules text not null default '',
  options text not null default '',
  transition_until timestamptz not null,   -- in the past: no window
  user_id bigint,
  created_at timestamptz not null default now(),
  -- The backfill: keys of the samples of hash rows up to backfilled_row were computed under this version.
  backfilled_row bigint not null default 0,
  backfilled_at timestamptz,               -- done
  primary key (project_id, version)
);

alter table tenant.hash_row
  add column alias_hash bytea,                           -- PM of the event that made the row
  add column split_of bigint,                            -- of M rows: the S row that was split
  add column heir_version integer not null default 0;    -- under which grouping version another key took its issue over

alter table tenant.issue
  add column is_flood boolean not null default false;    -- the burst guard's: keeps its title
create index issue_by_merged_into on tenant.issue (project_id, merged_into) where merged_into is not null;

-- The burst guard: how many issues may be opened, as of when, and where the others go.
alter table tenant.project_counter
  add column issue_credit double precision,              -- null: full
  add column issue_credit_at timestamptz,
  add column flood_issue bigint;

-- One row for each merge, unmerge, split, discard, release and undo. `details` has what stood before, so that it can be undone:
-- {"rows":[{"id","issue_id","state","no_alias","origin","to_issue_id","to_state"}],
-- "issues":[{"id","status","substatus","merged_into"}]}; to_issue_id and to_state are what must still stand there then.
create table tenant.grouping_log (
  project_id bigint not null,
  id uuid not null default gen_random_uuid(),
  action text not null,
  user_id bigint,
  from_issues bigint[] not null,
  to_issue bigint,                         -- where everything went
  made_issues bigint[] not null,           -- by this action
  hash_rows bigint[] not null,
  details jsonb not null,
  created_at timestamptz not null,
  undone_at timestamptz,
  undone_by bigint,
  primary key (project_id, id)
);
create index grouping_log_by_time on tenant.grouping_log (project_id, created_at desc);
