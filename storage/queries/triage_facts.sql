-- What lists and details show of triage. $1: the scope's project ids, $2: issue ids.

-- $3 the caller or null.
-- name: triage_facts
select i.id, i.assigned_user_id, coalesce(au.name, '') as assigned_name, coalesce(au.email, '') as assigned_email,
       i.assigned_team_id, i.inbox_reason, coalesce(i.inbox_at, i.first_seen) as inbox_at, i.times_seen, i.users_seen,
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

-- A member by id, e-mail or name. $1 organization, $2 id or null, $3 text.
-- name: triage_member
select u.id, u.name, u.email from control.app_user u
join control.member m on m.user_id = u.id and m.organization_id = $1
where u.is_active and (u.id = $2 or lower(u.email) = lower($3) or (u.name <> '' and lower(u.name) = lower($3)))
order by coalesce(u.id = $2, false) desc, lower(u.email) = lower($3) desc, u.id limit 1;

-- $2 project: its newest releases.
-- name: triage_versions
select version from tenant.project_release where project_id = any($1::bigint[]) and project_id = $2
order by first_seen desc, id desc limit 1000;
