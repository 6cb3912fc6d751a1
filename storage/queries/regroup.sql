-- Regrouping (storage/regroup/). $1 is always the project. Locks are taken in the digest's order: counter, hash rows, issues.

-- name: regroup_lock_project
-- Keeps writers that create in this project out, and other regroupings; ends what digests remember of its hash rows.
insert into tenant.project_counter as c (project_id, row_epoch) values ($1, 1)
on conflict (project_id) do update set row_epoch = c.row_epoch + 1
returning next_issue, next_hash_row

-- name: regroup_lock_rows
-- Rows $2, those of issues $3, and the texts split off from any of them, in the order in which digests lock.
with named as (
  select id from tenant.hash_row where project_id = $1 and id = any($2::bigint[])
  union select id from tenant.hash_row where project_id = $1 and issue_id = any($3::bigint[])
), chosen as (
  select id from named
  union select m.id from tenant.hash_row m where m.project_id = $1 and m.split_of in (select id from named)
)
select from tenant.hash_row where project_id = $1 and id in (select id from chosen)
order by id for no key update

-- name: regroup_rows_of_issues
select id, issue_id, kind, hash, state, origin, no_alias, alias_hash, split_of, heir_of
from tenant.hash_row where project_id = $1 and issue_id = any($2::bigint[])
order by id limit $3::bigint for no key update

-- name: regroup_rows_by_id
select id, issue_id, kind, hash, state, origin, no_alias, alias_hash, split_of, heir_of
from tenant.hash_row where project_id = $1 and id = any($2::bigint[])
order by id for no key update

-- name: regroup_rows_of_splits
select id, issue_id, kind, hash, state, origin, no_alias, alias_hash, split_of, heir_of
from tenant.hash_row where project_id = $1 and split_of = any($2::bigint[])
order by id for no key update

-- name: regroup_alias_rows
select id, issue_id, kind, hash, state, origin, no_alias, alias_hash, split_of, heir_of
from tenant.hash_row where project_id = $1 and kind = 3 and hash = any($2::bytea[])
order by id for no key update

-- name: regroup_issues
select id, status, substatus, merged_into, times_seen, first_seen, last_event_id, is_flood
from tenant.issue where project_id = $1 and id = any($2::bigint[])
order by id for update

-- name: regroup_redirects
-- Issues that were merged into one of these.
select id, status, substatus, merged_into, times_seen, first_seen, last_event_id, is_flood
from tenant.issue where project_id = $1 and merged_into = any($2::bigint[])
order by id for update

-- name: regroup_set_rows
update tenant.hash_row h
set issue_id = k.issue_id, state = k.state, origin = k.origin, no_alias = k.no_alias <> 0
from unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[]) k(id, issue_id, state, origin, no_alias)
where h.project_id = $1 and h.id = k.id

-- name: regroup_set_issues
update tenant.issue i set status = k.status, substatus = k.substatus, merged_into = nullif(k.merged_into, 0)
from unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[]) k(id, status, substatus, merged_into)
where i.project_id = $1 and i.id = k.id

-- name: regroup_new_issues
-- $2: the issue whose face they have at first, $3: how many. Their counts follow.
with n as (
  update tenant.project_counter set next_issue = next_issue + $3::bigint where project_id = $1
  returning next_issue - $3::bigint as first
)
insert into tenant.issue (project_id, id, substatus, level, type, platform, logger, title, culprit, metadata,
  is_unhandled, first_seen, first_event_id, first_release_id, first_environment_id, last_seen, last_event_id,
  last_release_id, last_environment_id, times_seen, users_seen, priority)
select i.project_id, i.project_id * 1000000000 + n.first + g.g, 2, i.level, i.type, i.platform, i.logger, i.title, i.culprit,
  i.metadata, i.is_unhandled, i.first_seen, i.first_event_id, i.first_release_id, i.first_environment_id, i.last_seen,
  i.last_event_id, i.last_release_id, i.last_environment_id, 0, 0, i.priority
from tenant.issue i, n, generate_series(0, $3::bigint - 1) g(g)
where i.project_id = $1 and i.id = $2
returning id

-- name: regroup_summary
-- What an issue's hash rows say. Rows that were never counted say nothing of times.
update tenant.issue i
set times_seen = s.times_seen, users_seen = $3::bigint, first_seen = f.first_seen, first_event_id = f.first_event_id,
    first_release_id = f.first_release_id, first_environment_id = f.first_environment_id, last_seen = l.last_seen,
    last_event_id = l.last_event_id, last_release_id = l.last_release_id, last_environment_id = l.last_environment_id
from (select coalesce(sum(h.times_seen), 0) as times_seen from tenant.hash_row h
      where h.project_id = $1 and h.issue_id = $2) s,
  (select h.* from tenant.hash_row h where h.project_id = $1 and h.issue_id = $2 and h.times_seen > 0
   order by h.first_seen, h.first_event_id limit 1) f,
  (select h.* from tenant.hash_row h where h.project_id = $1 and h.issue_id = $2 and h.times_seen > 0
   order by h.last_seen desc, h.last_event_id desc limit 1) l
where i.project_id = $1 and i.id = $2
returning i.last_event_id, i.last_seen, l.id as hash_row

-- name: regroup_summary_empty
update tenant.issue set times_seen = 0, users_seen = 0 where project_id = $1 and id = $2

-- name: regroup_users
select u.sketch from tenant.hash_row h
join tenant.hash_user u on u.project_id = h.project_id and u.hash_row = h.id and u.environment_id = -1
  and u.day = date '1970-01-01'
where h.project_id = $1 and h.issue_id = $2

