-- Triage: what people decide about issues, and what Mishap does with that by itself.

alter table tenant.issue
  add column priority smallint not null default 3,   -- 1 low, 2 medium, 3 high
  add column priority_locked_at timestamptz,         -- a person chose it: nothing changes it by itself
  add column assigned_user_id bigint,                -- one of the two, or none
  add column assigned_team_id bigint,
  add column inbox_reason smallint default 0,        -- null: reviewed; 0 new, 2 regression, 3 manual, 5 escalating, 6 ongoing
  add column inbox_at timestamptz;                   -- null: since first_seen
update tenant.issue set priority = case when level >= 40 then 3 when level >= 30 then 2 else 1 end where level < 40;
create index issue_by_assigned_user on tenant.issue (project_id, assigned_user_id) where assigned_user_id is not null;
create index issue_by_assigned_team on tenant.issue (project_id, assigned_team_id) where assigned_team_id is not null;

-- What one user has to do with an issue. subscribed null: never touched; false: wants no more of it.
create table tenant.issue_user (
  project_id bigint not null,
  issue_id bigint not null,
  user_id bigint not null,
  bookmarked_at timestamptz,
  subscribed boolean,
  subscription_reason text,
  seen_at timestamptz,
  primary key (project_id, issue_id, user_id)
);
create index issue_user_by_user on tenant.issue_user (project_id, user_id);

-- Resolved in a release or a commit. No row: a plain resolve.
create table tenant.issue_resolution (
  project_id bigint not null,
  issue_id bigint not null,
  kind smallint not null,                   -- 1 in a release, 2 in the next one after release_id, 3 in a commit
  release_id integer not null default 0,    -- tenant.project_release
  current_version text not null default '', -- of 2: the greatest version when it was resolved
  repository text not null default '',      -- of 3
  commit_id text not null default '',
  user_id bigint,
  created_at timestamptz not null,
  primary key (project_id, issue_id)
);
create index issue_resolution_pending on tenant.issue_resolution (project_id, kind) where kind in (2, 3);

-- When an ignored issue comes back by itself. Counts without a window are reckoned from the baselines.
create table tenant.issue_snooze (
  project_id bigint not null,
  issue_id bigint not null,
  until timestamptz,
  times bigint,
  window_min integer,
  users bigint,
  user_window_min integer,
  times_seen_base bigint not null default 0,
  users_seen_base bigint not null default 0,
  escalate_per_hour bigint,                 -- until escalating: events within one hour
  user_id bigint,
  created_at timestamptz not null,
  primary key (project_id, issue_id)
);
create index issue_snooze_by_until on tenant.issue_snooze (until) where until is not null;

create table tenant.issue_share (
  project_id bigint not null,
  issue_id bigint not null,
  share_id uuid not null,
  user_id bigint,
  created_at timestamptz not null,
  primary key (project_id, issue_id)
);
create index issue_share_by_id on tenant.issue_share (share_id);

-- Comments are activities of kind note.
alter table tenant.activity add column edited_at timestamptz;
create index activity_note on tenant.activity (project_id, issue_id) where kind = 'note';

-- Which release brought a resolved issue back (0: an event without a release). Counted per release.
create table tenant.issue_regression (
  project_id bigint not null,
  release_id integer not null,
  issue_id bigint not null,
  event_id uuid not null,
  regressed_at timestamptz not null,
  primary key (project_id, release_id, issue_id)
);

-- A change of many issues: first a selection (a snapshot of ids), then applied by a job in batches, undone for a day.
create table control.bulk_change (
  id uuid primary key,                      -- the selection, the change and its undo token in one: opaque, not to be guessed
  organization_id bigint not null references control.organization,
  user_id bigint,
  state text not null check (state in ('selected', 'waiting', 'done', 'failed', 'undo_waiting', 'undone')),
  change jsonb not null default '{}',       -- the update's body as it was sent
  projects bigint[] not null,
  total integer not null,
  done integer not null default 0,          -- items looked at
  changed integer not null default 0,       -- of those changed
  restored integer not null default 0,      -- by the undo
  error text,
  created_at timestamptz not null default now(),
  applied_at timestamptz,                   -- when the change was asked for: its undo ends a day after
  finished_at timestamptz
);
create index bulk_change_open on control.bulk_change (created_at) where state in ('waiting', 'undo_waiting');

create table tenant.bulk_item (
  project_id bigint not null,
  bulk_id uuid not null,
  issue_id bigint not null,
  state smallint not null default 0,        -- 0 waiting, 1 changed, 2 nothing to change, 3 restored, 4 changed since: left alone
  before jsonb,                             -- what the undo puts back
  after jsonb,                              -- what must still stand there for that
  primary key (project_id, bulk_id, issue_id)
);
