-- The issue list. Its statements are put together from these parts (storage/read_issue_list.cc): {name} stands for a
-- part or a parameter. `i` is always the issue.

-- The order by last_seen walks issue_by_last_seen: one short index scan per project and status, then a merge of those.
-- name: issue_list_by_last_seen
select i.* from unnest({projects}::bigint[]) as p (project_id)
cross join unnest({statuses}::smallint[]) as s (status)
cross join lateral (
  select i.*, (extract(epoch from i.last_seen) * 1000000)::bigint as sort_key
  from tenant.issue i
  where i.project_id = p.project_id and i.status = s.status
    and i.last_seen >= {start}::timestamptz and i.first_seen <= {end}::timestamptz {filter} {position}
  order by i.last_seen {direction}, i.id {direction}
  limit {limit}::bigint
) i
order by i.last_seen {direction}, i.id {direction}
limit {limit}::bigint

-- Sorted before it is filtered: a filter that looks at events then stops when the page is full.
-- name: issue_list_by_key
select i.* from (
  select i.* from (
    select i.*, ({sort_key})::bigint as sort_key
    from tenant.issue i
    where i.project_id = any({projects}::bigint[]) and i.status = any({statuses}::smallint[])
      and i.last_seen >= {start}::timestamptz and i.first_seen <= {end}::timestamptz {candidates}
  ) i
  where true {position}
  order by i.sort_key {direction}, i.id {direction}
  offset 0
) i
where true {filter}
order by i.sort_key {direction}, i.id {direction}
limit {limit}::bigint

-- name: issue_list_count
select count(*) from (
  select from tenant.issue i
  where i.project_id = any({projects}::bigint[]) and i.status = any({statuses}::smallint[])
    and i.last_seen >= {start}::timestamptz and i.first_seen <= {end}::timestamptz {candidates} {filter}
  limit {limit}::bigint
) i

-- name: issue_list_columns
select i.project_id, i.id, i.status, i.substatus, i.status_details, i.resolved_at, i.merged_into, i.priority,
       i.priority_locked_at, i.assigned_user_id, i.assigned_team_id, i.level, i.type, i.platform, i.logger, i.title,
       i.culprit, i.metadata, i.is_unhandled, i.first_seen, i.last_seen, i.last_event_id, i.times_seen, i.users_seen,
       coalesce(fr.version, '') as first_release, coalesce(lr.version, '') as last_release,
       i.sort_key
from ({inner}) i
left join tenant.project_release fr on fr.project_id = i.project_id and fr.id = i.first_release_id
left join tenant.project_release lr on lr.project_id = i.project_id and lr.id = i.last_release_id
order by i.sort_key {direction}, i.id {direction}

-- name: issue_candidates
and i.id = any({ids}::bigint[])

-- name: issue_sort_last_seen
extract(epoch from i.last_seen) * 1000000

-- name: issue_sort_first_seen
extract(epoch from i.first_seen) * 1000000

-- An issue that lies wholly in the window has all its users there. Else those of each day are added up, at most to all; more than
-- 256 a day (then the sketch counts by estimate) count as all.
-- name: issue_sort_users
case when {whole} and i.first_seen >= {start}::timestamptz and i.last_seen <= {end}::timestamptz then i.users_seen
else least(i.users_seen, coalesce((select sum(case when get_byte(u.sketch, 0) = 1 then (octet_length(u.sketch) - 1) / 8 else i.users_seen end)
          from tenant.hash_row h
          join tenant.hash_user u on u.project_id = h.project_id and u.hash_row = h.id and u.environment_id <> -1
          where h.project_id = i.project_id and h.issue_id = i.id
            and u.day >= ({start}::timestamptz at time zone 'UTC')::date and u.day <= ({end}::timestamptz at time zone 'UTC')::date
            {environments}), 0)) end

-- An issue that lies wholly in the window needs no sum.
-- name: issue_sort_events
case when {whole} and i.first_seen >= {start}::timestamptz and i.last_seen <= {end}::timestamptz then i.times_seen
else coalesce((select sum(c.times_seen) from tenant.hash_row h
          join tenant.hash_hour c on c.project_id = h.project_id and c.hash_row = h.id
          where h.project_id = i.project_id and h.issue_id = i.id
            and c.hour >= date_trunc('hour', {start}::timestamptz) and c.hour <= {end}::timestamptz {environments}), 0) end

-- {of}: the counter's alias.
-- name: issue_sort_environments
and coalesce((select v.name from tenant.environment v
              where v.project_id = {of}.project_id and v.id = {of}.environment_id), '') = any({names}::text[])

-- Events of the last 24 hours, in thousandths of the daily mean of the seven days before (at least one).
-- name: issue_sort_trends
coalesce((select sum(c.times_seen) filter (where c.hour > date_trunc('hour', {end}::timestamptz) - interval '24 hours') * 1000
                 / greatest(sum(c.times_seen) filter (where c.hour <= date_trunc('hour', {end}::timestamptz) - interval '24 hours') / 7, 1)
          from tenant.hash_row h
          join tenant.hash_hour c on c.project_id = h.project_id and c.hash_row = h.id
          where h.project_id = i.project_id and h.issue_id = i.id and i.last_seen > {end}::timestamptz - interval '26 hours'
            and c.hour > date_trunc('hour', {end}::timestamptz) - interval '8 days' and c.hour <= {end}::timestamptz), 0)

-- Seconds of last_seen, moved ahead: 12 hours for each factor of ten in events, as much for errors (twice for fatal ones),
-- 6 hours for unhandled ones. It does not depend on now, so that pages stay where they are.
-- name: issue_sort_recommended
extract(epoch from i.last_seen) + 43200 * log(greatest(i.times_seen, 1))
  + case when i.level >= 50 then 86400 when i.level >= 40 then 43200 when i.level >= 30 then 0 else -43200 end
  + case when i.is_unhandled then 21600 else 0 end

-- name: issue_sort_inbox
extract(epoch from coalesce(i.inbox_at, i.first_seen)) * 1000000

-- name: issue_position_last_seen_after
and (i.last_seen, i.id) < ({at}::timestamptz, {id}::bigint)

-- name: issue_position_last_seen_before
and (i.last_seen, i.id) > ({at}::timestamptz, {id}::bigint)

-- name: issue_position_key_after
and (i.sort_key, i.id) < ({at}::bigint, {id}::bigint)

-- name: issue_position_key_before
and (i.sort_key, i.id) > ({at}::bigint, {id}::bigint)
