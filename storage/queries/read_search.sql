-- Searches: conditions and the look-ups before them. {name} stands for a part or a parameter; `i` is the issue, `h` a hash
-- row of it, `s` that row's sample, `e` an event of it, `c` a roll-up row. Put together in storage/search/.

-- Names to ids, per project -----------------------------------------------------------------------------------------

-- $1 projects, $2 key.
-- name: search_tag_key
select project_id, id from tenant.tag_key where project_id = any($1::bigint[]) and key = $2;

-- $3 values.
-- name: search_tag_exact
select k.project_id, k.id as key_id, v.id, v.value
from tenant.tag_key k
join tenant.tag_value v on v.project_id = k.project_id and v.key_id = k.id
where k.project_id = any($1::bigint[]) and k.key = $2 and v.value = any($3::text[]);

-- $3 patterns, $4 limit.
-- name: search_tag_like
select k.project_id, k.id as key_id, v.id, v.value
from tenant.tag_key k
join tenant.tag_value v on v.project_id = k.project_id and v.key_id = k.id
where k.project_id = any($1::bigint[]) and k.key = $2 and v.value ilike any($3::text[])
limit $4;

-- $2 names; '' stands for no environment, id 0.
-- name: search_environment
select project_id, id, name from tenant.environment where project_id = any($1::bigint[]) and name = any($2::text[])
union all
select p, 0, '' from unnest($1::bigint[]) p where '' = any($2::text[]);

-- $2 versions.
-- name: search_release_exact
select project_id, id, version from tenant.project_release where project_id = any($1::bigint[]) and version = any($2::text[]);

-- $2 patterns, $3 limit.
-- name: search_release_like
select project_id, id, version from tenant.project_release
where project_id = any($1::bigint[]) and version ilike any($2::text[])
order by first_seen desc
limit $3;

-- Newest first, by the day it was released, else first seen; $2 of each project.
-- name: search_release_newest
select r.project_id, r.id, r.version
from control.project p
cross join lateral (
  select r.project_id, r.id, r.version from tenant.project_release r
  left join control.release c on c.organization_id = p.organization_id and c.version = r.version
  where r.project_id = p.id order by coalesce(c.date_released, r.first_seen) desc, r.id desc limit $2
) r
where p.id = any($1::bigint[]);

-- The newest of each project among those seen in one of the environments $2.
-- name: search_release_newest_in
select r.project_id, r.id, r.version
from control.project p
cross join lateral (
  select r.project_id, r.id, r.version from tenant.project_release r
  left join control.release c on c.organization_id = p.organization_id and c.version = r.version
  where r.project_id = p.id and exists (
    select from tenant.hash_release s
    left join tenant.environment v on v.project_id = s.project_id and v.id = s.environment_id
    where s.project_id = r.project_id and s.release_id = r.id and coalesce(v.name, '') = any($2::text[]))
  order by coalesce(c.date_released, r.first_seen) desc, r.id desc limit 1
) r
where p.id = any($1::bigint[]);

-- $1 organization, $2 lower-case e-mail addresses and names.
-- name: search_people
select u.id from control.app_user u
join control.member m on m.user_id = u.id and m.organization_id = $1
where lower(u.email) = any($2::text[]) or lower(u.name) = any($2::text[]);

-- $2 slugs.
-- name: search_teams
select t.id, t.slug from control.team t where t.organization_id = $1 and t.slug = any($2::text[]);

-- $2 users.
-- name: search_teams_of
select distinct t.id from control.team t
join control.team_member m on m.team_id = t.id
where t.organization_id = $1 and m.user_id = any($2::bigint[]);

-- name: search_team_projects
select distinct project_id from control.team_project where team_id = any($1::bigint[]);

-- Conditions on the issue -------------------------------------------------------------------------------------------

-- name: search_issue_status
(i.status = {status} and ({substatus} = 0 or i.substatus = {substatus}))

-- name: search_issue_ids
i.id = any({ids}::bigint[])

-- name: search_issue_projects
i.project_id = any({ids}::bigint[])

-- name: search_issue_priority
i.priority = any({ids}::smallint[])

-- name: search_issue_for_review
i.inbox_reason is not null

-- name: search_issue_users
i.assigned_user_id = any({ids}::bigint[])

