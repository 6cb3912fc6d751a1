-- name: user_insert
insert into control.app_user (email, name, password_hash) values (lower($1), $2, nullif($3, ''))
on conflict (email) do nothing
returning id, email, name, is_active, password_hash is not null, created_at

-- name: user_list
select id, email, name, is_active, password_hash is not null, created_at from control.app_user order by email

-- name: user_by_email
select id, email, name, is_active, password_hash is not null, created_at, password_hash
from control.app_user where email = lower($1)

-- name: user_by_id
select id, email, name, is_active, password_hash is not null, created_at from control.app_user where id = $1

-- name: user_set_password
update control.app_user set password_hash = $2 where id = $1 returning id

-- name: user_set_active
update control.app_user set is_active = $2 where id = $1 returning id

-- name: user_set_name
update control.app_user set name = $2 where id = $1 returning id
