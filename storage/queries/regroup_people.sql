-- What people left at issues that are merged or taken apart. $1 the project, $2 the issues it comes from, $3 where it goes.

-- name: regroup_move_notes
-- Each comment remembers the way it came.
update tenant.activity set issue_id = $3::bigint, came_from = came_from || issue_id
where project_id = $1 and issue_id = any($2::bigint[]) and kind = 'note'

-- name: regroup_bring_back_notes
-- $2 where they came from, $3 where they are.
update tenant.activity
set issue_id = came_from[cardinality(came_from)], came_from = came_from[1:cardinality(came_from) - 1]
where project_id = $1 and issue_id = $3::bigint and kind = 'note' and came_from[cardinality(came_from)] = any($2::bigint[])

-- name: regroup_share_people
-- Bookmarks and subscriptions; what somebody said of the target itself counts more. Who has looked at one has not looked at the other.
insert into tenant.issue_user as u (project_id, issue_id, user_id, bookmarked_at, subscribed, subscription_reason)
select $1, $3::bigint, c.user_id, min(c.bookmarked_at), bool_or(c.subscribed), min(c.subscription_reason) filter (where c.subscribed)
from tenant.issue_user c
where c.project_id = $1 and c.issue_id = any($2::bigint[]) and (c.bookmarked_at is not null or c.subscribed is not null)
group by c.user_id order by c.user_id
on conflict (project_id, issue_id, user_id) do update
set bookmarked_at = coalesce(u.bookmarked_at, excluded.bookmarked_at),
    subscription_reason = case when u.subscribed is null then excluded.subscription_reason else u.subscription_reason end,
    subscribed = coalesce(u.subscribed, excluded.subscribed)

-- name: regroup_share_assignee
-- Of the one with most events, where the target has nobody.
update tenant.issue t set assigned_user_id = s.assigned_user_id, assigned_team_id = s.assigned_team_id
from (select assigned_user_id, assigned_team_id from tenant.issue
      where project_id = $1 and id = any($2::bigint[]) and (assigned_user_id is not null or assigned_team_id is not null)
      order by times_seen desc, id limit 1) s
where t.project_id = $1 and t.id = $3::bigint and t.assigned_user_id is null and t.assigned_team_id is null
