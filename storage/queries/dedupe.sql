-- name: dedupe_lock_exclusive
select pg_advisory_xact_lock(hashtext('mishap dedupe'))

-- name: dedupe_next
-- A start in the future was written before the database's clock was set back.
update control.dedupe_generation set generation = generation + 1, started_at = now()
where started_at <= now() - make_interval(hours => $1) or started_at > now() + interval '1 hour'
returning generation

-- name: dedupe_current
select generation from control.dedupe_generation

-- name: dedupe_tables
select substring(c.relname from '\d+$')::int from pg_inherits i join pg_class c on c.oid = i.inhrelid
where i.inhparent = 'tenant.event_seen'::regclass
