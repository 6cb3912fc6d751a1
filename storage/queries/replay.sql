-- Replaying a project's events under another grouping (storage/replay.h). $1 projects of the scope, $2 project.

-- name: replay_rows
select h.id, h.algorithm, h.kind, h.hash, h.issue_id, h.state, s.payload
from tenant.hash_row h
left join tenant.hash_sample s on s.project_id = h.project_id and s.hash_row = h.id
where h.project_id = any($1::bigint[]) and h.project_id = $2 and h.id > $3::bigint
order by h.id limit $4::bigint

-- name: replay_events
select e.event_id, e.hash_row, h.issue_id, p.payload
from (select v.project_id, v.event_id, v.received_at, v.hash_row from tenant.event v
      where v.project_id = any($1::bigint[]) and v.project_id = $2 and v.event_id > $3::uuid
      order by v.event_id limit $4::bigint) e
join tenant.hash_row h on h.project_id = e.project_id and h.id = e.hash_row
join tenant.event_payload p on p.project_id = e.project_id and p.event_id = e.event_id and p.received_at = e.received_at
order by e.event_id

-- name: replay_count
select coalesce(sum(times_seen), 0)::bigint from tenant.issue
where project_id = any($1::bigint[]) and project_id = $2 and status < 3