-- name: regroup_forget_sketch
-- What the digest keeps of a wide issue holds no longer: it merges the rows anew with the next event.
delete from tenant.hash_user where project_id = $1 and hash_row = -$2::bigint

-- name: regroup_face_of_issue
-- $2 shows what $3 shows, if that is about event $4.
update tenant.issue i
set level = j.level, type = j.type, platform = j.platform, logger = j.logger, title = j.title, culprit = j.culprit,
    metadata = j.metadata, is_unhandled = j.is_unhandled
from tenant.issue j
where i.project_id = $1 and i.id = $2 and j.project_id = $1 and j.id = $3 and j.last_event_id = $4::uuid
  and not i.is_flood and not j.is_flood
returning i.id

-- name: regroup_face
update tenant.issue
set level = $3, type = $4, platform = $5, logger = $6, title = $7, culprit = $8, metadata = $9::jsonb, is_unhandled = $10
where project_id = $1 and id = $2 and not is_flood

-- name: regroup_payload
-- Of an event; when it has left with its day, of the hash row's sample.
select coalesce(
  (select p.payload from tenant.event_payload p
   where p.project_id = $1 and p.event_id = $2::uuid and p.received_at = $3::timestamptz),
  (select s.payload from tenant.hash_sample s where s.project_id = $1 and s.hash_row = $4))

-- name: regroup_message_shares
-- Texts among the newest $3 events of a hash row, at most $4 of them.
select message_hash, count(*) as events, (array_agg(event_id order by received_at desc, event_id desc))[1] as newest
from (select e.message_hash, e.event_id, e.received_at from tenant.event e
      where e.project_id = $1 and e.hash_row = $2 and e.message_hash is not null
      order by e.received_at desc, e.event_id limit $3::bigint) e
group by 1 order by 2 desc, 1 limit $4::bigint

-- name: regroup_message_row
-- The M row that keeps a split issue's most frequent text; nothing if the key has a row already.
with n as (
  update tenant.project_counter set next_hash_row = next_hash_row + 1 where project_id = $1
  returning next_hash_row - 1 as id
), made as (
  insert into tenant.hash_row (project_id, id, algorithm, kind, hash, issue_id, origin, split_of, first_seen,
    first_event_id, first_release_id, first_environment_id, last_seen, last_event_id, last_release_id,
    last_environment_id)
  select h.project_id, n.id, h.algorithm, 2, $3::bytea, h.issue_id, 6, h.id, h.first_seen, h.first_event_id,
    h.first_release_id, h.first_environment_id, h.last_seen, h.last_event_id, h.last_release_id, h.last_environment_id
  from tenant.hash_row h, n where h.project_id = $1 and h.id = $2
  on conflict (project_id, algorithm, kind, hash) do nothing
  returning id
)
insert into tenant.hash_sample (project_id, hash_row, event_id, received_at, payload, explanation, search_text,
  search_facts)
select s.project_id, made.id, coalesce(e.event_id, s.event_id), coalesce(e.received_at, s.received_at),
  coalesce(e.payload, s.payload), s.explanation, s.search_text, s.search_facts
from made, tenant.hash_sample s
left join lateral (
  select v.event_id, v.received_at, p.payload
  from tenant.event v
  join tenant.event_payload p using (project_id, event_id, received_at)
  where v.project_id = $1 and v.hash_row = $2 and v.message_hash = $3::bytea
  order by v.received_at desc limit 1) e on true
where s.project_id = $1 and s.hash_row = $2

-- name: regroup_log_insert
insert into tenant.grouping_log (project_id, action, user_id, from_issues, to_issue, made_issues, hash_rows, details, created_at)
values ($1, $2, $3, $4::bigint[], $5, $6::bigint[], $7::bigint[], $8::jsonb, $9::timestamptz)
returning id

-- name: regroup_log_list
select id, action, user_id, from_issues, to_issue, made_issues, cardinality(hash_rows) as rows, created_at, undone_at
from tenant.grouping_log where project_id = any($1::bigint[]) and project_id = $2
order by created_at desc, id limit 1000

-- name: regroup_log_lock
select id, action, user_id, from_issues, to_issue, made_issues, cardinality(hash_rows) as rows, created_at, undone_at, hash_rows
from tenant.grouping_log where project_id = $1 and id = $2::uuid
for update

-- name: regroup_log_rows
select r.id, r.issue_id, r.state, r.origin, r.no_alias, r.to_issue_id, r.to_state
from tenant.grouping_log l, jsonb_to_recordset(l.details->'rows')
  r(id bigint, issue_id bigint, state smallint, origin smallint, no_alias boolean, to_issue_id bigint, to_state smallint)
where l.project_id = $1 and l.id = $2::uuid
order by r.id

-- name: regroup_log_issues
select r.id, r.status, r.substatus, r.merged_into
from tenant.grouping_log l, jsonb_to_recordset(l.details->'issues')
  r(id bigint, status smallint, substatus smallint, merged_into bigint)
where l.project_id = $1 and l.id = $2::uuid
order by r.id

-- name: regroup_log_undone
update tenant.grouping_log set undone_at = $3::timestamptz, undone_by = $4 where project_id = $1 and id = $2::uuid

-- name: regroup_activity
insert into tenant.activity (project_id, issue_id, kind, user_id, details, created_at)
values ($1, $2, $3, $4, $5::jsonb, $6::timestamptz)

-- name: regroup_offer_rows
select id, hash, state from tenant.hash_row
where project_id = $1 and issue_id = $2 and kind = 1 and state <> 2
order by last_seen desc, id limit 100
