-- "Fixes WEB-1" in messages of commits. $1 projects.

-- Those nobody has counted yet, in projects that have the release: a fix told too early may be told again. $2 organization,
-- $3 issues, $4 repositories, $5 shas (one each), $6 now, $7 version.
-- name: commit_fix_new
insert into tenant.issue_commit (project_id, issue_id, commit_id, created_at)
select distinct i.project_id, i.id, k.id, $6::timestamptz
from unnest($3::bigint[], $4::text[], $5::text[]) f (issue_id, repository, sha)
join tenant.issue i on i.project_id = f.issue_id / 1000000000 and i.id = f.issue_id and i.status <> 4
join control.repository p on p.organization_id = $2::bigint and lower(p.name) = lower(f.repository)
join control.commit k on k.organization_id = p.organization_id and k.repository_id = p.id and k.sha = f.sha
join control.release l on l.organization_id = p.organization_id and l.version = $7::text
join control.release_project lp on lp.release_id = l.id and lp.project_id = i.project_id
where i.project_id = any($1::bigint[])
on conflict do nothing
returning issue_id, commit_id;

-- What they are to be resolved with, oldest commit first. Merged issues lead to the one they are in now; issues of projects
-- that do not have the release are left out. $2 organization, $3 issues, $4 commits (one each), $5 version.
-- name: commit_fix_facts
with recursive place as (
  select f.n, f.commit_id, i.project_id, i.id, i.status, i.merged_into, 1 as depth
  from unnest($3::bigint[], $4::bigint[]) with ordinality f (issue_id, commit_id, n)
  join tenant.issue i on i.project_id = f.issue_id / 1000000000 and i.id = f.issue_id
  where i.project_id = any($1::bigint[])
  union all
  select t.n, t.commit_id, i.project_id, i.id, i.status, i.merged_into, t.depth + 1
  from place t
  join tenant.issue i on i.project_id = t.project_id and i.id = t.merged_into
  where t.status = 3 and t.depth < 50 and i.project_id = any($1::bigint[]))
select t.id, t.project_id, r.id as release_id, k.sha, k.message, k.author_name, k.author_email, k.committed_at,
       p.name as repository, (i.assigned_user_id is null and i.assigned_team_id is null) as is_free
from place t
join tenant.issue i on i.project_id = t.project_id and i.id = t.id
join control.commit k on k.id = t.commit_id and k.organization_id = $2::bigint
join control.repository p on p.id = k.repository_id
join control.release l on l.organization_id = $2::bigint and l.version = $5::text
join control.release_project lp on lp.release_id = l.id and lp.project_id = t.project_id
join tenant.project_release r on r.project_id = t.project_id and r.version = l.version
where t.status in (0, 1, 2) and i.project_id = any($1::bigint[])
order by k.committed_at, t.n desc;
