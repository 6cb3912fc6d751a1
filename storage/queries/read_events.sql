-- Stored events. Statements in {braces} are put together in storage/read_events.cc.

-- name: event_columns
select e.project_id, e.event_id, e.issue_id, e.hash, e.received_at, e.occurred_at, e.json_bytes, p.payload
from ({inner}) e
join tenant.event_payload p
  on p.project_id = e.project_id and p.event_id = e.event_id and p.received_at = e.received_at
order by e.received_at {direction}, e.event_id {direction}

-- One index scan per hash row of the issue, then a merge of those.
-- name: event_list_of_issue
select e.*, h.issue_id, h.hash
from tenant.hash_row h
cross join lateral (
  select e.project_id, e.event_id, e.received_at, e.occurred_at, e.json_bytes
  from tenant.event e
  where e.project_id = h.project_id and e.hash_row = h.id and e.received_at >= tenant.kept_since(h.project_id)
    and e.received_at >= {start}::timestamptz and e.received_at <= {end}::timestamptz {filter}
  order by e.received_at {direction}, e.event_id {direction}
  limit {limit}::bigint + {skip}::bigint
) e
where h.project_id = any({projects}::bigint[]) and h.project_id = {issue}::bigint / 1000000000 and h.issue_id = {issue}::bigint
order by e.received_at {direction}, e.event_id {direction}
limit {limit}::bigint offset {skip}::bigint

-- One index scan per project, on event_by_time: its first column is the expression.
-- name: event_list_of_projects
select e.project_id, e.event_id, e.received_at, e.occurred_at, e.json_bytes, h.issue_id, h.hash
from (
  select e.* from unnest({projects}::bigint[]) as p (project_id)
  cross join lateral (
  select e.* from tenant.event e
  where e.project_id + 0 = p.project_id and e.project_id = p.project_id and e.received_at >= tenant.kept_since(p.project_id)
    and e.received_at >= {start}::timestamptz and e.received_at <= {end}::timestamptz {filter}
  order by e.received_at {direction}, e.event_id {direction}
  limit {limit}::bigint + {skip}::bigint
  ) e
  order by e.received_at {direction}, e.event_id {direction}
  limit {limit}::bigint offset {skip}::bigint
) e
join tenant.hash_row h on h.project_id = e.project_id and h.id = e.hash_row

-- name: event_filter_environment
and coalesce((select v.name from tenant.environment v
              where v.project_id = e.project_id and v.id = e.environment_id), '') = any({values}::text[])

-- $1 projects, $2 event id.
-- name: event_by_id
select e.project_id, e.event_id, h.issue_id, h.hash, e.received_at, e.occurred_at, e.json_bytes, p.payload
from tenant.event e
join tenant.hash_row h on h.project_id = e.project_id and h.id = e.hash_row
join tenant.event_payload p
  on p.project_id = e.project_id and p.event_id = e.event_id and p.received_at = e.received_at
where e.project_id = any($1::bigint[]) and e.event_id = $2::uuid and e.received_at >= tenant.kept_since(e.project_id)
order by e.received_at desc
limit 1;

-- Which issues events came to. $1 projects, $2 event ids.
-- name: issues_of_events
select e.event_id, h.issue_id, p.slug
from tenant.event e
join tenant.hash_row h on h.project_id = e.project_id and h.id = e.hash_row
join control.project p on p.id = e.project_id
where e.project_id = any($1::bigint[]) and e.event_id = any($2::uuid[])
  and e.received_at >= tenant.kept_since(e.project_id);

-- The sample kept with the hash row when all events of an issue have left with their days. $2 issue.
-- name: event_sample_of_issue
select s.project_id, s.event_id, h.issue_id, h.hash, s.received_at, s.received_at as occurred_at, 0 as json_bytes, s.payload
from tenant.hash_row h
join tenant.hash_sample s on s.project_id = h.project_id and s.hash_row = h.id
where h.project_id = any($1::bigint[]) and h.project_id = $2::bigint / 1000000000 and h.issue_id = $2
order by s.received_at desc, s.event_id desc
limit 1;

-- $1 projects, $2 issue, $3 received_at, $4 event id, $5 environment names or null.
-- name: event_before
select e.event_id
from tenant.hash_row h
cross join lateral (
  select e.event_id, e.received_at from tenant.event e
  where e.project_id = h.project_id and e.hash_row = h.id and e.received_at >= tenant.kept_since(h.project_id)
    and e.received_at <= $3::timestamptz
    and (e.received_at, e.event_id) < ($3::timestamptz, $4::uuid)
    and ($5::text[] is null or coalesce((select v.name from tenant.environment v
         where v.project_id = e.project_id and v.id = e.environment_id), '') = any($5::text[]))
  order by e.received_at desc, e.event_id desc
  limit 1
) e
where h.project_id = any($1::bigint[]) and h.project_id = $2::bigint / 1000000000 and h.issue_id = $2
order by e.received_at desc, e.event_id desc
limit 1;

-- name: event_after
select e.event_id
from tenant.hash_row h
cross join lateral (
  select e.event_id, e.received_at from tenant.event e
  where e.project_id = h.project_id and e.hash_row = h.id and e.received_at >= tenant.kept_since(h.project_id)
    and e.received_at >= $3::timestamptz
    and (e.received_at, e.event_id) > ($3::timestamptz, $4::uuid)
    and ($5::text[] is null or coalesce((select v.name from tenant.environment v
         where v.project_id = e.project_id and v.id = e.environment_id), '') = any($5::text[]))
  order by e.received_at, e.event_id
  limit 1
) e
where h.project_id = any($1::bigint[]) and h.project_id = $2::bigint / 1000000000 and h.issue_id = $2
order by e.received_at, e.event_id
limit 1;

-- $1 projects, $2 issue.
-- name: hash_list
select h.hash, h.algorithm, h.kind, h.origin, h.times_seen, h.first_seen, h.last_seen, h.last_event_id, s.explanation
from tenant.hash_row h
left join tenant.hash_sample s on s.project_id = h.project_id and s.hash_row = h.id
where h.project_id = any($1::bigint[]) and h.project_id = $2::bigint / 1000000000 and h.issue_id = $2 and h.state <> 2
  and h.kind <> 3
order by h.last_seen desc, h.id
limit 1000;
