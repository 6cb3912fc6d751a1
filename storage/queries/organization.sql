-- name: organization_insert
insert into control.organization (slug, name) values ($1, $2)
on conflict (slug) do nothing
returning id, slug, name, created_at

-- name: organization_list
select id, slug, name, created_at from control.organization order by slug

-- name: organization_by_slug
select id, slug, name, created_at from control.organization where slug = lower($1)

-- name: organization_by_id
select id, slug, name, created_at from control.organization where id = $1

-- name: organization_of_member
select o.id, o.slug, o.name, o.created_at
from control.organization o join control.member m on m.organization_id = o.id
where m.user_id = $1 order by o.slug

-- name: organization_member_upsert
insert into control.member (organization_id, user_id, role) values ($1, $2, $3)
on conflict (organization_id, user_id) do update set role = excluded.role

-- name: organization_update
-- No row: the slug belongs to another.
update control.organization o set slug = $2, name = $3, open_membership = $4,
  settings = jsonb_strip_nulls(o.settings || $5::jsonb)
where o.id = $1 and not exists (select from control.organization x where x.slug = $2 and x.id <> $1)
returning o.id
