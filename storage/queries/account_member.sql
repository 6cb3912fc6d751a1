-- Members and invites. $1 is the organization where nothing else is said.

-- name: organization_lock
select id from control.organization where id = $1 for update

-- name: member_list
-- $2: only this number; $3: only this user; 0: all.
select m.id, u.email, m.role, m.created_at, null::timestamptz as expires_at, '' as inviter,
  u.id as user_id, u.name, u.is_active, u.created_at as user_created_at, u.last_login_at,
  array(select t.slug from control.team t join control.team_member tm on tm.team_id = t.id
        where t.organization_id = m.organization_id and tm.user_id = m.user_id order by t.slug) as teams
from control.member m join control.app_user u on u.id = m.user_id
where m.organization_id = $1 and ($2::bigint = 0 or m.id = $2::bigint) and ($3::bigint = 0 or m.user_id = $3::bigint)
union all
select i.id, i.email, i.role, i.created_at, i.expires_at, coalesce(b.email, ''),
  null, null, null, null, null,
  array(select t.slug from control.team t where t.organization_id = i.organization_id and t.id = any(i.team_ids) order by t.slug)
from control.invite i left join control.app_user b on b.id = i.invited_by
where i.organization_id = $1 and ($2::bigint = 0 or i.id = $2::bigint) and $3::bigint = 0
order by 2, 1

-- name: member_projects
select m.user_id, array(select p.slug from control.project p
  where p.id = any($2::bigint[]) and p.id = any(control.visible_projects(m.organization_id, m.user_id, m.role)) order by p.slug)
from control.member m where m.organization_id = $1

-- name: member_count_owners
select count(*) from control.member m join control.app_user u on u.id = m.user_id
where m.organization_id = $1 and m.role = 'owner' and u.is_active

-- name: member_insert
insert into control.member (organization_id, user_id, role) values ($1, $2, $3) on conflict do nothing

-- name: member_set_role
update control.member set role = $3 where organization_id = $1 and id = $2

-- name: invite_set_role
update control.invite set role = $3 where organization_id = $1 and id = $2

-- name: member_delete
delete from control.member where organization_id = $1 and id = $2

-- name: invite_delete
delete from control.invite where organization_id = $1 and id = $2

-- name: team_member_delete_all
delete from control.team_member tm using control.team t
where t.organization_id = $1 and tm.team_id = t.id and tm.user_id = $2

-- name: team_member_insert_all
insert into control.team_member (team_id, user_id)
select t.id, $2 from control.team t where t.organization_id = $1 and t.id = any($3::bigint[])
on conflict do nothing

-- name: invite_set_teams
update control.invite set team_ids = $3::bigint[] where organization_id = $1 and id = $2

-- name: invite_delete_expired
delete from control.invite where organization_id = $1 and email = lower($2) and expires_at <= $3

-- name: invite_insert
-- No row: a member or invited already.
insert into control.invite (organization_id, email, role, team_ids, hash, invited_by, expires_at)
select $1, lower($2), $3, array(select t.id from control.team t where t.organization_id = $1 and t.id = any($4::bigint[])),
  $5, nullif($6::bigint, 0), $7
where not exists (select from control.member m join control.app_user u on u.id = m.user_id
                  where m.organization_id = $1 and u.email = lower($2))
on conflict (organization_id, email) do nothing
returning id

-- name: invite_renew
update control.invite set hash = $3, expires_at = $4 where organization_id = $1 and id = $2

-- name: invite_by_hash
-- $1: SHA-256 of the secret, $2: now.
select i.organization_id, o.slug, o.name, i.email, i.role, i.expires_at,
  exists (select from control.app_user u where u.email = i.email)
from control.invite i join control.organization o on o.id = i.organization_id
where i.hash = $1 and i.expires_at > $2

-- name: invite_take
-- $1: SHA-256 of the secret, $2: now. Of two that come at once one gets the row.
delete from control.invite where hash = $1 and expires_at > $2
returning organization_id, email, role, team_ids
