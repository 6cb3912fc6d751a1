-- Triage. $1: the scope's project ids, $2: issue ids.

-- Locks in id order, so that two people and the digest never wait for each other in a circle.
-- name: triage_lock
select id from tenant.issue
where project_id = any($1::bigint[]) and id = any($2::bigint[]) and status in (0, 1, 2)
order by project_id, id
for no key update;

-- $3 status, $4 substatus (0 for unresolved: chosen here), $5 details, $6 now, $7 also those already there,
-- $8 one named issue.
-- name: triage_status
update tenant.issue i
set status = $3,
    substatus = case when $3 <> 0 or $4 <> 0 then $4
                     when i.status = 1 and $8::boolean then 3
                     when i.status = 2 and i.first_seen > $6::timestamptz - interval '7 days' then 1
                     else 2 end,
    status_details = $5::jsonb,
    status_changed_at = $6::timestamptz,
    resolved_at = case when $3 = 1 then $6::timestamptz end,
    inbox_reason = case when $3 = 0 then 6 end,
    inbox_at = case when $3 = 0 then $6::timestamptz end
where i.project_id = any($1::bigint[]) and i.id = any($2::bigint[]) and (i.status <> $3 or $7::boolean)
returning i.id;

-- name: triage_drop_resolutions
delete from tenant.issue_resolution where project_id = any($1::bigint[]) and issue_id = any($2::bigint[]);

-- name: triage_drop_snoozes
delete from tenant.issue_snooze where project_id = any($1::bigint[]) and issue_id = any($2::bigint[]);

-- $3 kind, $4 release, $5 current version, $6 repository, $7 commit, $8 user, $9 now.
-- name: triage_add_resolutions
insert into tenant.issue_resolution (project_id, issue_id, kind, release_id, current_version, repository, commit_id,
  user_id, created_at)
select i.project_id, i.id, $3, $4, $5, $6, $7, $8, $9::timestamptz
from tenant.issue i where i.project_id = any($1::bigint[]) and i.id = any($2::bigint[]);

-- $3 until, $4 times, $5 window, $6 users, $7 their window, $8 until escalating, $9 user, $10 now. The threshold of
-- escalating: three times the 95th percentile of the 168 hours before (the ninth largest), at least 10.
-- name: triage_add_snoozes
insert into tenant.issue_snooze (project_id, issue_id, until, times, window_min, users, user_window_min,
  times_seen_base, users_seen_base, escalate_per_hour, user_id, created_at)
select i.project_id, i.id, $3::timestamptz, $4, $5, $6, $7, i.times_seen, i.users_seen,
  case when $8::boolean then greatest(10, 3 * coalesce((
    select sum(c.times_seen) from tenant.hash_row h
    join tenant.hash_hour c on c.project_id = h.project_id and c.hash_row = h.id
    where h.project_id = i.project_id and h.issue_id = i.id and c.hour > $10::timestamptz - interval '7 days'
    group by c.hour order by 1 desc offset 8 limit 1), 0)) end,
  $9, $10::timestamptz
from tenant.issue i where i.project_id = any($1::bigint[]) and i.id = any($2::bigint[]);

-- $3 kind, $4 user or null, $5 details, $6 now.
-- name: triage_activity
insert into tenant.activity (project_id, issue_id, kind, user_id, details, created_at)
select i.id / 1000000000, i.id, $3, $4, $5::jsonb, $6::timestamptz
from unnest($2::bigint[]) as i (id)
where i.id / 1000000000 = any($1::bigint[]);

-- $3 kind, $4 body.
-- name: triage_outbox
insert into tenant.outbox (project_id, delivery_id, kind, issue_id, body)
select i.id / 1000000000, gen_random_uuid(), $3, i.id, $4::jsonb
from unnest($2::bigint[]) as i (id)
where i.id / 1000000000 = any($1::bigint[]);

-- $1 project ids as text: those who show lists look again.
-- name: triage_notify
select pg_notify('mishap_issue', $1);

-- $3 user or null, $4 team or null.
-- name: triage_assign
update tenant.issue set assigned_user_id = $3, assigned_team_id = $4
where project_id = any($1::bigint[]) and id = any($2::bigint[])
  and (assigned_user_id is distinct from $3::bigint or assigned_team_id is distinct from $4::bigint)
returning id;

-- $3 priority, $4 now.
-- name: triage_priority
update tenant.issue set priority = $3, priority_locked_at = $4::timestamptz
where project_id = any($1::bigint[]) and id = any($2::bigint[]) and (priority <> $3 or priority_locked_at is null)
returning id;

