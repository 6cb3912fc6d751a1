-- The issue list. Its statements are put together from these parts (storage/issue_filter_sql.cc): {name} stands for a
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

-- name: issue_list_by_key
select i.* from (
  select i.*, ({sort_key})::bigint as sort_key
  from tenant.issue i
  where i.project_id = any({projects}::bigint[]) and i.status = any({statuses}::smallint[])
    and i.last_seen >= {start}::timestamptz and i.first_seen <= {end}::timestamptz {filter}
) i
where true {position}
order by i.sort_key {direction}, i.id {direction}
limit {limit}::bigint

-- name: issue_list_count
select count(*) from (
  select from tenant.issue i
  where i.project_id = any({projects}::bigint[]) and i.status = any({statuses}::smallint[])
    and i.last_seen >= {start}::timestamptz and i.first_seen <= {end}::timestamptz {filter}
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

-- name: issue_sort_first_seen
extract(epoch from i.first_seen) * 1000000

-- name: issue_sort_users
i.users_seen

-- name: issue_sort_events
coalesce((select sum(c.times_seen) from tenant.hash_row h
          join tenant.hash_hour c on c.project_id = h.project_id and c.hash_row = h.id
          where h.project_id = i.project_id and h.issue_id = i.id
            and c.hour >= date_trunc('hour', {start}::timestamptz) and c.hour <= {end}::timestamptz), 0)

-- name: issue_position_last_seen_after
and (i.last_seen, i.id) < ({at}::timestamptz, {id}::bigint)

-- name: issue_position_last_seen_before
and (i.last_seen, i.id) > ({at}::timestamptz, {id}::bigint)

-- name: issue_position_key_after
and (i.sort_key, i.id) < ({at}::bigint, {id}::bigint)

-- name: issue_position_key_before
and (i.sort_key, i.id) > ({at}::bigint, {id}::bigint)

-- name: issue_filter_ids
and i.id = any({values}::bigint[])

-- name: issue_filter_substatus
and i.substatus = any({values}::smallint[])

-- name: issue_filter_level
and i.level = any({values}::smallint[])

-- name: issue_filter_environment
and exists (
  select from tenant.hash_row h
  join tenant.hash_hour c on c.project_id = h.project_id and c.hash_row = h.id
  left join tenant.environment e on e.project_id = c.project_id and e.id = c.environment_id
  where h.project_id = i.project_id and h.issue_id = i.id and coalesce(e.name, '') = any({values}::text[])
    and c.hour >= date_trunc('hour', {start}::timestamptz) and c.hour <= {end}::timestamptz)

-- name: issue_filter_release
and exists (
  select from tenant.hash_row h
  join tenant.hash_release c on c.project_id = h.project_id and c.hash_row = h.id
  join tenant.project_release r on r.project_id = c.project_id and r.id = c.release_id
  where h.project_id = i.project_id and h.issue_id = i.id and r.version = any({values}::text[]))

-- name: issue_filter_text
and exists (
  select from tenant.hash_row h
  join tenant.hash_sample s on s.project_id = h.project_id and s.hash_row = h.id
  where h.project_id = i.project_id and h.issue_id = i.id and s.search_text like {values})

-- name: issue_filter_tag
and exists (
  select from tenant.hash_row h
  join tenant.hash_tag c on c.project_id = h.project_id and c.hash_row = h.id
  join tenant.tag_key k on k.project_id = c.project_id and k.id = c.key_id
  join tenant.tag_value v on v.project_id = c.project_id and v.id = c.value_id
  where h.project_id = i.project_id and h.issue_id = i.id and k.key = {key} and v.value = any({values}::text[]))
