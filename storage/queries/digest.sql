-- The digest transaction (decisions 1.9), in the order the statements run. Arrays are columns of a batch, sorted by key;
-- k.n is the position in them, from 1.

-- name: digest_position_insert
insert into control.spool_position (spool_id, shard, next_seq) values ($1::bytea, 0, $2::bigint)
on conflict (spool_id, shard) do nothing

-- name: digest_position_select
select next_seq from control.spool_position where spool_id = $1::bytea and shard = 0

-- name: digest_ensure_day
select tenant.ensure_day($1::date)

-- name: digest_generation
-- Runs after the shared lock was taken, so that it sees the generation a rotation left behind.
select generation from control.dedupe_generation

-- name: digest_now
-- Microseconds since 1970.
select (extract(epoch from now()) * 1000000)::bigint

-- name: digest_dedupe
insert into tenant.event_seen (generation, project_id, event_id)
select $1::int, k.project_id, k.event_id
from unnest($2::bigint[], $3::uuid[]) k(project_id, event_id)
where not exists (select from tenant.event_seen s
                  where s.generation = $1::int - 1 and s.project_id = k.project_id and s.event_id = k.event_id)
on conflict do nothing
returning project_id, event_id

-- name: digest_environment_select
select k.n, t.id from unnest($1::bigint[], $2::text[]) with ordinality k(project_id, name, n)
join tenant.environment t on t.project_id = k.project_id and t.name = k.name

-- name: digest_release_select
select k.n, t.id from unnest($1::bigint[], $2::text[]) with ordinality k(project_id, version, n)
join tenant.project_release t on t.project_id = k.project_id and t.version = k.version

-- name: digest_tag_key_select
select k.n, t.id from unnest($1::bigint[], $2::text[]) with ordinality k(project_id, key, n)
join tenant.tag_key t on t.project_id = k.project_id and t.key = k.key

-- name: digest_tag_value_select
select k.n, t.id from unnest($1::bigint[], $2::int[], $3::text[]) with ordinality k(project_id, key_id, value, n)
join tenant.tag_value t on t.project_id = k.project_id and t.key_id = k.key_id and t.value = k.value

-- name: digest_hash_row_select
select k.n, h.id, h.issue_id, h.state, h.no_alias, h.heir_version
from unnest($1::bigint[], $2::smallint[], $3::smallint[], $4::bytea[]) with ordinality
  k(project_id, algorithm, kind, hash, n)
join tenant.hash_row h on h.project_id = k.project_id and h.algorithm = k.algorithm and h.kind = k.kind
  and h.hash = k.hash

-- name: digest_row_epochs
-- Of projects that have something; no row is epoch 0.
select project_id, row_epoch from tenant.project_counter where project_id = any($1::bigint[])

-- name: digest_counter_lock
insert into tenant.project_counter as c (project_id) select k from unnest($1::bigint[]) k
on conflict (project_id) do update set next_issue = c.next_issue

-- name: digest_counter_take
-- Only batches with something new come here. The row lock orders the writers that create in one project: after it each
-- looks again for what the other has made. $2 issues may be opened at once, $3 a minute.
insert into tenant.project_counter as c (project_id) select k from unnest($1::bigint[]) k
on conflict (project_id) do update set next_issue = c.next_issue
returning project_id, next_issue, next_hash_row, next_environment, next_release, next_tag_key, next_tag_value,
  floor(1000000 * least($2::bigint, coalesce(issue_credit + extract(epoch from now() - issue_credit_at)::float8 * $3::bigint / 60,
                                             $2::bigint)))::bigint,
  coalesce((select i.id from tenant.issue i where i.project_id = c.project_id and i.id = c.flood_issue and i.status < 3), 0)

-- name: digest_counter_store
update tenant.project_counter c
set next_issue = k.issue, next_hash_row = k.hash_row, next_environment = k.environment, next_release = k.release,
    next_tag_key = k.tag_key, next_tag_value = k.tag_value, issue_credit = k.credit / 1000000.0::float8,
    issue_credit_at = now(), flood_issue = nullif(k.flood, 0)
from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::int[], $5::int[], $6::int[], $7::bigint[], $8::bigint[],
    $9::bigint[])
  k(project_id, issue, hash_row, environment, release, tag_key, tag_value, credit, flood)
