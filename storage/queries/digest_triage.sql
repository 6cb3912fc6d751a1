-- What arriving events do to resolved and ignored issues, inside the digest transaction, after the issues were locked.
-- Arrays are columns of a batch, sorted by key; k.n is the position in them, from 1.

-- name: digest_triage_select
select k.n, i.status, i.resolved_at, coalesce(r.kind, 0::smallint), coalesce(r.release_id, 0),
  coalesce(r.current_version, ''), s.until, s.times, s.window_min, s.users, s.user_window_min, s.times_seen_base,
  s.users_seen_base, s.escalate_per_hour, i.times_seen, i.users_seen
from unnest($1::bigint[], $2::bigint[]) with ordinality k(project_id, id, n)
join tenant.issue i on i.project_id = k.project_id and i.id = k.id
left join tenant.issue_resolution r on r.project_id = i.project_id and r.issue_id = i.id
left join tenant.issue_snooze s on s.project_id = i.project_id and s.issue_id = i.id
where i.status = 1 or (i.status = 2 and s.issue_id is not null)

-- name: digest_triage_release
select k.n, t.version, t.first_seen from unnest($1::bigint[], $2::int[]) with ordinality k(project_id, id, n)
join tenant.project_release t on t.project_id = k.project_id and t.id = k.id

-- name: digest_triage_count
-- Events since an instant (counted up to `most`; by whole hours where most is above $7), distinct users since an instant
-- (among the newest $7 events), events of an hour. A null instant: not asked.
select k.n,
  case when k.times_since is null then 0
       when k.most > $7::bigint then
         (select coalesce(sum(c.times_seen), 0)::bigint from tenant.hash_row h
          join tenant.hash_hour c on c.project_id = h.project_id and c.hash_row = h.id
          where h.project_id = k.project_id and h.issue_id = k.id and c.hour >= date_trunc('hour', k.times_since))
       else
         (select count(*) from (
            select from tenant.hash_row h
            join tenant.event e on e.project_id = h.project_id and e.hash_row = h.id and e.received_at > k.times_since
            where h.project_id = k.project_id and h.issue_id = k.id limit k.most) w) end,
  case when k.users_since is null then 0
       else (select count(distinct w.user_hash) from (
               select e.user_hash from tenant.hash_row h
               join tenant.event e on e.project_id = h.project_id and e.hash_row = h.id and e.received_at > k.users_since
               where h.project_id = k.project_id and h.issue_id = k.id
               order by e.received_at desc limit $7::bigint) w) end,
  case when k.hour is null then 0
       else (select coalesce(sum(c.times_seen), 0)::bigint from tenant.hash_row h
             join tenant.hash_hour c on c.project_id = h.project_id and c.hash_row = h.id and c.hour = k.hour
             where h.project_id = k.project_id and h.issue_id = k.id) end
from unnest($1::bigint[], $2::bigint[], $3::timestamptz[], $4::bigint[], $5::timestamptz[], $6::timestamptz[])
  with ordinality k(project_id, id, times_since, most, users_since, hour, n)

-- name: digest_triage_reopen
-- A regression gets the priority of its level again, unless a person chose one.
update tenant.issue i
set status = 0, substatus = k.substatus, status_details = '{}', status_changed_at = now(), resolved_at = null,
    inbox_reason = k.inbox, inbox_at = now(),
    priority = case when k.substatus <> 3 or i.priority_locked_at is not null then i.priority
                    when i.level >= 40 then 3 when i.level >= 30 then 2 else 1 end
from unnest($1::bigint[], $2::bigint[], $3::smallint[], $4::smallint[]) k(project_id, id, substatus, inbox)
where i.project_id = k.project_id and i.id = k.id

-- name: digest_triage_drop_resolution
delete from tenant.issue_resolution r using unnest($1::bigint[], $2::bigint[]) k(project_id, id)
where r.project_id = k.project_id and r.issue_id = k.id

-- name: digest_triage_drop_snooze
delete from tenant.issue_snooze s using unnest($1::bigint[], $2::bigint[]) k(project_id, id)
where s.project_id = k.project_id and s.issue_id = k.id

-- name: digest_triage_activity
insert into tenant.activity (project_id, issue_id, kind, details)
select k.project_id, k.issue_id, k.kind, k.details::jsonb
from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[]) k(project_id, issue_id, kind, details)

-- name: digest_triage_outbox
insert into tenant.outbox (project_id, delivery_id, kind, issue_id, event_id, body)
select k.project_id, gen_random_uuid(), k.kind, k.issue_id, k.event_id, k.details::jsonb
from unnest($1::bigint[], $2::bigint[], $3::text[], $4::uuid[], $5::text[])
  k(project_id, issue_id, kind, event_id, details)

-- name: digest_triage_regression
insert into tenant.issue_regression (project_id, release_id, issue_id, event_id, regressed_at)
select k.project_id, k.release_id, k.issue_id, k.event_id, now()
from unnest($1::bigint[], $2::int[], $3::bigint[], $4::uuid[]) k(project_id, release_id, issue_id, event_id)
on conflict (project_id, release_id, issue_id) do update
set event_id = excluded.event_id, regressed_at = excluded.regressed_at

-- name: next_release_pending
-- Issues that wait for the release after another, in a project that has a new one.
select r.issue_id, r.current_version from tenant.issue_resolution r
where r.project_id = $1::bigint and r.kind = 2 order by r.issue_id for update

-- name: next_release_settle
update tenant.issue_resolution set kind = 1, release_id = $2::int
where project_id = $1::bigint and issue_id = any($3::bigint[]) and kind = 2

-- name: next_release_activity
update tenant.activity set details = details || jsonb_build_object('version', $2::text)
where project_id = $1::bigint and issue_id = any($3::bigint[]) and kind = 'set_resolved_in_release'
  and details ->> 'inNextRelease' = 'true' and details ->> 'version' = ''

-- name: commit_resolution_settle
-- $1: a control.release whose commits have just been told.
update tenant.issue_resolution i set kind = 1, release_id = t.id
from control.release_commit rc
join control.release l on l.id = rc.release_id
join control.commit k on k.id = rc.commit_id
join control.repository p on p.id = k.repository_id
join tenant.project_release t on t.version = l.version
  and t.project_id in (select lp.project_id from control.release_project lp where lp.release_id = l.id)
where rc.release_id = $1::bigint and i.project_id = t.project_id and i.kind = 3 and i.commit_id = k.sha
  and lower(i.repository) = lower(p.name)
