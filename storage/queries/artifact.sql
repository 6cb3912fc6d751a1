-- Uploads of build tools.

-- name: artifact_bundle_upsert
insert into control.artifact_bundle as b (organization_id, checksum, version, dist, project_ids, bytes)
values ($1::bigint, $2::bytea, $3::text, $4::text, $5::bigint[], $6::bigint)
on conflict (organization_id, checksum, version, dist) do update
  set project_ids = array(select distinct p from unnest(b.project_ids || excluded.project_ids) p order by p)

-- name: artifact_known
-- Whether a project of the scope has this file, as anything. $2 projects.
select from control.artifact_bundle b
where b.organization_id = $1::bigint and b.checksum = $3::bytea and b.project_ids && $2::bigint[]
union all
select from control.debug_file d where d.project_id = any($2::bigint[]) and d.checksum = $3::bytea
union all
select from control.release_file f join control.release_project l on l.release_id = f.release_id
where l.project_id = any($2::bigint[]) and f.checksum = $3::bytea
limit 1

-- name: artifact_bundle_list
select id, encode(checksum, 'hex') as checksum, version, dist, bytes, created_at from control.artifact_bundle
where organization_id = $1::bigint and project_ids && $2::bigint[]
order by created_at desc, id desc limit 1000

-- name: debug_file_upsert
insert into control.debug_file as d (project_id, checksum, name, debug_id, bytes)
values ($1::bigint, $2::bytea, $3::text, $4::text, $5::bigint)
on conflict (project_id, checksum) do update
  set name = excluded.name, debug_id = case when excluded.debug_id = '' then d.debug_id else excluded.debug_id end
returning id, encode(checksum, 'hex') as checksum, name, debug_id, bytes, created_at

-- name: debug_file_by_checksum
select id, encode(checksum, 'hex') as checksum, name, debug_id, bytes, created_at from control.debug_file
where project_id = $1::bigint and checksum = $2::bytea

-- name: debug_file_list
select id, encode(checksum, 'hex') as checksum, name, debug_id, bytes, created_at from control.debug_file
where project_id = $1::bigint
  and ($2::text = '' or position(lower($2::text) in lower(name || ' ' || debug_id)) > 0)
order by created_at desc, id desc limit 1000

-- name: debug_file_delete
delete from control.debug_file where project_id = $1::bigint and id = $2::bigint returning id

-- name: debug_file_by_id
select id, encode(checksum, 'hex') as checksum, name, debug_id, bytes, created_at from control.debug_file
where project_id = $1::bigint and id = $2::bigint
