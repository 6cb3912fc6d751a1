-- One issue and what hangs on it. $1: the scope's project ids.

-- name: issue_by_id
select i.project_id, i.id, i.status, i.substatus, i.status_details, i.resolved_at, i.merged_into, i.priority,
       i.priority_locked_at, i.assigned_user_id, i.assigned_team_id, i.level, i.type, i.platform, i.logger, i.title,
       i.culprit, i.metadata, i.is_unhandled, i.first_seen, i.last_seen, i.last_event_id, i.times_seen, i.users_seen,
       coalesce(fr.version, '') as first_release, coalesce(lr.version, '') as last_release
from tenant.issue i
left join tenant.project_release fr on fr.project_id = i.project_id and fr.id = i.first_release_id
left join tenant.project_release lr on lr.project_id = i.project_id and lr.id = i.last_release_id
where i.project_id = any($1::bigint[]) and i.project_id = $2::bigint / 1000000000 and i.id = $2 and i.status <> 4;

-- $2: issue ids, $3, $4: first and last instant, $5: environment names or null, $6: seconds per bucket.
-- name: issue_buckets
select h.issue_id,
       to_timestamp(floor(extract(epoch from c.hour) / $6::bigint) * $6::bigint) as bucket,
       sum(c.times_seen)::bigint as times_seen
from tenant.hash_row h
join tenant.hash_hour c on c.project_id = h.project_id and c.hash_row = h.id
where h.project_id = any($1::bigint[]) and h.issue_id = any($2::bigint[])
  and c.hour >= date_trunc('hour', $3::timestamptz) and c.hour <= $4::timestamptz
  and ($5::text[] is null or coalesce((select e.name from tenant.environment e
       where e.project_id = c.project_id and e.id = c.environment_id), '') = any($5::text[]))
group by 1, 2
order by 1, 2;

-- name: issue_totals
select h.issue_id, sum(c.times_seen)::bigint as times_seen
from tenant.hash_row h
join tenant.hash_hour c on c.project_id = h.project_id and c.hash_row = h.id
where h.project_id = any($1::bigint[]) and h.issue_id = any($2::bigint[])
  and c.hour >= date_trunc('hour', $3::timestamptz) and c.hour <= $4::timestamptz
  and ($5::text[] is null or coalesce((select e.name from tenant.environment e
       where e.project_id = c.project_id and e.id = c.environment_id), '') = any($5::text[]))
group by 1;

-- Days of UTC. Environment -1 is the sum over all time.
-- name: issue_user_sketches
select h.issue_id, u.sketch
from tenant.hash_row h
join tenant.hash_user u on u.project_id = h.project_id and u.hash_row = h.id and u.environment_id <> -1
where h.project_id = any($1::bigint[]) and h.issue_id = any($2::bigint[])
  and u.day >= ($3::timestamptz at time zone 'UTC')::date and u.day <= ($4::timestamptz at time zone 'UTC')::date
  and ($5::text[] is null or coalesce((select e.name from tenant.environment e
       where e.project_id = u.project_id and e.id = u.environment_id), '') = any($5::text[]));

-- name: issues_with_attachments
select i.id from tenant.issue i
where i.project_id = any($1::bigint[]) and i.id = any($2::bigint[])
  and exists (select from tenant.attachment a where a.project_id = i.project_id and a.event_id = i.last_event_id);

-- name: issue_activity
select a.id, a.kind, a.details, a.created_at, u.id as user_id, coalesce(u.name, '') as user_name,
       coalesce(u.email, '') as user_email
from tenant.activity a
left join control.app_user u on u.id = a.user_id
where a.project_id = any($1::bigint[]) and a.project_id = $2::bigint / 1000000000 and a.issue_id = $2
order by a.created_at desc, a.id
limit 100;

-- $2: version; empty = the newest.
-- name: release_by_version
select id, version, first_seen from tenant.project_release
where project_id = any($1::bigint[]) and project_id = $3 and ($2 = '' or version = $2)
order by first_seen desc, id desc
limit 1;
