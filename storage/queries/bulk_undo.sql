-- Undoing one batch of a bulk change. $1 projects, $2 bulk, $3 issues (locked).

-- Those whose state is still the one the change set. $4: the states they have now.
-- name: bulk_undo_match
select b.issue_id, (b.before #>> '{issue,status}')::int as status,
       b.before #> '{issue,status}' is distinct from b.after #> '{issue,status}' as has_status,
       (b.before #> '{issue,user}') is distinct from (b.after #> '{issue,user}')
         or (b.before #> '{issue,team}') is distinct from (b.after #> '{issue,team}') as has_assignee,
       b.before #>> '{issue,user}' is not null or b.before #>> '{issue,team}' is not null as is_assigned,
       (b.before #> '{issue,priority}') is distinct from (b.after #> '{issue,priority}') as has_priority
from tenant.bulk_item b
join (select k.issue_id, k.state::jsonb as state from unnest($3::bigint[], $4::text[]) k(issue_id, state)) s
  on b.project_id = s.issue_id / 1000000000 and s.issue_id = b.issue_id
where b.project_id = any($1::bigint[]) and b.bulk_id = $2::uuid and b.state = 1
  and s.state -> 'issue' = b.after -> 'issue'
  and s.state -> 'resolution' is not distinct from b.after -> 'resolution'
  and s.state -> 'snooze' is not distinct from b.after -> 'snooze';

-- name: bulk_undo_issue
update tenant.issue i
set status = r.status, substatus = r.substatus, status_details = r.details, status_changed_at = r.changed_at,
    resolved_at = r.resolved_at, priority = r.priority, priority_locked_at = r.locked_at, assigned_user_id = r."user",
    assigned_team_id = r.team, inbox_reason = (b.before ->> 'inbox_reason')::smallint,
    inbox_at = (b.before ->> 'inbox_at')::timestamptz
from tenant.bulk_item b, jsonb_to_record(b.before -> 'issue') as r (
  status smallint, substatus smallint, details jsonb, changed_at timestamptz, resolved_at timestamptz, priority smallint,
  locked_at timestamptz, "user" bigint, team bigint)
where b.project_id = any($1::bigint[]) and b.bulk_id = $2::uuid and b.issue_id = any($3::bigint[])
  and i.project_id = b.project_id and i.id = b.issue_id;

-- name: bulk_undo_resolution
insert into tenant.issue_resolution
select r.* from tenant.bulk_item b, jsonb_populate_record(null::tenant.issue_resolution, b.before -> 'resolution') r
where b.project_id = any($1::bigint[]) and b.bulk_id = $2::uuid and b.issue_id = any($3::bigint[])
  and b.before -> 'resolution' <> 'null';

-- name: bulk_undo_snooze
insert into tenant.issue_snooze
select r.* from tenant.bulk_item b, jsonb_populate_record(null::tenant.issue_snooze, b.before -> 'snooze') r
where b.project_id = any($1::bigint[]) and b.bulk_id = $2::uuid and b.issue_id = any($3::bigint[])
  and b.before -> 'snooze' <> 'null';

-- What the user has touched since stays. $4 user.
-- name: bulk_undo_user_drop
delete from tenant.issue_user u using tenant.bulk_item b
where b.project_id = any($1::bigint[]) and b.bulk_id = $2::uuid and b.issue_id = any($3::bigint[])
  and u.project_id = b.project_id and u.issue_id = b.issue_id and u.user_id = $4 and to_jsonb(u) = b.after -> 'person'
  and b.before -> 'person' is distinct from b.after -> 'person';

-- name: bulk_undo_user
insert into tenant.issue_user
select r.* from tenant.bulk_item b, jsonb_populate_record(null::tenant.issue_user, b.before -> 'person') r
where b.project_id = any($1::bigint[]) and b.bulk_id = $2::uuid and b.issue_id = any($3::bigint[])
  and b.before -> 'person' <> 'null' and r.user_id = $4
on conflict do nothing;

-- name: bulk_undo_share_drop
delete from tenant.issue_share s using tenant.bulk_item b
where b.project_id = any($1::bigint[]) and b.bulk_id = $2::uuid and b.issue_id = any($3::bigint[])
  and s.project_id = b.project_id and s.issue_id = b.issue_id and to_jsonb(s) = b.after -> 'share'
  and b.before -> 'share' is distinct from b.after -> 'share';

-- name: bulk_undo_share
insert into tenant.issue_share
select r.* from tenant.bulk_item b, jsonb_populate_record(null::tenant.issue_share, b.before -> 'share') r
where b.project_id = any($1::bigint[]) and b.bulk_id = $2::uuid and b.issue_id = any($3::bigint[])
  and b.before -> 'share' <> 'null'
on conflict do nothing;

-- 3 restored, 4 left alone. $4 the restored ones.
-- name: bulk_undo_mark
update tenant.bulk_item set state = case when issue_id = any($4::bigint[]) then 3 else 4 end
where project_id = any($1::bigint[]) and bulk_id = $2::uuid and issue_id = any($3::bigint[]) and state = 1;
