-- The digest's steps for typed records (storage/typed/), inside its transaction. Keys are sorted by the caller.

-- name: digest_session_insert
insert into tenant.session (project_id, day, sid, started_at, release_id, environment_id)
select * from unnest($1::bigint[], $2::timestamptz[], $3::uuid[], $4::timestamptz[], $5::int[], $6::int[])
on conflict do nothing

-- name: digest_session_select
select k.n, s.started_at, s.release_id, s.environment_id, s.user_hash, s.status, s.counted, s.errors, s.duration_ms, s.seq
from unnest($1::bigint[], $2::timestamptz[], $3::uuid[]) with ordinality k(project_id, day, sid, n)
join tenant.session s on s.project_id = k.project_id and s.day = k.day and s.sid = k.sid
order by k.n
for update of s

-- name: digest_session_update
update tenant.session s
set user_hash = k.user_hash, status = k.status, counted = k.counted, errors = k.errors, duration_ms = k.duration_ms, seq = k.seq
from unnest($1::bigint[], $2::timestamptz[], $3::uuid[], $4::bigint[], $5::smallint[], $6::boolean[], $7::bigint[],
            $8::bigint[], $9::bigint[])
  k(project_id, day, sid, user_hash, status, counted, errors, duration_ms, seq)
where s.project_id = k.project_id and s.day = k.day and s.sid = k.sid

-- name: digest_session_hour
insert into tenant.session_hour as h (project_id, hour, release_id, environment_id, total, exited, errored, crashed,
                                      abnormal, unhandled, anr_foreground, anr_background, duration_ms, durations)
select * from unnest($1::bigint[], $2::timestamptz[], $3::int[], $4::int[], $5::bigint[], $6::bigint[], $7::bigint[],
                     $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[])
on conflict (project_id, hour, release_id, environment_id) do update
set total = h.total + excluded.total, exited = h.exited + excluded.exited, errored = h.errored + excluded.errored,
    crashed = h.crashed + excluded.crashed, abnormal = h.abnormal + excluded.abnormal,
    unhandled = h.unhandled + excluded.unhandled, anr_foreground = h.anr_foreground + excluded.anr_foreground,
    anr_background = h.anr_background + excluded.anr_background, duration_ms = h.duration_ms + excluded.duration_ms,
    durations = h.durations + excluded.durations

-- name: digest_session_user_select
select k.n, u.sketch
from unnest($1::bigint[], $2::timestamptz[], $3::int[], $4::int[], $5::smallint[])
  with ordinality k(project_id, hour, release_id, environment_id, status, n)
join tenant.session_user u on u.project_id = k.project_id and u.hour = k.hour and u.release_id = k.release_id
  and u.environment_id = k.environment_id and u.status = k.status

-- name: digest_session_user_store
insert into tenant.session_user (project_id, hour, release_id, environment_id, status, sketch)
select * from unnest($1::bigint[], $2::timestamptz[], $3::int[], $4::int[], $5::smallint[], $6::bytea[])
on conflict (project_id, hour, release_id, environment_id, status) do update set sketch = excluded.sketch

-- name: digest_monitor_upsert
-- $6: how many monitors a project may have. A slug over it is not made, and so not returned.
insert into tenant.monitor as m (project_id, slug, config, config_at, first_seen, last_seen)
select k.project_id, k.slug, k.config::jsonb, case when k.config is not null then k.seen end, k.first, k.seen
from unnest($1::bigint[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[])
  with ordinality k(project_id, slug, config, first, seen, n)
where exists (select from tenant.monitor o where o.project_id = k.project_id and o.slug = k.slug)
   or (select count(*) from (select from tenant.monitor o where o.project_id = k.project_id limit $6::bigint) c)
      + (select count(*) from unnest($1::bigint[]) with ordinality b(project_id, n)
         where b.project_id = k.project_id and b.n < k.n) < $6::bigint
order by k.project_id, k.slug
on conflict (project_id, slug) do update
set config = case when excluded.config is not null and (m.config_at is null or excluded.config_at >= m.config_at)
                  then excluded.config else m.config end,
    config_at = greatest(m.config_at, excluded.config_at),
    first_seen = least(m.first_seen, excluded.first_seen), last_seen = greatest(m.last_seen, excluded.last_seen)
returning project_id, slug

-- name: digest_check_in_latest
select k.n, c.id
from unnest($1::bigint[], $2::text[], $3::int[]) with ordinality k(project_id, slug, environment_id, n)
cross join lateral (
  select c.id, c.status from tenant.check_in c
  where c.project_id = k.project_id and c.monitor_slug = k.slug and c.environment_id = k.environment_id and c.status = 0
  order by c.started_at desc, c.id limit 1
) c

-- name: digest_check_in_upsert
-- A final status stays; a row that would not change is not returned: a repeat.
insert into tenant.check_in as c (project_id, id, monitor_slug, environment_id, release_id, status, duration_ms, trace_id,
                                  started_at, updated_at)
select * from unnest($1::bigint[], $2::uuid[], $3::text[], $4::int[], $5::int[], $6::smallint[], $7::bigint[], $8::uuid[],
                     $9::timestamptz[], $10::timestamptz[])
on conflict (project_id, id) do update
set status = case when c.status = 0 then excluded.status else c.status end,
    duration_ms = case when c.duration_ms < 0 then excluded.duration_ms else c.duration_ms end,
    release_id = case when c.release_id = 0 then excluded.release_id else c.release_id end,
    trace_id = coalesce(c.trace_id, excluded.trace_id),
    started_at = least(c.started_at, excluded.started_at), updated_at = greatest(c.updated_at, excluded.updated_at)
where (c.status = 0 and excluded.status <> 0) or (c.status <> 0 and excluded.status = 0 and excluded.started_at < c.started_at)
   or (c.duration_ms < 0 and excluded.duration_ms >= 0) or (c.release_id = 0 and excluded.release_id <> 0)
   or (c.trace_id is null and excluded.trace_id is not null)
returning project_id, id

-- name: digest_feedback_upsert
-- A later user report of the same event replaces the earlier one; a feedback is stored once.
insert into tenant.feedback as f (project_id, kind, id, event_id, received_at, occurred_at, name, email, comments, url,
                                  replay_id, source, environment_id, release_id, payload)
select * from unnest($1::bigint[], $2::smallint[], $3::uuid[], $4::uuid[], $5::timestamptz[], $6::timestamptz[], $7::text[],
                     $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::int[], $14::int[], $15::bytea[])
on conflict (project_id, kind, id) do update
set received_at = excluded.received_at, occurred_at = excluded.occurred_at, name = excluded.name, email = excluded.email,
    comments = excluded.comments, url = excluded.url, source = excluded.source, environment_id = excluded.environment_id,
    release_id = excluded.release_id
where f.kind = 1 and excluded.received_at > f.received_at
returning project_id, kind, id

-- name: digest_attachment_insert
insert into tenant.attachment (project_id, received_at, event_id, id, name, content_type, type, bytes, sha1, blob)
select * from unnest($1::bigint[], $2::timestamptz[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[],
                     $8::bigint[], $9::text[], $10::text[])
on conflict do nothing