where c.project_id = k.project_id

-- name: digest_environment_insert
insert into tenant.environment (project_id, id, name, first_seen)
select k.*, now() from unnest($1::bigint[], $2::int[], $3::text[]) k

-- name: digest_release_insert
insert into tenant.project_release (project_id, id, version, first_seen)
select k.*, now() from unnest($1::bigint[], $2::int[], $3::text[]) k

-- name: digest_tag_key_insert
insert into tenant.tag_key (project_id, id, key) select * from unnest($1::bigint[], $2::int[], $3::text[])

-- name: digest_tag_value_count
-- How many values each key has, up to $3.
select k.n, (select count(*) from (select from tenant.tag_value t
                                   where t.project_id = k.project_id and t.key_id = k.key_id limit $3::bigint) v)
from unnest($1::bigint[], $2::int[]) with ordinality k(project_id, key_id, n)

-- name: digest_tag_value_insert
insert into tenant.tag_value (project_id, id, key_id, value)
select * from unnest($1::bigint[], $2::bigint[], $3::int[], $4::text[])

-- name: digest_hash_row_insert
-- The unique index is the arbiter: fewer rows than asked for means that somebody else made one, and the batch starts over.
insert into tenant.hash_row (project_id, id, algorithm, kind, hash, issue_id, origin, first_seen, first_event_id,
  first_release_id, first_environment_id, last_seen, last_event_id, last_release_id, last_environment_id, alias_hash,
  split_of, state, heir_of)
select k.project_id, k.id, k.algorithm, k.kind, k.hash, k.issue_id, k.origin, k.at, k.event_id, k.release_id,
  k.environment_id, k.at, k.event_id, k.release_id, k.environment_id, k.alias, k.split_of, k.state,
  k.heir_of
from unnest($1::bigint[], $2::bigint[], $3::smallint[], $4::smallint[], $5::bytea[], $6::bigint[], $7::smallint[],
    $8::timestamptz[], $9::uuid[], $10::int[], $11::int[], $12::bytea[], $13::bigint[], $14::smallint[],
    $15::bigint[])
  k(project_id, id, algorithm, kind, hash, issue_id, origin, at, event_id, release_id, environment_id, alias, split_of,
    state, heir_of)
on conflict (project_id, algorithm, kind, hash) do nothing

-- name: digest_issue_insert
-- times_seen starts at 0: the count that follows takes it away from there and writes the effect.
insert into tenant.issue (project_id, id, substatus, level, priority, type, platform, logger, title, culprit, metadata,
  is_unhandled, first_seen, first_event_id, first_release_id, first_environment_id, last_seen, last_event_id,
  last_release_id, last_environment_id, times_seen, users_seen, is_flood)
select k.project_id, k.id, 1, k.level, case when k.level >= 40 then 3 when k.level >= 30 then 2 else 1 end, k.type,
  k.platform, k.logger, k.title, k.culprit, k.metadata::jsonb, k.is_unhandled, k.at, k.event_id, k.release_id,
  k.environment_id, k.at, k.event_id, k.release_id, k.environment_id, 0, 0, k.is_flood
from unnest($1::bigint[], $2::bigint[], $3::smallint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
    $9::text[], $10::bool[], $11::timestamptz[], $12::uuid[], $13::int[], $14::int[], $15::bool[])
  k(project_id, id, level, type, platform, logger, title, culprit, metadata, is_unhandled, at, event_id, release_id,
    environment_id, is_flood)

-- name: digest_hash_sample_insert
insert into tenant.hash_sample (project_id, hash_row, event_id, received_at, payload, explanation, search_text,
  search_facts)
select k.project_id, k.hash_row, k.event_id, k.received_at, k.payload,
  coalesce(k.explanation, (select s.explanation from tenant.hash_sample s
                           where s.project_id = k.project_id and s.hash_row = k.split_of), ''), k.search_text,
  coalesce(nullif(k.search_facts, ''), (select s.search_facts from tenant.hash_sample s
                                        where s.project_id = k.project_id and s.hash_row = k.split_of), '')
