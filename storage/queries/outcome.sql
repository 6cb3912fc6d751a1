-- What became of items.

-- name: outcome_buckets
select o.project_id, floor(extract(epoch from o.hour) / $4::bigint)::bigint * $4::bigint as start_s, o.category, o.outcome,
       o.reason, sum(o.quantity)::bigint
from tenant.outcome o
where o.project_id = any($1::bigint[])
  and o.hour >= to_timestamp(floor(extract(epoch from $2::timestamptz) / $4::bigint) * $4::bigint)
  and o.hour < $3::timestamptz and ($5::bigint is null or o.key_id = $5::bigint)
group by 1, 2, 3, 4, 5
order by 1, 2, 3, 4, 5
