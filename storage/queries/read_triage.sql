-- Triage. $1: the scope's project ids, $2: issue ids.

-- Locks in id order, so that two people and the digest never wait for each other in a circle.
-- name: triage_lock
select id from tenant.issue
where project_id = any($1::bigint[]) and id = any($2::bigint[]) and status in (0, 1, 2)
order by id
for update;

-- $3 status, $4 substatus (0 for unresolved: chosen here), $5 details, $6 now, $7 also those already there,
-- $8 one named issue.
-- name: triage_update
update tenant.issue i
set status = $3,
    substatus = case when $3 <> 0 or $4 <> 0 then $4
                     when i.status = 1 and $8::boolean then 3
                     when i.status = 2 and i.first_seen > $6::timestamptz - interval '7 days' then 1
                     else 2 end,
    status_details = $5::jsonb,
    status_changed_at = $6::timestamptz,
    resolved_at = case when $3 = 1 then $6::timestamptz end
where i.project_id = any($1::bigint[]) and i.id = any($2::bigint[]) and (i.status <> $3 or $7::boolean)
returning i.id;

-- $3 kind, $4 user or null, $5 details, $6 now.
-- name: triage_activity
insert into tenant.activity (project_id, issue_id, kind, user_id, details, created_at)
select i.id / 1000000000, i.id, $3, $4, $5::jsonb, $6::timestamptz
from unnest($2::bigint[]) as i (id)
where i.id / 1000000000 = any($1::bigint[]);
