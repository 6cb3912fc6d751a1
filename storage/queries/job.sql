-- name: job_claim
-- No job waits a day and no lease lasts an hour: a time beyond that was written before the database's clock was set back.
insert into control.job as j (name, holder, lease_until) values ($1, $2, now() + make_interval(secs => $3))
on conflict (name) do update set holder = excluded.holder, lease_until = excluded.lease_until
where (j.next_run <= now() or j.next_run > now() + interval '1 day')
  and (j.lease_until is null or j.lease_until < now() or j.lease_until > now() + interval '1 hour'
       or j.holder = excluded.holder)
returning name

-- name: job_renew
update control.job set lease_until = now() + make_interval(secs => $3)
where name = $1 and holder = $2 and lease_until > now() returning name

-- name: job_finish
update control.job set holder = null, lease_until = null, next_run = now() + make_interval(secs => $3),
  last_success_at = case when $4 = '' then now() else last_success_at end, last_error = nullif($4, '')
where name = $1 and holder = $2
