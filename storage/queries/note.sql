-- Comments. $1: the scope's project ids, $2: the issue.

-- name: note_count
select count(*) from tenant.activity where project_id = any($1::bigint[]) and issue_id = $2 and kind = 'note';

-- $3 offset, $4 limit.
-- name: note_list
select a.id, a.kind, a.details, a.created_at, u.id as user_id, coalesce(u.name, '') as user_name,
       coalesce(u.email, '') as user_email
from tenant.activity a
left join control.app_user u on u.id = a.user_id
where a.project_id = any($1::bigint[]) and a.issue_id = $2 and a.kind = 'note'
order by a.created_at desc, a.id offset $3 limit $4;

-- $3 id.
-- name: note_by_id
select a.id, a.kind, a.details, a.created_at, u.id as user_id, coalesce(u.name, '') as user_name,
       coalesce(u.email, '') as user_email
from tenant.activity a
left join control.app_user u on u.id = a.user_id
where a.project_id = any($1::bigint[]) and a.issue_id = $2 and a.id = $3::uuid and a.kind = 'note';

-- $3 user or null, $4 details, $5 now.
-- name: note_insert
insert into tenant.activity (project_id, issue_id, kind, user_id, details, created_at)
select i.project_id, i.id, 'note', $3, $4::jsonb, $5::timestamptz
from tenant.issue i where i.project_id = any($1::bigint[]) and i.id = $2
returning id;

-- $3 id, $4 user, $5 details, $6 now.
-- name: note_update
update tenant.activity set details = $5::jsonb, edited_at = $6::timestamptz
where project_id = any($1::bigint[]) and issue_id = $2 and id = $3::uuid and kind = 'note' and user_id = $4
returning id;

-- name: note_delete
delete from tenant.activity
where project_id = any($1::bigint[]) and issue_id = $2 and id = $3::uuid and kind = 'note' and user_id = $4
returning id;

-- $1 organization, $2 users: those who are members.
-- name: note_members
select m.user_id from control.member m where m.organization_id = $1 and m.user_id = any($2::bigint[]) order by 1;