-- name: search_issue_teams
i.assigned_team_id = any({ids}::bigint[])

-- name: search_issue_nobody
(i.assigned_user_id is null and i.assigned_team_id is null)

-- name: search_issue_bookmarked
exists (select from tenant.issue_user b where b.project_id = i.project_id and b.issue_id = i.id
        and b.user_id = any({ids}::bigint[]) and b.bookmarked_at is not null)

-- name: search_issue_subscribed
exists (select from tenant.issue_user b where b.project_id = i.project_id and b.issue_id = i.id
        and b.user_id = any({ids}::bigint[]) and b.subscribed)

-- name: search_issue_first_release
(i.project_id = {project}::bigint and i.first_release_id = any({ids}::int[]))

-- The first release of an issue within environments: that of its earliest sighting there.
-- name: search_issue_first_release_in
(i.project_id = {project}::bigint and (
  select f.release_id from tenant.hash_row h
  join tenant.hash_release f on f.project_id = h.project_id and f.hash_row = h.id
  where h.project_id = i.project_id and h.issue_id = i.id and f.environment_id = any({environments}::int[])
    and f.release_id <> 0
  order by f.first_seen, f.release_id limit 1) = any({ids}::int[]))

-- name: search_issue_regressed_in
exists (select from tenant.issue_regression r where r.project_id = i.project_id and r.issue_id = i.id
        and r.project_id = {project}::bigint and r.release_id = any({ids}::int[]))

-- name: search_issue_regressed
exists (select from tenant.issue_regression r where r.project_id = i.project_id and r.issue_id = i.id)

-- Conditions on samples ---------------------------------------------------------------------------------------------

-- name: search_sample_text
coalesce(s.search_text like {pattern}, false)

-- name: search_sample_fact_like
coalesce(s.search_facts like {pattern}, false)

-- name: search_sample_fact_match
coalesce(s.search_facts ~* {pattern}, false)

-- name: search_sample_message
(i.title ilike {pattern} or coalesce(s.search_facts ~* {expression}, false))

-- name: search_sample_number
exists (select from regexp_matches(coalesce(s.search_facts, ''), {expression}, 'g') m where m[1]::numeric {op} {number}::numeric)

-- Conditions on events ----------------------------------------------------------------------------------------------

-- name: search_event_tag
(e.project_id = {project}::bigint and e.tag_values && {ids}::bigint[])

-- name: search_event_tag_open
(e.project_id = {project}::bigint and exists (
  select from unnest(e.tag_values) t(id)
  join tenant.tag_value v on v.project_id = e.project_id and v.id = t.id
  where v.key_id = {key}::int {value}))

-- name: search_tag_value_like
and v.value ilike any({patterns}::text[])

-- name: search_event_environment
(e.project_id = {project}::bigint and e.environment_id = any({ids}::int[]))

-- name: search_event_id
e.event_id = {event}::uuid

-- Putting them together ---------------------------------------------------------------------------------------------

-- `offset 0` keeps each of these a question asked issue by issue, in the order of the list, until the page is full; joined
-- with all issues at once they would be answered for everything.

-- Events belong to other rows than aliases (kind 3).

-- An issue with one event that satisfies everything. The hash row's own span keeps out the days it cannot have.
-- name: search_exists_event
exists (
  select from tenant.hash_row h
  left join tenant.hash_sample s on s.project_id = h.project_id and s.hash_row = h.id
  where h.project_id = i.project_id and h.issue_id = i.id and h.kind <> 3 and h.last_seen >= {start}::timestamptz
    and h.first_seen <= {end}::timestamptz {outer}
    and exists (
      select from tenant.event e
      where e.project_id = h.project_id and e.hash_row = h.id
        and e.received_at >= {start}::timestamptz and e.received_at <= {end}::timestamptz
        and e.received_at >= h.first_seen and e.received_at <= h.last_seen {inner})
  offset 0)

-- The same for conditions that samples alone decide. An event lies in the window if the first or the last does; only a
-- window in the past needs to look for one.
-- name: search_exists_sample
exists (
  select from tenant.hash_row h
  left join tenant.hash_sample s on s.project_id = h.project_id and s.hash_row = h.id
  where h.project_id = i.project_id and h.issue_id = i.id and h.kind <> 3 and h.last_seen >= {start}::timestamptz
    and h.first_seen <= {end}::timestamptz {outer} {past}
  offset 0)

