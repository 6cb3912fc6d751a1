-- The backfill of a changed grouping (storage/grouping_backfill.h).

-- name: backfill_next
select g.project_id, g.version, g.algorithm, g.stack_trace_rules, g.fingerprint_rules, g.options, g.backfilled_row,
  b.algorithm as previous_algorithm
from control.project_grouping g
left join control.project_grouping b on b.project_id = g.project_id and b.version = g.version - 1
where g.backfilled_at is null and g.transition_until > g.created_at
  and g.version = (select max(n.version) from control.project_grouping n where n.project_id = g.project_id)
order by g.created_at limit 1

-- name: backfill_samples
select h.id, h.algorithm, h.kind, h.hash, s.payload
from tenant.hash_row h
join tenant.hash_sample s on s.project_id = h.project_id and s.hash_row = h.id
where h.project_id = $1 and h.id > $2::bigint
order by h.id limit $3::bigint

-- name: backfill_insert
-- A key that has a row already stays; where two samples ask for one key, the one seen more often wins.
with k as (
  select distinct on (k.algorithm, k.kind, k.hash) k.*, h.issue_id, h.state, h.first_seen, h.first_event_id,
    h.first_release_id, h.first_environment_id, h.last_seen, h.last_event_id, h.last_release_id, h.last_environment_id
  from unnest($2::bigint[], $3::smallint[], $4::smallint[], $5::bytea[], $6::bytea[], $7::bytea[])
    k(row_id, algorithm, kind, hash, alias, site)
  join tenant.hash_row h on h.project_id = $1 and h.id = k.row_id
  where not exists (select from tenant.hash_row e where e.project_id = $1 and e.algorithm = k.algorithm
                      and e.kind = k.kind and e.hash = k.hash)
  order by k.algorithm, k.kind, k.hash, h.times_seen desc, h.id
), n as (
  update tenant.project_counter set next_hash_row = next_hash_row + (select count(*) from k) where project_id = $1
  returning next_hash_row - (select count(*) from k) as first
), heirs as (
  update tenant.hash_row h set heir_version = $8::int
  where h.project_id = $1 and h.id = any($2::bigint[]) and h.heir_version < $8::int
)
insert into tenant.hash_row (project_id, id, algorithm, kind, hash, issue_id, state, origin, alias_hash, split_of, heir_of, first_seen,
  first_event_id, first_release_id, first_environment_id, last_seen, last_event_id, last_release_id, last_environment_id)
select $1, n.first + row_number() over (order by k.algorithm, k.kind, k.hash) - 1, k.algorithm, k.kind, k.hash, k.issue_id,
  k.state, 2, k.alias,
  (select s.id from tenant.hash_row s where s.project_id = $1 and s.algorithm = k.algorithm and s.kind = 1 and s.hash = k.site), k.row_id,
  k.first_seen, k.first_event_id, k.first_release_id, k.first_environment_id, k.last_seen, k.last_event_id,
  k.last_release_id, k.last_environment_id
from k, n
order by k.algorithm, k.kind, k.hash
on conflict (project_id, algorithm, kind, hash) do nothing
returning id

-- name: backfill_aliases
with k as (
  select distinct on (k.algorithm, k.hash) k.algorithm, k.hash, h.issue_id, h.no_alias, h.first_seen, h.first_event_id,
    h.first_release_id, h.first_environment_id, h.last_seen, h.last_event_id, h.last_release_id, h.last_environment_id
  from unnest($2::bigint[], $3::smallint[], $4::bytea[]) k(row_id, algorithm, hash)
  join tenant.hash_row h on h.project_id = $1 and h.id = k.row_id
  where k.hash is not null and h.state = 0
    and not exists (select from tenant.hash_row e where e.project_id = $1 and e.algorithm = k.algorithm
                      and e.kind = 3 and e.hash = k.hash)
  order by k.algorithm, k.hash, h.times_seen desc, h.id
), n as (
  update tenant.project_counter set next_hash_row = next_hash_row + (select count(*) from k) where project_id = $1
  returning next_hash_row - (select count(*) from k) as first
)
insert into tenant.hash_row (project_id, id, algorithm, kind, hash, issue_id, origin, no_alias, first_seen, first_event_id,
  first_release_id, first_environment_id, last_seen, last_event_id, last_release_id, last_environment_id)
select $1, n.first + row_number() over (order by k.algorithm, k.hash) - 1, k.algorithm, 3, k.hash, k.issue_id, 2, k.no_alias,
  k.first_seen, k.first_event_id, k.first_release_id, k.first_environment_id, k.last_seen, k.last_event_id,
  k.last_release_id, k.last_environment_id
from k, n
on conflict (project_id, algorithm, kind, hash) do nothing

-- name: backfill_progress
update control.project_grouping set backfilled_row = $3::bigint, backfilled_at = case when $4::boolean then now() end
where project_id = $1 and version = $2