from unnest($1::bigint[], $2::bigint[], $3::uuid[], $4::timestamptz[], $5::bytea[], $6::bytea[], $7::text[], $8::text[],
    $9::bigint[])
  k(project_id, hash_row, event_id, received_at, payload, explanation, search_text, search_facts, split_of)
on conflict (project_id, hash_row) do nothing

-- name: digest_hash_row_heirs
update tenant.hash_row h set heir_version = k.version
from unnest($1::bigint[], $2::bigint[], $3::int[]) k(project_id, id, version)
where h.project_id = k.project_id and h.id = k.id

-- name: digest_project_first_event
update control.project p set first_event_at = k.at
from unnest($1::bigint[], $2::timestamptz[]) k(project_id, at)
where p.id = k.project_id and p.first_event_at is null

-- name: digest_hash_row_count
-- Locks the rows, and with them every counter of theirs; what merge or discard did meanwhile shows in issue_id and in
-- rows that do not come back. Merge takes the same locks first.
update tenant.hash_row h
set times_seen = h.times_seen + k.count,
    first_seen = least(h.first_seen, k.first_seen),
    first_event_id = case when (k.first_seen, k.first_event) < (h.first_seen, h.first_event_id)
                          then k.first_event else h.first_event_id end,
    first_release_id = case when (k.first_seen, k.first_event) < (h.first_seen, h.first_event_id)
                            then k.first_release else h.first_release_id end,
    first_environment_id = case when (k.first_seen, k.first_event) < (h.first_seen, h.first_event_id)
                                then k.first_environment else h.first_environment_id end,
    last_seen = greatest(h.last_seen, k.last_seen),
    last_event_id = case when (k.last_seen, k.last_event) > (h.last_seen, h.last_event_id)
                         then k.last_event else h.last_event_id end,
    last_release_id = case when (k.last_seen, k.last_event) > (h.last_seen, h.last_event_id)
                           then k.last_release else h.last_release_id end,
    last_environment_id = case when (k.last_seen, k.last_event) > (h.last_seen, h.last_event_id)
                               then k.last_environment else h.last_environment_id end
from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::timestamptz[], $5::uuid[], $6::int[], $7::int[],
    $8::timestamptz[], $9::uuid[], $10::int[], $11::int[]) with ordinality
  k(project_id, id, count, first_seen, first_event, first_release, first_environment, last_seen, last_event,
    last_release, last_environment, n)
where h.project_id = k.project_id and h.id = k.id and h.state <> 2
returning k.n, h.issue_id, h.state

-- name: digest_event_copy
copy tenant.event (project_id, received_at, event_id, hash_row, occurred_at, level, environment_id, release_id,
  user_hash, message_hash, path_hash, tag_values, json_bytes, unique_tags) from stdin (format binary)

-- name: digest_event_payload_copy
copy tenant.event_payload (project_id, received_at, event_id, payload) from stdin (format binary)

-- name: digest_hash_hour
insert into tenant.hash_hour as c (project_id, hash_row, hour, environment_id, times_seen)
select * from unnest($1::bigint[], $2::bigint[], $3::timestamptz[], $4::int[], $5::bigint[])
on conflict (project_id, hash_row, hour, environment_id) do update set times_seen = c.times_seen + excluded.times_seen

-- name: digest_hash_release
insert into tenant.hash_release as c (project_id, hash_row, release_id, environment_id, first_seen, last_seen, times_seen)
select * from unnest($1::bigint[], $2::bigint[], $3::int[], $4::int[], $5::timestamptz[], $6::timestamptz[],
  $7::bigint[])
on conflict (project_id, hash_row, release_id, environment_id) do update
set times_seen = c.times_seen + excluded.times_seen, first_seen = least(c.first_seen, excluded.first_seen),
    last_seen = greatest(c.last_seen, excluded.last_seen)

-- name: digest_hash_tag
-- Returns the (hash_row, key) pairs that have a new value.
with counted as (
  insert into tenant.hash_tag as c (project_id, hash_row, key_id, value_id, first_seen, last_seen, times_seen)
  select * from unnest($1::bigint[], $2::bigint[], $3::int[], $4::bigint[], $5::timestamptz[], $6::timestamptz[],
    $7::bigint[])
  on conflict (project_id, hash_row, key_id, value_id) do update
  set times_seen = c.times_seen + excluded.times_seen, first_seen = least(c.first_seen, excluded.first_seen),
      last_seen = greatest(c.last_seen, excluded.last_seen)
  returning project_id, hash_row, key_id, xmax = 0 as is_new
)
select distinct project_id, hash_row, key_id from counted where is_new order by 1, 2, 3

