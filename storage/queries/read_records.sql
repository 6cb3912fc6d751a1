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
