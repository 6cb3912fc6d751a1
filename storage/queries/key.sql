-- name: project_key_insert
insert into control.project_key (project_id, public_key, secret_key, name) values ($1, $2, $3, $4)
returning id, project_id, public_key, secret_key, name, is_active, rate_limit_count, rate_limit_window_s, created_at

-- name: project_key_list
select id, project_id, public_key, secret_key, name, is_active, rate_limit_count, rate_limit_window_s, created_at
from control.project_key where project_id = $1 order by id

-- name: project_key_by_public_key
select id, project_id, public_key, secret_key, name, is_active, rate_limit_count, rate_limit_window_s, created_at
from control.project_key where project_id = $1 and public_key = $2

-- name: project_key_set_active
update control.project_key set is_active = $3 where project_id = $1 and public_key = $2 returning id

-- name: project_key_set_rate_limit
update control.project_key set rate_limit_count = $3, rate_limit_window_s = $4
where project_id = $1 and public_key = $2 returning id
