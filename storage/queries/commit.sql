-- Commits, repositories and deploys of releases.

-- name: repository_list
select id, name, coalesce(url, '') as url, provider, status, created_at from control.repository
where organization_id = $1::bigint and status = 0
  and ($2::text = '' or position(lower($2::text) in lower(name)) > 0)
order by lower(name), id

-- name: repository_upsert
insert into control.repository (organization_id, name, url) values ($1::bigint, $2::text, $3::text)
on conflict (organization_id, lower(name)) do update
  set status = 0, url = coalesce(excluded.url, control.repository.url)
returning id, name, coalesce(url, '') as url, provider, status, created_at

-- name: repository_insert_missing
insert into control.repository (organization_id, name)
select distinct on (lower(k)) $1::bigint, k from unnest($2::text[]) k order by lower(k)
on conflict (organization_id, lower(name)) do nothing

-- name: repository_ids
select k.n, r.id, r.status from unnest($2::text[]) with ordinality k(name, n)
join control.repository r on r.organization_id = $1::bigint and lower(r.name) = lower(k.name)

-- name: repository_hide
update control.repository set status = 1 where organization_id = $1::bigint and id = $2::bigint returning id

-- name: repository_commits
select k.id, k.sha, k.message, k.author_name, k.author_email, k.committed_at,
       array(select f->>'path' from jsonb_array_elements(k.files) with ordinality t(f, n) order by n) as file_paths,
       array(select f->>'type' from jsonb_array_elements(k.files) with ordinality t(f, n) order by n) as file_types,
       p.id as repository_id, p.name as repository_name, coalesce(p.url, '') as repository_url, p.provider,
       p.status as repository_status, p.created_at as repository_created_at
from control.repository p
join control.commit k on k.organization_id = p.organization_id and k.repository_id = p.id
where p.organization_id = $1::bigint and p.id = $2::bigint
order by k.committed_at desc, k.id desc limit $3::int

-- name: repository_exists
select 1 from control.repository where organization_id = $1::bigint and id = $2::bigint

-- name: commit_upsert
-- A commit is told again with every release that holds it; what is said later and not empty wins.
insert into control.commit as c
  (organization_id, repository_id, sha, message, author_name, author_email, committed_at, files)
select distinct on (k.repository_id, k.sha)
  $1::bigint, k.repository_id, k.sha, k.message, k.author_name, k.author_email, k.committed_at, k.files::jsonb
from unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::text[])
  k(repository_id, sha, message, author_name, author_email, committed_at, files)
order by k.repository_id, k.sha
on conflict (organization_id, repository_id, sha) do update
  set message = case when excluded.message = '' then c.message else excluded.message end,
      author_name = case when excluded.author_name = '' then c.author_name else excluded.author_name end,
      author_email = case when excluded.author_email = '' then c.author_email else excluded.author_email end,
      committed_at = case when excluded.message = '' then c.committed_at else excluded.committed_at end,
      files = case when excluded.files = '[]' then c.files else excluded.files end
returning id, repository_id, sha

-- name: release_commits_clear
delete from control.release_commit where release_id = $1::bigint

-- name: release_commits_insert
insert into control.release_commit (release_id, place, commit_id)
select $1::bigint, k.n - 1, k.id from unnest($2::bigint[]) with ordinality k(id, n)

-- name: release_commits
select k.id, k.sha, k.message, k.author_name, k.author_email, k.committed_at,
       array(select f->>'path' from jsonb_array_elements(k.files) with ordinality t(f, n) order by n) as file_paths,
       array(select f->>'type' from jsonb_array_elements(k.files) with ordinality t(f, n) order by n) as file_types,
       p.id as repository_id, p.name as repository_name, coalesce(p.url, '') as repository_url, p.provider,
       p.status as repository_status, p.created_at as repository_created_at
from control.release_commit c
join control.commit k on k.id = c.commit_id
join control.repository p on p.id = k.repository_id
where c.release_id = $1::bigint
order by c.place

-- name: release_heads_clear
delete from control.release_head where release_id = $1::bigint

-- name: release_head_upsert
insert into control.release_head (release_id, repository_id, sha, previous_sha)
values ($1::bigint, $2::bigint, $3::text, $4::text)
on conflict (release_id, repository_id) do update set sha = excluded.sha, previous_sha = excluded.previous_sha

-- name: deploy_insert
insert into control.deploy (release_id, environment, name, url, date_started, date_finished, project_ids)
select $1::bigint, $2::text, $3::text, $4::text, $5::timestamptz, $6::timestamptz,
       array(select l.project_id from control.release_project l
             where l.release_id = $1::bigint and l.project_id = any($7::bigint[])
               and (cardinality($8::bigint[]) = 0 or l.project_id = any($8::bigint[])) order by 1)
returning id, environment, name, url, date_started, date_finished, project_ids

-- name: deploy_list
select id, environment, name, url, date_started, date_finished, project_ids from control.deploy
where release_id = $1::bigint and project_ids && $2::bigint[]
order by date_finished desc, id desc limit 1000

-- name: deploy_environment
-- Runs after digest_counter_lock for the same projects.
with missing as (
  select c.project_id, c.next_environment from tenant.project_counter c
  where c.project_id = any($1::bigint[]) and c.next_environment <= $3::int
    and not exists (select from tenant.environment t where t.project_id = c.project_id and t.name = $2::text)),
made as (
  insert into tenant.environment (project_id, id, name, first_seen)
  select project_id, next_environment, $2::text, now() from missing returning project_id)
update tenant.project_counter c set next_environment = c.next_environment + 1 from made
where made.project_id = c.project_id