-- name: digest_hash_tag_fold
-- Above $4 values the oldest go into the (other) row, down to $5, so that the next new values find room. A hash row of no
-- more events than that has no more values: most are not counted.
with crowded as (
  select k.project_id, k.hash_row, k.key_id from unnest($1::bigint[], $2::bigint[], $3::int[]) k(project_id, hash_row, key_id)
  where case when (select h.times_seen from tenant.hash_row h where h.project_id = k.project_id and h.id = k.hash_row) > $4::int
    then (select count(*) from tenant.hash_tag t where t.project_id = k.project_id and t.hash_row = k.hash_row
            and t.key_id = k.key_id and t.value_id <> 0) > $4::int
    else false end
), old as materialized (
  select k.*, v.value_id from crowded k, lateral (
    select t.value_id from tenant.hash_tag t
    where t.project_id = k.project_id and t.hash_row = k.hash_row and t.key_id = k.key_id and t.value_id <> 0
    order by t.last_seen desc, t.value_id desc offset $5::int) v
), gone as (
  delete from tenant.hash_tag d using old
  where d.project_id = old.project_id and d.hash_row = old.hash_row and d.key_id = old.key_id
    and d.value_id = old.value_id
  returning d.*
)
insert into tenant.hash_tag as c (project_id, hash_row, key_id, value_id, first_seen, last_seen, times_seen)
select project_id, hash_row, key_id, 0, min(first_seen), max(last_seen), sum(times_seen)
from gone group by 1, 2, 3 order by 1, 2, 3
on conflict (project_id, hash_row, key_id, value_id) do update
set times_seen = c.times_seen + excluded.times_seen, first_seen = least(c.first_seen, excluded.first_seen),
    last_seen = greatest(c.last_seen, excluded.last_seen)

-- name: digest_hash_user_select
select k.n, u.sketch from unnest($1::bigint[], $2::bigint[], $3::int[], $4::date[]) with ordinality
  k(project_id, hash_row, environment_id, day, n)
join tenant.hash_user u on u.project_id = k.project_id and u.hash_row = k.hash_row
  and u.environment_id = k.environment_id and u.day = k.day

-- name: digest_hash_user_store
insert into tenant.hash_user (project_id, hash_row, environment_id, day, sketch)
select * from unnest($1::bigint[], $2::bigint[], $3::int[], $4::date[], $5::bytea[])
on conflict (project_id, hash_row, environment_id, day) do update set sketch = excluded.sketch

-- name: digest_issue_lock
-- In key order and before anything is worked out from what belongs to an issue: another writer may be at another hash
-- row of it.
select from unnest($1::bigint[], $2::bigint[]) k(project_id, id)
join tenant.issue i on i.project_id = k.project_id and i.id = k.id
for no key update of i

-- name: digest_issue_user_select
-- The all-time sketches of at most $3 hash rows of each of these issues. Nested so that the plan starts from the issues
-- whatever the planner was told of the tables.
select k.n, s.sketch from unnest($1::bigint[], $2::bigint[]) with ordinality k(project_id, issue_id, n)
cross join lateral (
  select u.sketch from (
    select h.id from tenant.hash_row h where h.project_id = k.project_id and h.issue_id = k.issue_id offset 0) h
  cross join lateral (
    select u.sketch from tenant.hash_user u
    where u.project_id = k.project_id and u.hash_row = h.id and u.environment_id = -1 and u.day = date '1970-01-01'
    offset 0) u
  limit $3::bigint) s

-- name: digest_issue_sketch_select
-- The merged sketch of an issue of very many hash rows stands among theirs, under minus its id. Who takes rows out of an
-- issue deletes it (regroup_forget_sketch).
select k.n, u.sketch from unnest($1::bigint[], $2::bigint[]) with ordinality k(project_id, issue_id, n)
join tenant.hash_user u on u.project_id = k.project_id and u.hash_row = -k.issue_id and u.environment_id = -1
  and u.day = date '1970-01-01'

