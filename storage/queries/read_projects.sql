-- Organizations, projects, keys and environments. $1 is the scope's project ids where a statement says `any($1...)`.

-- name: api_organization
select id, slug, name, created_at, open_membership, coalesce(settings->'quotas', '[]')::text as quotas,
  coalesce(settings->'spike_protection' = 'true'::jsonb, false) as spike_protection
from control.organization where id = $1;

-- name: api_project_list
select p.id, p.organization_id, p.slug, p.name, coalesce(p.platform, '') as platform, p.created_at, p.first_event_at,
       array(select e.name from tenant.environment e where e.project_id = p.id order by e.name limit 100) as environments,
       coalesce((select r.version from tenant.project_release r where r.project_id = p.id
                 order by r.first_seen desc, r.id desc limit 1), '') as latest_release,
       array(select t.id from control.team t join control.team_project tp on tp.team_id = t.id and tp.project_id = p.id
             where t.organization_id = p.organization_id order by t.slug) as team_ids,
       array(select t.slug from control.team t join control.team_project tp on tp.team_id = t.id and tp.project_id = p.id
             where t.organization_id = p.organization_id order by t.slug) as team_slugs,
       array(select t.name from control.team t join control.team_project tp on tp.team_id = t.id and tp.project_id = p.id
             where t.organization_id = p.organization_id order by t.slug) as team_names
from control.project p
where p.id = any($1::bigint[]) and p.is_active
order by p.slug, p.id;

-- name: api_key_list
select id, project_id, public_key, secret_key, name, is_active, rate_limit_count, rate_limit_window_s, created_at
from control.project_key
where project_id = any($1::bigint[])
order by project_id, id;

-- name: api_key_insert
insert into control.project_key (project_id, public_key, secret_key, name, is_active, rate_limit_count, rate_limit_window_s)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (public_key) do nothing
returning id, project_id, public_key, secret_key, name, is_active, rate_limit_count, rate_limit_window_s, created_at;

-- name: api_key_update
update control.project_key
set name = coalesce($3, name),
    is_active = coalesce($4, is_active),
    rate_limit_count = coalesce($5, rate_limit_count),
    rate_limit_window_s = coalesce($6, rate_limit_window_s)
where project_id = $1 and public_key = $2
returning id, project_id, public_key, secret_key, name, is_active, rate_limit_count, rate_limit_window_s, created_at;

-- name: api_key_delete
delete from control.project_key where project_id = $1 and public_key = $2;

-- name: api_key_raise_directory_version
update control.directory_version set version = version + 1;

-- name: api_environment_list
select min(e.project_id * 1000000 + e.id) as id, e.name, bool_and(e.is_hidden) as is_hidden
from tenant.environment e
where e.project_id = any($1::bigint[])
group by e.name
order by e.name
limit 1000;
