-- What happens to issues by time alone, fleet-wide, in batches of $1. Each first locks what is due (project_id, id), then
-- changes it: somebody may have been there in between.

-- name: auto_snooze_due
select i.project_id, i.id from tenant.issue_snooze s
join tenant.issue i on i.project_id = s.project_id and i.id = s.issue_id
where s.until <= now() and i.status = 2
order by i.project_id, i.id limit $1 for no key update of i skip locked;

-- name: auto_snooze_over
update tenant.issue i
set status = 0, substatus = 2, status_details = '{}', status_changed_at = now(), inbox_reason = 6, inbox_at = now()
where (i.project_id, i.id) in (select * from unnest($1::bigint[], $2::bigint[])) and i.status = 2
  and exists (select from tenant.issue_snooze s
              where s.project_id = i.project_id and s.issue_id = i.id and s.until <= now())
returning i.id;

-- New for seven days, or regressed or escalating for seven days.
-- name: auto_ongoing_due
select i.project_id, i.id from tenant.issue i
where i.status = 0
  and ((i.substatus = 1 and i.first_seen < now() - interval '7 days')
       or (i.substatus in (3, 4) and coalesce(i.status_changed_at, i.first_seen) < now() - interval '7 days'))
order by i.project_id, i.id limit $1 for no key update skip locked;

-- name: auto_ongoing
update tenant.issue i set substatus = 2, status_changed_at = now()
where (i.project_id, i.id) in (select * from unnest($1::bigint[], $2::bigint[])) and i.status = 0 and i.substatus <> 2
returning i.id;

-- Projects that want issues resolved after so many hours without events (settings: resolve_age).
-- name: auto_age_due
select i.project_id, i.id, (p.settings ->> 'resolve_age')::int as hours
from control.project p
join tenant.issue i on i.project_id = p.id and i.status = 0
  and i.last_seen < now() - make_interval(hours => (p.settings ->> 'resolve_age')::int)
where p.settings ->> 'resolve_age' ~ '^[1-9][0-9]{0,5}$'
order by i.project_id, i.id limit $1 for no key update of i skip locked;

-- name: auto_age
update tenant.issue i
set status = 1, substatus = 0, status_details = '{"autoResolved": true}', status_changed_at = now(), resolved_at = now(),
    inbox_reason = null, inbox_at = null
where (i.project_id, i.id) in (select * from unnest($1::bigint[], $2::bigint[])) and i.status = 0
returning i.id;

-- name: triage_now
select now();
