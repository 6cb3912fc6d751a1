-- name: outbox_claim
update tenant.outbox o set attempts = o.attempts + 1, next_attempt_at = now() + make_interval(secs => $2)
from (
  select project_id, delivery_id from tenant.outbox
  where delivered_at is null and next_attempt_at <= now()
  order by next_attempt_at limit $1 for update skip locked
) due
where o.project_id = due.project_id and o.delivery_id = due.delivery_id
returning o.project_id, o.delivery_id, o.kind, o.issue_id, o.event_id, o.body, o.created_at, o.attempts

-- name: outbox_delivered
update tenant.outbox set delivered_at = now(), last_error = null where project_id = $1 and delivery_id = $2

-- name: outbox_failed
update tenant.outbox set last_error = $3, next_attempt_at = now() + make_interval(secs => $4)
where project_id = $1 and delivery_id = $2 and delivered_at is null

-- name: outbox_purge
delete from tenant.outbox o using (
  select project_id, delivery_id from tenant.outbox
  where delivered_at < now() - make_interval(days => $1) limit $2 for update skip locked
) old
where o.project_id = old.project_id and o.delivery_id = old.delivery_id