-- $3 reason or null (reviewed), $4 now.
-- name: triage_inbox
update tenant.issue set inbox_reason = $3, inbox_at = case when $3::smallint is not null then $4::timestamptz end
where project_id = any($1::bigint[]) and id = any($2::bigint[]) and (inbox_reason is null) <> ($3::smallint is null)
returning id;

-- $3 user, $4 reason. Only where the user never said anything.
-- name: triage_subscribe_quietly
insert into tenant.issue_user as u (project_id, issue_id, user_id, subscribed, subscription_reason)
select i.id / 1000000000, i.id, $3, true, $4 from unnest($2::bigint[]) as i (id)
where i.id / 1000000000 = any($1::bigint[])
on conflict (project_id, issue_id, user_id) do update set subscribed = true, subscription_reason = $4
where u.subscribed is null;

-- $4 subscribed.
-- name: triage_subscribe
insert into tenant.issue_user as u (project_id, issue_id, user_id, subscribed, subscription_reason)
select i.id / 1000000000, i.id, $3, $4, 'unknown' from unnest($2::bigint[]) as i (id)
where i.id / 1000000000 = any($1::bigint[])
on conflict (project_id, issue_id, user_id) do update set subscribed = $4, subscription_reason = 'unknown'
where u.subscribed is distinct from $4 or u.subscription_reason is distinct from 'unknown'
returning u.issue_id;

-- $4 now. A bookmark also subscribes whoever said nothing about that.
-- name: triage_bookmark
insert into tenant.issue_user as u (project_id, issue_id, user_id, bookmarked_at, subscribed, subscription_reason)
select i.id / 1000000000, i.id, $3, $4::timestamptz, true, 'bookmark' from unnest($2::bigint[]) as i (id)
where i.id / 1000000000 = any($1::bigint[])
on conflict (project_id, issue_id, user_id) do update
set bookmarked_at = excluded.bookmarked_at, subscribed = coalesce(u.subscribed, true),
    subscription_reason = case when u.subscribed is null then 'bookmark' else u.subscription_reason end
where u.bookmarked_at is null
returning u.issue_id;

-- name: triage_unbookmark
update tenant.issue_user u
set bookmarked_at = null, subscribed = case when u.subscription_reason = 'bookmark' then null else u.subscribed end,
    subscription_reason = case when u.subscription_reason = 'bookmark' then null else u.subscription_reason end
where u.project_id = any($1::bigint[]) and u.issue_id = any($2::bigint[]) and u.user_id = $3
  and u.bookmarked_at is not null
returning u.issue_id;

-- $4 now or null.
-- name: triage_seen
insert into tenant.issue_user as u (project_id, issue_id, user_id, seen_at)
select i.id / 1000000000, i.id, $3, $4::timestamptz from unnest($2::bigint[]) as i (id)
where i.id / 1000000000 = any($1::bigint[])
on conflict (project_id, issue_id, user_id) do update set seen_at = excluded.seen_at
returning u.issue_id;

-- $3 user or null, $4 now. Again for one that is shared: a new address, the old one ends.
-- name: triage_share
insert into tenant.issue_share as s (project_id, issue_id, share_id, user_id, created_at)
select i.id / 1000000000, i.id, gen_random_uuid(), $3, $4::timestamptz from unnest($2::bigint[]) as i (id)
where i.id / 1000000000 = any($1::bigint[])
on conflict (project_id, issue_id) do update
set share_id = excluded.share_id, user_id = excluded.user_id, created_at = excluded.created_at
returning s.issue_id;

-- name: triage_unshare
delete from tenant.issue_share where project_id = any($1::bigint[]) and issue_id = any($2::bigint[]) returning issue_id;

-- Deleting: hidden at once; the purge reckons by the database's clock.
-- name: triage_delete
update tenant.issue set status = 4, substatus = 0, status_changed_at = now()
where project_id = any($1::bigint[]) and id = any($2::bigint[])
returning id;

-- First of all: digests forget what they remember of these projects' hash rows. Counters are locked before hash rows.
-- name: triage_end_row_epoch
update tenant.project_counter c set row_epoch = c.row_epoch + 1
from (select t.project_id from tenant.project_counter t
      where t.project_id = any($1::bigint[]) and t.project_id in (select i.id / 1000000000 from unnest($2::bigint[]) i (id))
      order by t.project_id for no key update) k
where c.project_id = k.project_id;

-- The keys become free; the rows stay until the purge because the digest may be counting on them just now (state 3 tells
-- it to look again).
-- name: triage_free_hash_rows
update tenant.hash_row set hash = uuid_send(gen_random_uuid()), state = 3
where (project_id, id) in (
  select h.project_id, h.id from tenant.hash_row h
  where h.project_id = any($1::bigint[]) and h.issue_id = any($2::bigint[]) and h.state <> 2
  order by h.project_id, h.id for update);
