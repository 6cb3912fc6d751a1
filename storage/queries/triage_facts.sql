-- What lists and details show of triage. $1: the scope's project ids, $2: issue ids.

-- $3 the caller or null.
-- name: triage_facts
select i.id, i.assigned_user_id, coalesce(au.name, '') as assigned_name, coalesce(au.email, '') as assigned_email,
       i.assigned_team_id, coalesce(t.slug, '') as team_slug, i.inbox_reason, coalesce(i.inbox_at, i.first_seen) as inbox_at, i.times_seen, i.users_seen,
       (select count(*) from tenant.activity a
        where a.project_id = i.project_id and a.issue_id = i.id and a.kind = 'note') as comments,
       u.bookmarked_at is not null as bookmarked, u.subscribed, coalesce(u.subscription_reason, '') as reason,
       u.seen_at is not null as seen, coalesce(replace(s.share_id::text, '-', ''), '') as share_id,
       coalesce(r.kind, 0) as resolution, coalesce(rel.version, '') as resolution_version,
       coalesce(r.repository, '') as repository, coalesce(r.commit_id, '') as commit_id,
       z.issue_id is not null as is_snoozed, z.until, z.times, z.window_min, z.users, z.user_window_min,
       z.times_seen_base, z.users_seen_base,
       d.id as decided_by, coalesce(d.name, '') as decided_name, coalesce(d.email, '') as decided_email
from tenant.issue i
left join control.app_user au on au.id = i.assigned_user_id
left join control.team t on t.id = i.assigned_team_id
left join tenant.issue_user u on u.project_id = i.project_id and u.issue_id = i.id and u.user_id = $3
left join tenant.issue_share s on s.project_id = i.project_id and s.issue_id = i.id
left join tenant.issue_resolution r on r.project_id = i.project_id and r.issue_id = i.id
left join tenant.project_release rel on rel.project_id = r.project_id and rel.id = r.release_id
left join tenant.issue_snooze z on z.project_id = i.project_id and z.issue_id = i.id
left join control.app_user d on d.id = coalesce(r.user_id, z.user_id)
where i.project_id = any($1::bigint[]) and i.id = any($2::bigint[]);

-- name: triage_viewers
select p.id, p.name, p.email, u.seen_at from tenant.issue_user u
join control.app_user p on p.id = u.user_id
where u.project_id = any($1::bigint[]) and u.issue_id = any($2::bigint[]) and u.seen_at is not null
order by u.seen_at desc, p.id limit 100;

-- name: triage_participants
select p.id, p.name, p.email from tenant.issue_user u
join control.app_user p on p.id = u.user_id
where u.project_id = any($1::bigint[]) and u.issue_id = any($2::bigint[]) and u.subscribed
order by p.id limit 100;

-- The address is the permission: no scope. $1 share id, $2 organization.
-- name: triage_shared
select s.issue_id from tenant.issue_share s
join control.project p on p.id = s.project_id and p.organization_id = $2
where s.share_id = $1::uuid limit 1;

-- A member by id, e-mail or name, who sees the projects. $1 organization, $2 id or null, $3 text, $4 projects.
-- name: triage_member
select u.id, u.name, u.email from control.app_user u
join control.member m on m.user_id = u.id and m.organization_id = $1
where u.is_active and (u.id = $2 or lower(u.email) = lower($3) or (u.name <> '' and lower(u.name) = lower($3)))
  and $4::bigint[] <@ control.visible_projects(m.organization_id, u.id, m.role)
order by coalesce(u.id = $2, false) desc, lower(u.email) = lower($3) desc, u.id limit 1;

-- A team that has all the projects. $2 id or null, $3 slug.
-- name: triage_team
select t.id, t.slug from control.team t
where t.organization_id = $1 and (t.id = $2 or t.slug = lower($3))
  and $4::bigint[] <@ array(select tp.project_id from control.team_project tp where tp.team_id = t.id);

-- A commit by its repository's name and its id, or the beginning of that. $1 organization, $2 repository, $3 commit,
-- $4 project: the newest release of the project that has it.
-- name: triage_commit
select r.name as repository, c.sha, coalesce(t.id, 0) as release_id, coalesce(t.version, '') as version
from control.repository r
left join lateral (
  select k.id, k.sha from control.commit k
  where k.organization_id = r.organization_id and k.repository_id = r.id and starts_with(k.sha, lower($3))
  order by k.sha limit 1) c on true
left join lateral (
  select t.id, t.version from control.release_commit rc
  join control.release l on l.id = rc.release_id
  join tenant.project_release t on t.project_id = $4 and t.version = l.version
  where rc.commit_id = c.id order by t.first_seen desc, t.id desc limit 1) t on true
where r.organization_id = $1 and lower(r.name) = lower($2) and r.status = 0;

-- $2 project: its newest releases.
-- name: triage_versions
select version from tenant.project_release where project_id = any($1::bigint[]) and project_id = $2
order by first_seen desc, id desc limit 1000;

-- How many issues came back in which release. $1 projects, $2 versions.
-- name: triage_regressed
select t.version, count(*) as issues from tenant.issue_regression g
join tenant.project_release t on t.project_id = g.project_id and t.id = g.release_id
where g.project_id = any($1::bigint[]) and t.version = any($2::text[])
group by t.version order by t.version;

-- Resolved in the release, or by a commit that is in it. $1 the scope's projects, $2 version, $3 organization, $4 at most.
-- name: triage_resolved_in
select i.id from tenant.issue_resolution r
join tenant.issue i on i.project_id = r.project_id and i.id = r.issue_id and i.status = 1
where r.project_id = any($1::bigint[])
  and ((r.kind = 1 and exists (select from tenant.project_release t
                               where t.project_id = r.project_id and t.id = r.release_id and t.version = $2))
    or (r.kind = 3 and exists (select from control.release v
                               join control.release_commit x on x.release_id = v.id
                               join control.commit c on c.id = x.commit_id
                               where v.organization_id = $3 and v.version = $2 and c.sha = r.commit_id)))
order by i.id limit $4;
