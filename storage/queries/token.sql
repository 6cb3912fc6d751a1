-- name: token_insert
insert into control.token (kind, organization_id, user_id, name, hash, last_characters, scopes, expires_at)
values ($1, nullif($2::bigint, 0), nullif($3::bigint, 0), $4, $5, $6, $7::text[], $8::timestamptz)
returning id, kind, coalesce(organization_id, 0), coalesce(user_id, 0), name, last_characters, scopes, created_at,
  expires_at, revoked_at, last_used_at

-- name: token_list
select id, kind, coalesce(organization_id, 0), coalesce(user_id, 0), name, last_characters, scopes, created_at,
  expires_at, revoked_at, last_used_at
from control.token where coalesce(organization_id, 0) = $1 order by id desc

-- name: token_list_of_user
select id, kind, coalesce(organization_id, 0), coalesce(user_id, 0), name, last_characters, scopes, created_at,
  expires_at, revoked_at, last_used_at
from control.token where user_id = $1 and kind = 'user' and revoked_at is null order by id desc

-- name: token_revoke
update control.token set revoked_at = coalesce(revoked_at, now()) where organization_id = $1 and id = $2
returning id, coalesce(organization_id, 0), name

-- name: token_revoke_of_user
update control.token set revoked_at = now() where user_id = $1 and id = $2 and kind = 'user' and revoked_at is null
returning id, coalesce(organization_id, 0), name

-- name: token_revoke_any
update control.token set revoked_at = coalesce(revoked_at, now()) where id = $1
returning id, coalesce(organization_id, 0), name

-- name: token_rename
update control.token set name = $3 where organization_id = $1 and id = $2 and revoked_at is null returning id
