-- name: project_insert
insert into control.project (organization_id, slug, name, platform) values ($1, $2, $3, nullif($4, ''))
on conflict (organization_id, slug) do nothing
returning id, organization_id, slug, name, platform, is_active, settings, created_at, first_event_at

-- name: project_list
select id, organization_id, slug, name, platform, is_active, settings, created_at, first_event_at
from control.project where organization_id = $1 order by slug

-- name: project_by_slug
select id, organization_id, slug, name, platform, is_active, settings, created_at, first_event_at
from control.project where organization_id = $1 and slug = lower($2)

-- name: project_by_id
select id, organization_id, slug, name, platform, is_active, settings, created_at, first_event_at
from control.project where organization_id = $1 and id = $2

-- name: project_change_settings
update control.project set settings = settings || $2::jsonb
where id = $1 and jsonb_typeof($2::jsonb) = 'object' returning id

-- name: project_set_active
update control.project set is_active = $2 where id = $1 returning id

-- name: directory_bump
update control.directory_version set version = version + 1

-- name: project_change
-- Settings are merged; a member that is null takes the stored one away.
update control.project
set name = coalesce($2::text, name),
    platform = case when $3::text is null then platform else nullif($3::text, '') end,
    settings = jsonb_strip_nulls(settings || $4::jsonb)
where id = $1::bigint

-- name: project_settings
select settings from control.project where id = $1::bigint and is_active

-- name: project_set_slug
update control.project set slug = $2::text where id = $1::bigint

-- name: project_remember_slug
insert into control.project_old_slug (organization_id, slug, project_id)
select organization_id, slug, id from control.project where id = $1::bigint
on conflict (organization_id, slug) do update set project_id = excluded.project_id

-- name: project_forget_slug
delete from control.project_old_slug where organization_id = $1::bigint and slug = $2::text

-- name: project_of_old_slug
select s.project_id from control.project_old_slug s join control.project p on p.id = s.project_id
where s.organization_id = $1::bigint and s.slug = lower($2::text) and p.is_active

-- name: project_remove
-- Its days of events leave with retention; the slug is free for a new project at once.
update control.project
set is_active = false, removed_at = now(), slug = left(slug, 80) || '-removed-' || id
where id = $1::bigint and removed_at is null

-- name: environment_hide
update tenant.environment set is_hidden = $3::boolean where project_id = $1::bigint and name = $2::text returning id
