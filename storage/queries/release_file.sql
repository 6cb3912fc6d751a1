-- Files of releases. $1 the release's id.

-- name: release_file_insert
insert into control.release_file (release_id, name, dist, checksum, bytes, headers)
values ($1::bigint, $2::text, $3::text, decode($4::text, 'hex'), $5::bigint, $6::jsonb)
on conflict do nothing
returning id, name, dist, encode(checksum, 'hex') as checksum, bytes, headers::text as headers, created_at

-- name: release_file_list
-- $2 part of the name, $3 checksums or empty.
select id, name, dist, encode(checksum, 'hex') as checksum, bytes, headers::text as headers, created_at
from control.release_file
where release_id = $1::bigint
  and ($2::text = '' or position(lower($2::text) in lower(name)) > 0)
  and (cardinality($3::text[]) = 0 or encode(checksum, 'hex') = any($3::text[]))
order by name, dist, id limit 10000

-- name: release_file_by_id
select id, name, dist, encode(checksum, 'hex') as checksum, bytes, headers::text as headers, created_at
from control.release_file where release_id = $1::bigint and id = $2::bigint

-- name: release_file_rename
-- null stays as it is. Nothing where the name is taken.
update control.release_file f set name = coalesce($3::text, name), dist = coalesce($4::text, dist)
where f.release_id = $1::bigint and f.id = $2::bigint
  and not exists (select from control.release_file o where o.release_id = f.release_id and o.id <> f.id
                  and o.name = coalesce($3::text, f.name) and o.dist = coalesce($4::text, f.dist))
returning id, name, dist, encode(checksum, 'hex') as checksum, bytes, headers::text as headers, created_at

-- name: release_file_delete
delete from control.release_file where release_id = $1::bigint and id = $2::bigint returning id
