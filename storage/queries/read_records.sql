-- Attachments and what people wrote, for the API. $1: the projects the caller may see.

-- name: attachments_of_event
select project_id, event_id, id, received_at, name, content_type, type, bytes, sha1, blob from tenant.attachment
where project_id = any($1::bigint[]) and event_id = $2::uuid
order by received_at, name, id limit $3::int

-- name: attachment_by_id
select project_id, event_id, id, received_at, name, content_type, type, bytes, sha1, blob from tenant.attachment
where project_id = any($1::bigint[]) and event_id = $2::uuid and id = $3::uuid

-- name: attachment_delete
delete from tenant.attachment where project_id = any($1::bigint[]) and event_id = $2::uuid and id = $3::uuid returning blob

-- name: attachments_of_issue
select a.project_id, a.event_id, a.id, a.received_at, a.name, a.content_type, a.type, a.bytes, a.sha1, a.blob
from tenant.attachment a
where a.project_id = any($1::bigint[]) and exists (
  select from tenant.event e join tenant.hash_row h on h.project_id = e.project_id and h.id = e.hash_row
  where e.project_id = a.project_id and e.event_id = a.event_id and h.issue_id = $2::bigint)
order by a.received_at desc, a.id limit $3::int offset $4::int

-- name: user_reports_of_issue
select f.project_id, f.id, f.event_id, f.received_at, f.name, f.email, f.comments
from tenant.feedback f
where f.project_id = any($1::bigint[]) and f.event_id is not null and exists (
  select from tenant.event e join tenant.hash_row h on h.project_id = e.project_id and h.id = e.hash_row
  where e.project_id = f.project_id and e.event_id = f.event_id and h.issue_id = $2::bigint)
order by f.received_at desc, f.id limit $3::int offset $4::int

-- name: user_reports_of_projects
select f.project_id, f.id, f.event_id, f.received_at, f.name, f.email, f.comments
from tenant.feedback f
where f.project_id = any($1::bigint[])
order by f.received_at desc, f.id limit $2::int offset $3::int

-- name: user_report_of_event
select f.project_id, f.id, f.event_id, f.received_at, f.name, f.email, f.comments
from tenant.feedback f
where f.project_id = any($1::bigint[]) and f.event_id = $2::uuid
order by f.kind desc, f.received_at desc, f.id limit 1

-- name: user_report_count_of_issue
-- An event is looked for in the days around its report: other partitions are not touched.
select count(*)
from (select f.project_id, f.event_id, f.received_at from tenant.feedback f
      where f.project_id = any($1::bigint[]) and f.project_id = $2::bigint / 1000000000 and f.event_id is not null
      order by f.received_at desc limit 1000) f
where exists (
  select from tenant.event e join tenant.hash_row h on h.project_id = e.project_id and h.id = e.hash_row
  where e.project_id = f.project_id and e.event_id = f.event_id and h.issue_id = $2::bigint
    and e.received_at >= f.received_at - interval '30 days' and e.received_at <= f.received_at + interval '7 days')

-- How many came by this route within a minute, up to $3. Those of envelopes had the limits of their door.
-- name: user_report_recent
select count(*) from (select from tenant.feedback f
                      where f.project_id = $1::bigint and f.received_at > $2::timestamptz - interval '1 minute'
                        and f.kind = 1 and f.source = 'api' limit $3::int) n

-- name: user_report_write
-- $3: now. No row: the report that is there may not be changed any more.
insert into tenant.feedback as f (project_id, kind, id, event_id, received_at, occurred_at, name, email, comments, url,
                                  replay_id, source, environment_id, release_id)
values ($1::bigint, 1, $2::uuid, $2::uuid, $3::timestamptz, $3::timestamptz, $4, $5, $6, '', '', 'api', 0, 0)
on conflict (project_id, kind, id) do update
set name = excluded.name, email = excluded.email, comments = excluded.comments, occurred_at = excluded.occurred_at
where f.received_at > excluded.received_at - interval '5 minutes'
returning project_id, id, event_id, received_at, name, email, comments
