-- Logins and their throttle.

-- name: login_session_insert
insert into control.login_session (user_id, hash, ip, user_agent, created_at, last_seen_at)
values ($1, $2, $3, $4, $5, $5) returning id

-- name: login_note_user
update control.app_user set last_login_at = $2 where id = $1

-- name: login_session_list
-- $2: idle since at most this; $3: begun at least then.
select id, ip, user_agent, created_at, last_seen_at from control.login_session
where user_id = $1 and ended_at is null and last_seen_at > $2 and created_at > $3
order by id desc

-- name: login_session_end
update control.login_session set ended_at = $3 where user_id = $1 and id = $2 and ended_at is null returning id

-- name: login_session_end_others
update control.login_session set ended_at = $3 where user_id = $1 and id <> $2 and ended_at is null

-- name: login_failures_of_account
-- The failure that makes it too many, counted back from the newest: $4 younger ones exist.
select at from control.login_failure where email = lower($1) and network = $2 and at > $3
order by at desc offset $4 limit 1

-- name: login_failures_of_ip
select at from control.login_failure where ip = $1 and at > $2 order by at desc offset $3 limit 1

-- name: login_failure_insert
insert into control.login_failure (at, email, network, ip) values ($1, lower($2), $3, $4)

-- name: login_failure_forget
delete from control.login_failure where at <= $1

-- name: login_any
select exists (select from control.login_session)
