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
