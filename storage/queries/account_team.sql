-- Teams and the audit log. $1 is the organization everywhere; $2 of the lists: whose membership is shown (0: nobody's).

-- name: team_list
select t.id, t.slug, t.name, t.created_at,
  (select count(*) from control.team_member m where m.team_id = t.id),
  exists (select from control.team_member m where m.team_id = t.id and m.user_id = $2)
from control.team t where t.organization_id = $1 order by t.slug

-- name: team_list_of_project
select t.id, t.slug, t.name, t.created_at,
  (select count(*) from control.team_member m where m.team_id = t.id),
  exists (select from control.team_member m where m.team_id = t.id and m.user_id = $2)
from control.team t join control.team_project tp on tp.team_id = t.id and tp.project_id = $3
where t.organization_id = $1 order by t.slug

-- name: team_by_id
select t.id, t.slug, t.name, t.created_at,
  (select count(*) from control.team_member m where m.team_id = t.id),
  exists (select from control.team_member m where m.team_id = t.id and m.user_id = $2)
from control.team t where t.organization_id = $1 and t.id = $3

-- name: team_by_slug
select t.id, t.slug, t.name, t.created_at,
  (select count(*) from control.team_member m where m.team_id = t.id),
  exists (select from control.team_member m where m.team_id = t.id and m.user_id = $2)
from control.team t where t.organization_id = $1 and t.slug = lower($3)

-- name: team_insert
insert into control.team (organization_id, slug, name) values ($1, $2, $3)
on conflict (organization_id, slug) do nothing returning id

-- name: team_lock
select slug from control.team where organization_id = $1 and id = $2 for update

-- name: team_update
-- No row: the slug belongs to another team.
update control.team t set slug = $3, name = $4
where t.organization_id = $1 and t.id = $2
  and not exists (select from control.team o where o.organization_id = $1 and o.slug = $3 and o.id <> $2)
returning t.id

-- name: team_delete
delete from control.team where organization_id = $1 and id = $2 returning slug

-- name: team_member_insert
-- Only members of the organization.
insert into control.team_member (team_id, user_id)
select t.id, m.user_id from control.team t join control.member m on m.organization_id = t.organization_id
where t.organization_id = $1 and t.id = $2 and m.user_id = $3
on conflict do nothing returning user_id

-- name: team_member_delete
delete from control.team_member tm using control.team t
where t.organization_id = $1 and t.id = $2 and tm.team_id = t.id and tm.user_id = $3
returning tm.user_id

-- name: member_email
select u.email from control.member m join control.app_user u on u.id = m.user_id
where m.organization_id = $1 and m.user_id = $2

-- name: team_projects
select p.id from control.team t
join control.team_project tp on tp.team_id = t.id
join control.project p on p.id = tp.project_id
where t.organization_id = $1 and t.id = $2 and p.organization_id = $1 and p.is_active order by p.slug

-- name: team_project_slug
select slug from control.project where organization_id = $1 and id = $2

-- name: team_project_insert
insert into control.team_project (team_id, project_id)
select t.id, p.id from control.team t join control.project p on p.organization_id = t.organization_id
where t.organization_id = $1 and t.id = $2 and p.id = $3
on conflict do nothing returning project_id

-- name: team_project_delete
delete from control.team_project tp using control.team t
where t.organization_id = $1 and t.id = $2 and tp.team_id = t.id and tp.project_id = $3
returning tp.project_id

-- name: audit_insert
insert into control.audit_log (organization_id, at, user_id, actor, ip, event, target, details)
values (nullif($1::bigint, 0), $2, nullif($3::bigint, 0), $4, $5, $6, $7, $8::jsonb)

-- name: audit_project_insert
-- $7 the project, $8 what of it (empty: itself), $9 an object: the names of its members and of those of `settings` are kept.
insert into control.audit_log (organization_id, at, user_id, actor, ip, event, target, details)
select $1::bigint, $2, nullif($3::bigint, 0), $4, $5, $6, p.slug || case when $8::text = '' then '' else ' ' || $8::text end,
  jsonb_build_object('fields', (select coalesce(jsonb_agg(k order by k), '[]') from jsonb_object_keys(($9::jsonb - 'settings') || coalesce($9::jsonb->'settings', '{}')) k))
from control.project p where p.id = $7::bigint

-- name: audit_list
select id, at, user_id, actor, ip, event, target, details
from control.audit_log
where organization_id = $1 and ($2::text = '' or event = $2::text) and ($3::bigint = 0 or id < $3::bigint)
order by id desc limit $4
