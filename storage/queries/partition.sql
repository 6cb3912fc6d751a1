-- name: partition_ensure_ahead
select count(*) from generate_series(0, $1::int) n
where tenant.ensure_day((now() at time zone 'UTC')::date + n)

-- name: partition_oldest_kept
select date_trunc('day', now()) - make_interval(days => $1::int)

-- name: partition_list
select substring(c.relname from '\d{8}$')
from pg_inherits i join pg_class c on c.oid = i.inhrelid
where i.inhparent = 'tenant.event'::regclass and not i.inhdetachpending
order by 1

-- name: partition_day_tables
-- Every table of a day that belongs to one of $2, attached or not (a crash between DETACH and DROP leaves one behind).
select c.relname, regexp_replace(c.relname, '_\d{8}$', ''),
  case when i.inhrelid is null then 'detached' when i.inhdetachpending then 'pending' else 'attached' end
from pg_class c left join pg_inherits i on i.inhrelid = c.oid
where c.relnamespace = 'tenant'::regnamespace and c.relkind = 'r'
  and c.relname ~ '_\d{8}$' and regexp_replace(c.relname, '_\d{8}$', '') = any($2::text[]) and substring(c.relname from '\d{8}$') < $1
order by substring(c.relname from '\d{8}$'), c.relname desc
