-- What SDKs send beside events: sessions, check-ins, feedback, attachments; and what admission needs to know
-- (docs/limits.md). 0 stands for "none" in environment_id and release_id, as everywhere.

alter table control.organization add column if not exists settings jsonb not null default '{}';  -- quotas, spike_protection

-- Servers that take events from the same projects share a quota: each counts 1/live of it. A row is a heartbeat.
create table control.server (
  instance text primary key,
  seen_at timestamptz not null default now()
);

-- What each session was last known to be, so that its updates and repeats count once. In partitions of the UTC day
-- it started on: an update may come five days later, then the day is dropped. What is kept for good stands in
-- session_hour.
create table tenant.session (
  project_id bigint not null,
  day timestamptz not null,                 -- start of the UTC day of started_at
  sid uuid not null,
  started_at timestamptz not null,
  release_id integer not null,
  environment_id integer not null,
  user_hash bigint,                         -- XXH3-64 of the distinct id, null without one
  status smallint not null default 0,       -- 0 ok (running), 1 exited, 2 errored, 3 crashed, 4 abnormal, 5 unhandled, 6 other
  counted boolean not null default false,   -- its start was counted
  errors bigint not null default 0,
  duration_ms bigint not null default -1,   -- -1: not told
  seq bigint not null default 0,
  primary key (project_id, day, sid)
) partition by range (day);

-- Release health by the hour a session started in. `errored` holds neither crashed, abnormal nor unhandled ones;
-- healthy = total - errored - crashed - abnormal - unhandled.
create table tenant.session_hour (
  project_id bigint not null,
  hour timestamptz not null,
  release_id integer not null,
  environment_id integer not null,
  total bigint not null default 0,
  exited bigint not null default 0,
  errored bigint not null default 0,
  crashed bigint not null default 0,
  abnormal bigint not null default 0,
  unhandled bigint not null default 0,
  anr_foreground bigint not null default 0,
  anr_background bigint not null default 0,
  duration_ms bigint not null default 0,    -- of the sessions that told one
  durations bigint not null default 0,      -- how many did
  primary key (project_id, hour, release_id, environment_id)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);

-- Distinct users of those sessions (storage/user_sketch.h): 0 all, 1 errored in any way, 3 crashed, 4 abnormal, 5 unhandled.
create table tenant.session_user (
  project_id bigint not null,
  hour timestamptz not null,
  release_id integer not null,
  environment_id integer not null,
  status smallint not null,
  sketch bytea not null,
  primary key (project_id, hour, release_id, environment_id, status)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);
alter table tenant.session_user alter sketch set storage plain;

-- A job that reports in. config: what the last check-in that had one said of it.
create table tenant.monitor (
  project_id bigint not null,
  slug text not null,
  config jsonb,
  config_at timestamptz,
  first_seen timestamptz not null,
  last_seen timestamptz not null,
  primary key (project_id, slug)
);

create table tenant.check_in (
  project_id bigint not null,
  id uuid not null,
  monitor_slug text not null,
  environment_id integer not null,
  release_id integer not null,
  status smallint not null,                 -- 0 in progress, 1 ok, 2 error, 3 other
  duration_ms bigint not null default -1,
  trace_id uuid,
  started_at timestamptz not null,          -- received_at of the first report
  updated_at timestamptz not null,          -- of the last
  primary key (project_id, id)
);
create index check_in_by_monitor on tenant.check_in (project_id, monitor_slug, environment_id, started_at desc);
create index check_in_by_time on tenant.check_in (started_at);  -- for retention

-- What people wrote. kind 0: an item of its own, id is its event id; 1: about an event, id is that event's, one per event.
create table tenant.feedback (
  project_id bigint not null,
  kind smallint not null,
  id uuid not null,
  event_id uuid,                            -- what it is about
  received_at timestamptz not null,
  occurred_at timestamptz not null,
  name text not null,
  email text not null,
  comments text not null,
  url text not null,
  replay_id text not null,
  source text not null,
  environment_id integer not null,
  release_id integer not null,
  payload bytea,                            -- the whole event, PayloadCodec frame; kind 0
  primary key (project_id, kind, id)
);
create index feedback_by_event on tenant.feedback (project_id, event_id);
create index feedback_by_time on tenant.feedback (project_id, received_at desc);
create index feedback_by_age on tenant.feedback (received_at);  -- for retention
alter table tenant.feedback alter payload set storage external;

-- Files beside events; the bytes stand in the data directory (spool/blob_files.h). In the partitions of the day they came.
create table tenant.attachment (
  project_id bigint not null,
  received_at timestamptz not null,
  event_id uuid not null,
  id uuid not null,
  name text not null,
  content_type text not null,
  type text not null,
  bytes bigint not null,
  sha1 text not null,
  blob text not null,
  primary key (project_id, event_id, id, received_at)
) partition by range (received_at);

-- Above how many accepted items in an hour a project is in a spike (job spike_thresholds).
create table tenant.spike_threshold (
  project_id bigint not null,
  category text not null,
  per_hour bigint not null,
  computed_at timestamptz not null,
  primary key (project_id, category)
);

create or replace function tenant.ensure_day(day date) returns boolean language plpgsql as $$
declare
  parent text;
  child text;
  made boolean := false;
begin
  perform pg_advisory_xact_lock(hashtext('mishap partitions'));
  foreach parent in array array['event', 'event_payload', 'attachment', 'session'] loop
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
