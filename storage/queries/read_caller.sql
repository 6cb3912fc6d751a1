-- Who calls. $1: SHA-256 of the token or cookie, $2: now. Rows: one per organization, by slug; at least one.

-- name: caller_by_hash
select t.id as token_id, t.kind, t.scopes, t.name as token_name,
       coalesce(t.last_used_at < $2::timestamptz - interval '1 minute', true) as is_stale,
       u.id as user_id, u.email, u.name, u.is_active, u.created_at, u.last_login_at,
       o.id as organization_id, o.slug, o.role,
       control.visible_projects(o.id, t.user_id, o.role) as projects
from control.token t
left join control.app_user u on u.id = t.user_id
left join lateral (
  select o.id, o.slug, coalesce(m.role, '') as role
  from control.organization o
  left join control.member m on m.organization_id = o.id and m.user_id = t.user_id
  where (t.organization_id is null or o.id = t.organization_id)
    and (t.organization_id is not null or t.user_id is not null)
    and (t.user_id is null or m.user_id is not null)
) o on true
where t.hash = $1
  and t.revoked_at is null
  and (t.expires_at is null or t.expires_at > $2::timestamptz)
  and (t.user_id is null or u.is_active)
  and (t.organization_id is null or o.id is not null)  -- no member any more
order by o.slug;

-- name: caller_touch_token
update control.token set last_used_at = $2::timestamptz
where id = $1 and (last_used_at is null or last_used_at < $2::timestamptz - interval '1 minute');

-- name: caller_by_session
-- $3: idle since at most this; $4: begun at least then.
select s.id as token_id, 'session' as kind, '{}'::text[] as scopes, '' as token_name,
       s.last_seen_at < $2::timestamptz - interval '1 minute' as is_stale,
       u.id as user_id, u.email, u.name, u.is_active, u.created_at, u.last_login_at,
       m.organization_id, o.slug, m.role,
       control.visible_projects(o.id, u.id, m.role) as projects
from control.login_session s
join control.app_user u on u.id = s.user_id and u.is_active
left join control.member m on m.user_id = u.id
left join control.organization o on o.id = m.organization_id
where s.hash = $1
  and s.ended_at is null
  and s.last_seen_at > $3::timestamptz
  and s.created_at > $4::timestamptz
order by o.slug;

-- name: caller_touch_session
update control.login_session set last_seen_at = $2::timestamptz
where id = $1 and last_seen_at < $2::timestamptz - interval '1 minute';

-- name: caller_by_dsn
-- $1: public key, $2: project. The key alone opens nothing but what a route gives it by name.
select p.id as project_id, o.id as organization_id, o.slug
from control.project_key k
join control.project p on p.id = k.project_id and p.is_active
join control.organization o on o.id = p.organization_id
where k.public_key = $1 and k.project_id = $2 and k.is_active;
