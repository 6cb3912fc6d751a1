-- What projects group by, in versions (control.project_grouping).

-- name: grouping_versions
-- Newest first.
select version, algorithm, stack_trace_rules, fingerprint_rules, options, transition_until, user_id, created_at,
  backfilled_at
from control.project_grouping where project_id = $1 order by version desc limit $2::bigint

-- name: grouping_version_insert
-- Nothing when $2 is not the newest version any more.
insert into control.project_grouping (project_id, version, algorithm, stack_trace_rules, fingerprint_rules, options,
  transition_until, user_id, created_at)
select $1, $2::int + 1, $3, $4, $5, $6, $7::timestamptz, $8, $9::timestamptz
where $2::int = (select coalesce(max(version), 0) from control.project_grouping where project_id = $1)
on conflict (project_id, version) do nothing
returning version
