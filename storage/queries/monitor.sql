-- Monitors and their check-ins, for the API. $1: the projects the caller may see.

-- name: monitor_list
-- $2 part of the slug, $3 the whole slug; '' for any.
select m.project_id, m.slug, coalesce(m.config::text, '{}') as config, m.first_seen, m.last_seen
from tenant.monitor m
where m.project_id = any($1::bigint[])
  and ($2::text = '' or position(lower($2::text) in lower(m.slug)) > 0) and ($3::text = '' or m.slug = $3::text)
order by m.slug, m.project_id limit 10000;

-- name: monitor_environments
-- $2 slugs; what was heard from each environment since $3.
select c.project_id, c.monitor_slug, coalesce(v.name, '') as environment, min(c.started_at) as first_seen,
       max(c.started_at) as last_seen, (array_agg(c.status order by c.started_at desc, c.id))[1] as status
from tenant.check_in c
left join tenant.environment v on v.project_id = c.project_id and v.id = c.environment_id
where c.project_id = any($1::bigint[]) and c.monitor_slug = any($2::text[]) and c.started_at >= $3::timestamptz
group by c.project_id, c.monitor_slug, coalesce(v.name, '')
order by c.project_id, c.monitor_slug, coalesce(v.name, '');

-- name: monitor_check_ins
-- $2 slug, $3 from, $4 to, $5 environments or null.
select c.id, coalesce(v.name, '') as environment, c.status, c.duration_ms, c.started_at, c.updated_at
from tenant.check_in c
left join tenant.environment v on v.project_id = c.project_id and v.id = c.environment_id
where c.project_id = any($1::bigint[]) and c.monitor_slug = $2::text and c.started_at >= $3::timestamptz
  and c.started_at <= $4::timestamptz and ($5::text[] is null or coalesce(v.name, '') = any($5::text[]))
order by c.started_at desc, c.id limit $6::int offset $7::bigint;

-- name: monitor_stats
-- $6 seconds of a bucket.
select (floor(extract(epoch from c.started_at) / $6::bigint) * $6::bigint)::bigint as bucket, c.status,
       count(*) as n, coalesce(avg(c.duration_ms) filter (where c.duration_ms >= 0), 0)::bigint as duration_ms
from tenant.check_in c
left join tenant.environment v on v.project_id = c.project_id and v.id = c.environment_id
where c.project_id = any($1::bigint[]) and c.monitor_slug = $2::text and c.started_at >= $3::timestamptz
  and c.started_at <= $4::timestamptz and ($5::text[] is null or coalesce(v.name, '') = any($5::text[]))
group by 1, 2 order by 1, 2;
