-- name: token_insert
insert into control.token (kind, organization_id, user_id, name, hash, last_characters, scopes, expires_at)
values ($1, nullif($2::bigint, 0), nullif($3::bigint, 0), $4, $5, $6, $7::text[], $8::timestamptz)
returning id, kind, coalesce(organization_id, 0), coalesce(user_id, 0), name, last_characters, scopes, created_at,
  expires_at, revoked_at, last_used_at

-- name: token_list
select id, kind, coalesce(organization_id, 0), coalesce(user_id, 0), name, last_characters, scopes, created_at,
  expires_at, revoked_at, last_used_at
from control.token where organization_id = $1 order by id desc

-- name: token_revoke
update control.token set revoked_at = coalesce(revoked_at, now()) where organization_id = $1 and id = $2 returning id

-- name: token_resolve
-- One row: who the token speaks for and what it may see.
select t.id, o.id, o.slug, coalesce(t.user_id, 0), t.scopes,
  array(select p.id from control.project p where p.organization_id = o.id and p.is_active order by p.id),
  t.last_used_at is null or t.last_used_at < now() - interval '1 minute'
from control.token t
join control.organization o on o.id = t.organization_id
where t.hash = $1
  and t.revoked_at is null
  and (t.expires_at is null or t.expires_at > now())
  and (t.user_id is null or exists (
    select from control.app_user u join control.member m on m.user_id = u.id
    where u.id = t.user_id and u.is_active and m.organization_id = o.id))

-- name: token_touch
update control.token set last_used_at = now()
where id = $1 and (last_used_at is null or last_used_at < now() - interval '1 minute')
