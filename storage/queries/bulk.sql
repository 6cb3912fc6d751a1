-- Bulk changes (decisions 3.12): a selection, applied and undone in batches by a job.

-- $1 id, $2 organization, $3 user or null, $4 projects, $5 total.
-- name: bulk_insert
insert into control.bulk_change (id, organization_id, user_id, state, projects, total)
values ($1::uuid, $2, $3, 'selected', $4::bigint[], $5);

-- $1 bulk, $2 issues.
-- name: bulk_item_insert
insert into tenant.bulk_item (project_id, bulk_id, issue_id)
select k / 1000000000, $1::uuid, k from unnest($2::bigint[]) k
on conflict (project_id, bulk_id, issue_id) do nothing;

-- Only whoever sees all of its projects sees it. $1 id, $2 organization, $3 the scope's projects.
-- name: bulk_by_id
select replace(id::text, '-', '') as id, state, total, done, changed, restored, coalesce(error, '') as error, created_at,
       applied_at, finished_at, created_at < now() - interval '1 hour' as is_stale,
       coalesce(applied_at < now() - interval '24 hours', false) as is_past_undo
from control.bulk_change
where id = $1::uuid and organization_id = $2 and projects <@ $3::bigint[]
for update;

-- $2 change.
-- name: bulk_start
update control.bulk_change set state = 'waiting', change = $2::jsonb, user_id = $3, applied_at = now() where id = $1::uuid;

-- name: bulk_start_undo
update control.bulk_change set state = 'undo_waiting', finished_at = null where id = $1::uuid;

-- The oldest that waits; another server's is passed over.
-- name: bulk_next
select b.id, b.state, b.user_id, array_to_string(b.projects, ',') as projects, c.*
from control.bulk_change b, jsonb_to_record(b.change) as c (
  status smallint, substatus smallint, details jsonb, always boolean, activity text, activity_details jsonb,
  resolution smallint, release_id int, version text, current_version text, repository text, commit_id text,
  has_snooze boolean, until timestamptz, times bigint, window_min int, users bigint, user_window_min int,
  until_escalating boolean, has_assignee boolean, assigned_user bigint, assigned_team bigint, assignee_name text,
  assignee_email text, seen boolean, priority smallint, bookmarked boolean, subscribed boolean, is_public boolean,
  in_inbox boolean)
where b.state in ('waiting', 'undo_waiting')
order by b.created_at limit 1
for update of b skip locked;

-- $1 projects, $2 bulk, $3 state, $4 at most.
-- name: bulk_items
select issue_id from tenant.bulk_item
where project_id = any($1::bigint[]) and bulk_id = $2::uuid and state = $3 order by project_id, issue_id limit $4;

-- Everything a change touches, as JSON. $1 projects, $2 issues, $3 user or null.
-- name: triage_state
select i.id, jsonb_build_object(
  'issue', jsonb_build_object('status', i.status, 'substatus', i.substatus, 'details', i.status_details,
    'changed_at', i.status_changed_at, 'resolved_at', i.resolved_at, 'priority', i.priority,
    'locked_at', i.priority_locked_at, 'user', i.assigned_user_id, 'team', i.assigned_team_id),
  'inbox_reason', i.inbox_reason, 'inbox_at', i.inbox_at,
  'resolution', (select to_jsonb(r) from tenant.issue_resolution r where r.project_id = i.project_id and r.issue_id = i.id),
  'snooze', (select to_jsonb(z) from tenant.issue_snooze z where z.project_id = i.project_id and z.issue_id = i.id),
  'share', (select to_jsonb(h) from tenant.issue_share h where h.project_id = i.project_id and h.issue_id = i.id),
  'person', (select to_jsonb(u) from tenant.issue_user u
             where u.project_id = i.project_id and u.issue_id = i.id and u.user_id = $3)) as state
from tenant.issue i where i.project_id = any($1::bigint[]) and i.id = any($2::bigint[])
order by i.id;

-- $1 projects, $2 bulk, $3 issues with their states $4 before and $5 after, $6 the changed ones.
-- name: bulk_record
update tenant.bulk_item b
set state = case when k.issue_id = any($6::bigint[]) then 1 else 2 end,
    before = case when k.issue_id = any($6::bigint[]) then k.was::jsonb end,
    after = case when k.issue_id = any($6::bigint[]) then k.is_now::jsonb end
from unnest($3::bigint[], $4::text[], $5::text[]) k(issue_id, was, is_now)
where b.project_id = any($1::bigint[]) and b.project_id = k.issue_id / 1000000000 and b.bulk_id = $2::uuid
  and b.issue_id = k.issue_id;

-- Those that are gone since the selection.
-- name: bulk_skip
update tenant.bulk_item set state = 2
where project_id = any($1::bigint[]) and bulk_id = $2::uuid and issue_id = any($3::bigint[]) and state = 0;

-- $2 looked at, $3 changed.
-- name: bulk_progress
update control.bulk_change set done = done + $2, changed = changed + $3 where id = $1::uuid;

-- name: bulk_undo_progress
update control.bulk_change set restored = restored + $2 where id = $1::uuid;

-- name: bulk_finish
update control.bulk_change set state = $2, error = nullif($3, ''), finished_at = now() where id = $1::uuid;

-- Selections nobody applied, and changes that can no longer be undone. At most $1.
-- name: bulk_purge_find
select id, array_to_string(projects, ',') as projects from control.bulk_change
where (state = 'selected' and created_at < now() - interval '1 hour')
   or (state in ('done', 'failed', 'undone') and coalesce(applied_at, created_at) < now() - interval '25 hours')
order by created_at limit $1 for update skip locked;

-- name: bulk_purge_items
delete from tenant.bulk_item where project_id = any($1::bigint[]) and bulk_id = $2::uuid;

-- name: bulk_purge
delete from control.bulk_change where id = $1::uuid;

-- name: bulk_projects
select unnest(projects) as project_id from control.bulk_change where id = $1::uuid;