-- A window that ended before now: the hash row may have been seen before and after it only.
-- name: search_past_sample
and (h.last_seen <= {end}::timestamptz or h.first_seen >= {start}::timestamptz or exists (
      select from tenant.event e
      where e.project_id = h.project_id and e.hash_row = h.id
        and e.received_at >= {start}::timestamptz and e.received_at <= {end}::timestamptz))

-- The same of a tag.
-- name: search_past_tag
and (c.last_seen <= {end}::timestamptz or c.first_seen >= {start}::timestamptz or exists (
      select from tenant.event e
      where e.project_id = h.project_id and e.hash_row = h.id
        and e.received_at >= {start}::timestamptz and e.received_at <= {end}::timestamptz {inner}))

-- One tag alone: the roll-up answers.
-- name: search_exists_tag
exists (
  select from tenant.hash_row h
  join tenant.hash_tag c on c.project_id = h.project_id and c.hash_row = h.id
  where h.project_id = i.project_id and h.issue_id = i.id and h.kind <> 3 and ({arms})
    and c.last_seen >= {start}::timestamptz and c.first_seen <= {end}::timestamptz {past}
  offset 0)

-- One environment condition alone: whole hours of the window.
-- name: search_exists_environment
exists (
  select from tenant.hash_row h
  join tenant.hash_hour c on c.project_id = h.project_id and c.hash_row = h.id
  where h.project_id = i.project_id and h.issue_id = i.id and h.kind <> 3 and ({arms})
    and c.hour >= date_trunc('hour', {start}::timestamptz) and c.hour <= {end}::timestamptz
  offset 0)

-- name: search_arm_environment
(c.project_id = {project}::bigint and c.environment_id = any({ids}::int[]))

-- Keeps out hash rows that never had the tag.
-- name: search_hash_had_tag
exists (select from tenant.hash_tag c
        where c.project_id = h.project_id and c.hash_row = h.id and ({arms})
          and c.last_seen >= {start}::timestamptz and c.first_seen <= {end}::timestamptz
        offset 0)

-- name: search_arm_tag
(c.project_id = {project}::bigint and c.key_id = {key}::int and c.value_id = any({ids}::bigint[]))

-- name: search_arm_tag_one
(c.project_id = {project}::bigint and c.key_id = {key}::int and c.value_id = {id}::bigint)

-- name: search_arm_tag_any
(c.project_id = {project}::bigint and c.key_id = {key}::int)

-- Candidates: the issues a rare term can mean at all, found by its own index --------------------------------------------

-- Nothing but a null if the look-up found more than {max} hash rows: their issues are not asked for then.
-- name: search_candidates
select h.issue_id
from (select project_id, hash_row, count(*) over () as found from ({inner}) m) m
left join lateral (
  select h.issue_id from tenant.hash_row h
  where m.found <= {max} and h.project_id = m.project_id and h.id = m.hash_row offset 0) h on true
where m.found > {max} or h.issue_id is not null
group by h.issue_id

-- name: search_candidates_tag
select c.project_id, c.hash_row from tenant.hash_tag c
where {arms}
limit {limit}::bigint

-- name: search_candidate_arm_tag
(c.project_id = {project}::bigint and c.value_id = any({ids}::bigint[]) and c.key_id = {key}::int)

-- name: search_candidates_sample
select s.project_id, s.hash_row from tenant.hash_sample s
where s.project_id = any({projects}::bigint[]) and {condition}
limit {limit}::bigint

-- name: search_candidates_event
select e.project_id, e.hash_row from tenant.event e
where e.project_id = any({projects}::bigint[])
  and e.received_at >= {start}::timestamptz and e.received_at <= {end}::timestamptz and {condition}
limit {limit}::bigint

-- A condition on an event that needs its issue and its sample.
-- name: search_event_of_issue
and exists (
  select from tenant.hash_row h
  join tenant.issue i on i.project_id = h.project_id and i.id = h.issue_id
  left join tenant.hash_sample s on s.project_id = h.project_id and s.hash_row = h.id
  where h.project_id = e.project_id and h.id = e.hash_row and {condition})
