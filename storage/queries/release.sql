-- Releases of an organization. $1 is the organization, $2 the scope's projects: a release is seen where one of them is linked.

-- name: release_ids
-- $8: 0 by date, 1 by build (digits by their value, the others after them), 2 by version. A page begins behind $7 rows, or behind the
-- release $9: by date behind where that stood ($10), else behind where it stands.
with k as (
  select r.id, coalesce(r.date_released, r.created_at) as listed_at, row_number() over (
    order by case when $8::int = 0 then coalesce(r.date_released, r.created_at) end desc,
      case when $8::int = 2 then r.numbers end desc nulls last,
      case when $8::int = 2 then r.prerelease = '' end desc, case when $8::int = 2 then r.prerelease end desc,
      case when $8::int > 0 and r.build ~ '^[0-9]+$' then r.build::numeric end desc nulls last,
      case when $8::int > 0 then r.build end desc, r.id desc) as n
  from control.release r
  where r.organization_id = $1::bigint
    and exists (select from control.release_project l where l.release_id = r.id and l.project_id = any($2::bigint[]))
    and ($3::text = '' or position(lower($3::text) in lower(r.version)) > 0)
    and ($4::boolean is null or (r.status = 1) = $4::boolean)
    and (cardinality($5::text[]) = 0 or exists (
      select from tenant.project_release t
      join tenant.hash_release h on h.project_id = t.project_id and h.release_id = t.id
      join tenant.environment e on e.project_id = h.project_id and e.id = h.environment_id
      where t.project_id = any($2::bigint[]) and t.version = r.version and e.name = any($5::text[]))))
select id from k
where n > case when $9::bigint = 0 then $7::bigint
               when $8::int = 0 then (select count(*) from k b where (b.listed_at, b.id) >= ($10::timestamptz, $9::bigint))
               else coalesce((select b.n from k b where b.id = $9::bigint), $7::bigint) end
order by n limit $6::int

-- name: release_rows
select r.id, r.version, r.status, coalesce(r.ref, '') as ref, coalesce(r.url, '') as url, r.date_started,
       r.date_released, r.created_at,
       (select count(*) from control.release_commit c where c.release_id = r.id) as commit_count,
       (select count(*) from control.deploy d where d.release_id = r.id) as deploy_count
from unnest($1::bigint[]) with ordinality k(id, n) join control.release r on r.id = k.id
order by k.n

-- name: release_project_rows
with new_issue as (
  select i.project_id, i.first_release_id, count(*) as n from tenant.issue i
  where i.project_id = any($2::bigint[]) and i.status <= 2 and i.first_release_id <> 0
  group by i.project_id, i.first_release_id)
select l.release_id, p.id, p.slug, p.name, coalesce(p.platform, '') as platform, coalesce(i.n, 0) as new_issues,
       seen.first_seen, seen.last_seen
from control.release_project l
join control.project p on p.id = l.project_id
join control.release r on r.id = l.release_id
left join tenant.project_release t on t.project_id = l.project_id and t.version = r.version
left join new_issue i on i.project_id = t.project_id and i.first_release_id = t.id
left join lateral (select min(h.first_seen) as first_seen, max(h.last_seen) as last_seen from tenant.hash_release h
                   where h.project_id = t.project_id and h.release_id = t.id) seen on true
where l.release_id = any($1::bigint[]) and l.project_id = any($2::bigint[])
order by l.release_id, p.slug

-- name: release_last_commits
select c.release_id, k.id, k.sha, k.message, k.author_name, k.author_email, k.committed_at,
       array(select f->>'path' from jsonb_array_elements(k.files) with ordinality t(f, n) order by n) as file_paths,
       array(select f->>'type' from jsonb_array_elements(k.files) with ordinality t(f, n) order by n) as file_types,
       p.id as repository_id, p.name as repository_name, coalesce(p.url, '') as repository_url, p.provider,
       p.status as repository_status, p.created_at as repository_created_at
from control.release_commit c
join control.commit k on k.id = c.commit_id
join control.repository p on p.id = k.repository_id
where c.release_id = any($1::bigint[]) and c.place = 0

