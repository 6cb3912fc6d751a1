-- How much stands and waits in the database. $1: the scope's project ids.
-- name: server_load
select pg_database_size(current_database()) as database_bytes,
       (select to_date(min(substring(c.relname from '\d{8}$')), 'YYYYMMDD')::timestamptz
        from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'tenant.event'::regclass) as oldest_day,
       (select count(*) from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'tenant.event'::regclass
          and substring(c.relname from '\d{8}$') > to_char(now() at time zone 'UTC', 'YYYYMMDD')) as days_ahead,
       (select count(*) from (select from tenant.dead_letter where project_id = any($1::bigint[]) limit 10000) d) as dead_letters,
       (select max(created_at) from tenant.dead_letter where project_id = any($1::bigint[])) as last_dead_letter,
       (select count(*) from (select from tenant.outbox
                              where project_id = any($1::bigint[]) and delivered_at is null limit 10000) o) as effects_waiting;