-- name: digest_issue_sketch_store
insert into tenant.hash_user (project_id, hash_row, environment_id, day, sketch)
select k.project_id, -k.issue_id, -1, date '1970-01-01', k.sketch
from unnest($1::bigint[], $2::bigint[], $3::bytea[]) k(project_id, issue_id, sketch)
on conflict (project_id, hash_row, environment_id, day) do update set sketch = excluded.sketch

-- name: digest_issue_count
-- What an issue shows is what its newest event says; users_seen -1 keeps the number. Returns the count before.
update tenant.issue i
set times_seen = i.times_seen + k.count,
    users_seen = case when k.users < 0 then i.users_seen else k.users end,
    first_seen = least(i.first_seen, k.first_seen),
    first_event_id = case when k.is_first then k.first_event else i.first_event_id end,
    first_release_id = case when k.is_first then k.first_release else i.first_release_id end,
    first_environment_id = case when k.is_first then k.first_environment else i.first_environment_id end,
    last_seen = greatest(i.last_seen, k.last_seen),
    last_event_id = case when k.is_last then k.last_event else i.last_event_id end,
    last_release_id = case when k.is_last then k.last_release else i.last_release_id end,
    last_environment_id = case when k.is_last then k.last_environment else i.last_environment_id end,
    level = case when k.is_last then k.level else i.level end,
    type = case when k.is_last then k.type else i.type end,
    platform = case when k.is_last then k.platform else i.platform end,
    logger = case when k.is_last then k.logger else i.logger end,
    title = case when k.is_last and not i.is_flood then k.title else i.title end,
    culprit = case when k.is_last and not i.is_flood then k.culprit else i.culprit end,
    metadata = case when k.is_last and not i.is_flood then k.metadata::jsonb else i.metadata end,
    is_unhandled = case when k.is_last then k.is_unhandled else i.is_unhandled end
from (
  select b.*, (b.first_seen, b.first_event) <= (j.first_seen, j.first_event_id) as is_first,
    (b.last_seen, b.last_event) >= (j.last_seen, j.last_event_id) as is_last
  from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::timestamptz[], $6::uuid[], $7::int[],
      $8::int[], $9::timestamptz[], $10::uuid[], $11::int[], $12::int[], $13::smallint[], $14::text[], $15::text[],
      $16::text[], $17::text[], $18::text[], $19::text[], $20::bool[]) with ordinality
    b(project_id, id, count, users, first_seen, first_event, first_release, first_environment, last_seen, last_event,
      last_release, last_environment, level, type, platform, logger, title, culprit, metadata, is_unhandled, n)
  join tenant.issue j on j.project_id = b.project_id and j.id = b.id
) k
where i.project_id = k.project_id and i.id = k.id
returning k.n, i.times_seen - k.count

-- name: digest_outcome
insert into tenant.outcome as c (project_id, hour, key_id, category, outcome, reason, quantity)
select * from unnest($1::bigint[], $2::timestamptz[], $3::bigint[], $4::text[], $5::smallint[], $6::text[], $7::bigint[])
on conflict (project_id, hour, key_id, category, outcome, reason) do update
set quantity = c.quantity + excluded.quantity

-- name: digest_dead_letter
insert into tenant.dead_letter (project_id, spool_id, seq, type, reason, detail, payload)
select k.project_id, $1::bytea, k.seq, k.type, k.reason, k.detail, k.payload
from unnest($2::bigint[], $3::bigint[], $4::smallint[], $5::text[], $6::text[], $7::bytea[])
  k(project_id, seq, type, reason, detail, payload)
on conflict (project_id, spool_id, seq) do nothing

-- name: digest_outbox
insert into tenant.outbox (project_id, delivery_id, kind, issue_id, event_id)
select k.project_id, gen_random_uuid(), $1::text, k.issue_id, k.event_id
from unnest($2::bigint[], $3::bigint[], $4::uuid[]) k(project_id, issue_id, event_id)

-- name: digest_notify
select pg_notify('mishap_issue', $1::text)

-- name: digest_position_move
update control.spool_position set next_seq = $3::bigint, updated_at = now()
where spool_id = $1::bytea and shard = 0 and next_seq = $2::bigint