-- name: release_authors
select distinct c.release_id, k.author_name, k.author_email
from control.release_commit c join control.commit k on k.id = c.commit_id
where c.release_id = any($1::bigint[]) and k.author_email <> ''
order by c.release_id, k.author_email
limit 2000

-- name: release_last_deploys
select distinct on (d.release_id) d.release_id, d.id, d.environment, d.name, d.url, d.date_started, d.date_finished,
       d.project_ids
from control.deploy d where d.release_id = any($1::bigint[])
order by d.release_id, d.date_finished desc, d.id desc

-- name: release_id
select r.id from control.release r
where r.organization_id = $1::bigint and r.version = $3::text
  and exists (select from control.release_project l where l.release_id = r.id and l.project_id = any($2::bigint[]))

-- name: release_previous_with_commits
select o.id from control.release r
join control.release o on o.organization_id = r.organization_id and o.id <> r.id
where r.organization_id = $1::bigint and r.version = $3::text
  and (coalesce(o.date_released, o.created_at), o.id) < (coalesce(r.date_released, r.created_at), r.id)
  and exists (select from control.release_commit c where c.release_id = o.id)
  and exists (select from control.release_project a join control.release_project b on b.project_id = a.project_id
              where a.release_id = r.id and b.release_id = o.id and a.project_id = any($2::bigint[]))
order by coalesce(o.date_released, o.created_at) desc, o.id desc
limit 1

-- name: release_insert
-- Empty where somebody has made it already; a name's order is then written again.
insert into control.release as r (organization_id, version, package, numbers, prerelease, build)
values ($1::bigint, $2::text, $3::text, nullif($4::text, '')::bigint[], $5::text, $6::text)
on conflict (organization_id, version) do update
  set package = excluded.package, numbers = excluded.numbers, prerelease = excluded.prerelease, build = excluded.build
returning r.id, xmax = 0 as is_new

-- name: release_any_id
select id from control.release where organization_id = $1::bigint and version = $2::text

-- name: release_link
insert into control.release_project (release_id, project_id) select $1::bigint, k from unnest($2::bigint[]) k
on conflict do nothing returning project_id

-- name: release_name_in_projects
-- The digest's side of the name, so that issues can be resolved in a release no event has named yet. Runs after
-- digest_counter_lock for the same projects.
with missing as (
  select c.project_id, c.next_release from tenant.project_counter c
  where c.project_id = any($1::bigint[]) and c.next_release <= $3::int
    and not exists (select from tenant.project_release t where t.project_id = c.project_id and t.version = $2::text)),
made as (
  insert into tenant.project_release (project_id, id, version, first_seen)
  select project_id, next_release, $2::text, now() from missing returning project_id)
update tenant.project_counter c set next_release = c.next_release + 1 from made where made.project_id = c.project_id
returning c.project_id, c.next_release - 1

-- name: release_change
update control.release
set ref = coalesce($2::text, ref), url = coalesce($3::text, url),
    date_started = coalesce($4::timestamptz, date_started), date_released = coalesce($5::timestamptz, date_released),
    status = coalesce($6::smallint, status)
where id = $1::bigint

-- name: release_has_other_projects
select 1 from control.release_project where release_id = $1::bigint and not (project_id = any($2::bigint[])) limit 1

-- name: release_delete
delete from control.release where id = $1::bigint

-- name: digest_release_adopt
-- Names that events were the first to use become releases of their organization.
insert into control.release (organization_id, version, package, numbers, prerelease, build)
select distinct on (p.organization_id, k.version)
  p.organization_id, k.version, k.package, nullif(k.numbers, '')::bigint[], k.prerelease, k.build
from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
  k(project_id, version, package, numbers, prerelease, build)
join control.project p on p.id = k.project_id
order by p.organization_id, k.version
on conflict (organization_id, version) do nothing

-- name: digest_release_link
-- The lock keeps a release from being deleted between being found and being linked.
insert into control.release_project (release_id, project_id)
select r.id, k.project_id
from unnest($1::bigint[], $2::text[]) k(project_id, version)
join control.project p on p.id = k.project_id
join control.release r on r.organization_id = p.organization_id and r.version = k.version
order by r.id, k.project_id
for key share of r
on conflict do nothing
