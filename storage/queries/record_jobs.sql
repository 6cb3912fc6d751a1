-- Background work on typed records and what admission learns from counts.

-- name: partition_purge_check_ins
delete from tenant.check_in c
where (c.project_id, c.id) in (select p.project_id, p.id from tenant.check_in p where p.started_at < $1::timestamptz
                               order by p.started_at limit $2::int)

-- name: partition_purge_feedback
delete from tenant.feedback f
where (f.project_id, f.kind, f.id) in (select p.project_id, p.kind, p.id from tenant.feedback p
                                       where p.received_at < $1::timestamptz order by p.received_at limit $2::int)

-- name: spike_compute
-- For the hour that has just begun: the greatest of $1 (the floor), 3 x the median of the same hour of the last seven
-- days, and 2 x the busiest of the last 24 hours that were no spikes themselves (nothing of them was refused as one).
-- Errors are counted with what they are sent as.
with counted as (
  select o.project_id, date_trunc('hour', now()) - o.hour as ago,
    case when o.category in ('default', 'security') then 'error' else o.category end as category,
    sum(o.quantity) filter (where o.outcome = 0) as accepted,
    coalesce(sum(o.quantity) filter (where o.outcome = 2 and o.reason = 'spike_protection'), 0) as refused
  from tenant.outcome o
  where o.hour >= date_trunc('hour', now()) - interval '7 days' and o.hour < date_trunc('hour', now())
    and o.category <> 'internal'
  group by 1, 2, 3
), usual as (
  select c.project_id, c.category,
    (select percentile_cont(0.5) within group (order by coalesce(s.accepted, 0))
     from generate_series(1, 7) d
     left join counted s on s.project_id = c.project_id and s.category = c.category
       and s.ago = make_interval(days => d)) as median,
    max(c.accepted) filter (where c.ago <= interval '24 hours' and c.refused = 0) as busiest
  from counted c group by 1, 2
)
insert into tenant.spike_threshold as t (project_id, category, per_hour, computed_at)
select u.project_id, u.category, greatest($1::bigint, 3 * u.median, 2 * coalesce(u.busiest, 0))::bigint, now()
from usual u
on conflict (project_id, category) do update set per_hour = excluded.per_hour, computed_at = excluded.computed_at

-- name: spike_announce
-- Only if somebody wants to know.
update control.directory_version set version = version + 1
where exists (select from control.project where settings->'spike_protection' = 'true'::jsonb)
   or exists (select from control.organization where settings->'spike_protection' = 'true'::jsonb)
