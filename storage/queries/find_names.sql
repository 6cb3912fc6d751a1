-- One search over everything. $1 projects of the scope, $2 organization, $3 pattern for a part of a text, $4 limit.

-- name: find_releases
select r.version, coalesce(r.date_released, r.created_at) as created_at
from control.release r
where r.organization_id = $2 and r.version ilike $3
  and exists (select from control.release_project p where p.release_id = r.id and p.project_id = any($1::bigint[]))
order by coalesce(r.date_released, r.created_at) desc, r.id desc
limit $4;

-- $5 pattern for the beginning of a sha, lower case.
-- name: find_commits
select c.sha, c.message, o.name as repository, c.author_name, c.committed_at
from control.commit c
join control.repository o on o.id = c.repository_id
where c.organization_id = $2 and (c.message ilike $3 or c.sha like $5)
  and exists (
    select from control.release_commit rc
    join control.release_project p on p.release_id = rc.release_id
    where rc.commit_id = c.id and p.project_id = any($1::bigint[]))
order by c.committed_at desc, c.id desc
limit $4;
