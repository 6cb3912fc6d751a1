-- Who calls. $1: SHA-256 of the token, $2: now.

-- name: caller_by_hash
select t.id as token_id, t.kind, t.scopes,
       coalesce(t.last_used_at < $2::timestamptz - interval '1 minute', true) as is_stale,
       u.id as user_id, u.email, u.name, u.is_active, u.created_at, u.last_login_at,
       o.id as organization_id, o.slug,
       array(select p.id from control.project p where p.organization_id = o.id and p.is_active order by p.id) as projects
from control.token t
left join control.app_user u on u.id = t.user_id
left join control.organization o
  on (t.organization_id is null or o.id = t.organization_id)
  and (t.organization_id is not null or t.user_id is not null)
  and (t.user_id is null
       or exists (select from control.member m where m.organization_id = o.id and m.user_id = t.user_id))
where t.hash = $1
  and t.revoked_at is null
  and (t.expires_at is null or t.expires_at > $2::timestamptz)
  and (t.user_id is null or u.is_active)
  and (t.organization_id is null or o.id is not null)  -- no member any more
order by o.slug;

-- name: caller_touch_token
update control.token set last_used_at = $2::timestamptz
where id = $1 and (last_used_at is null or last_used_at < $2::timestamptz - interval '1 minute');
