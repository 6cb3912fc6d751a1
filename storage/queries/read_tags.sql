-- Tag roll-ups. $1 projects, $2 issue or null for all, value id 0 counts the values that were not kept.

-- $3 keys or null, $4 values per key.
-- name: tag_keys
with counted as (
  select k.key, case when c.value_id = 0 then null else v.value end as value,
         sum(c.times_seen)::bigint as times_seen, min(c.first_seen) as first_seen, max(c.last_seen) as last_seen
  from tenant.hash_row h
  join tenant.hash_tag c on c.project_id = h.project_id and c.hash_row = h.id
  join tenant.tag_key k on k.project_id = c.project_id and k.id = c.key_id
  left join tenant.tag_value v on v.project_id = c.project_id and v.id = c.value_id
  where h.project_id = any($1::bigint[]) and ($2::bigint is null or h.issue_id = $2::bigint)
    and ($3::text[] is null or k.key = any($3::text[]))
  group by 1, 2
), ranked as (
  select *, sum(times_seen) over (partition by key)::bigint as total, count(value) over (partition by key) as kept,
         row_number() over (partition by key order by (value is null), times_seen desc, value) as place
  from counted
)
select key, value, times_seen, first_seen, last_seen, total, kept
from ranked
where place <= greatest($4::bigint, 1)
order by key, place;

-- $3 key, $4 pattern, $5 sort: last_seen | first_seen | count, $6 ascending, $7 offset, $8 limit.
-- name: tag_values
select $3::text as key, v.value, sum(c.times_seen)::bigint as times_seen, min(c.first_seen) as first_seen,
       max(c.last_seen) as last_seen
from tenant.hash_row h
join tenant.hash_tag c on c.project_id = h.project_id and c.hash_row = h.id
join tenant.tag_key k on k.project_id = c.project_id and k.id = c.key_id
join tenant.tag_value v on v.project_id = c.project_id and v.id = c.value_id
where h.project_id = any($1::bigint[]) and ($2::bigint is null or h.issue_id = $2::bigint) and k.key = $3
  and v.value ilike $4
group by v.value
order by (case $5 when 'count' then sum(c.times_seen)
                  when 'first_seen' then extract(epoch from min(c.first_seen))
                  else extract(epoch from max(c.last_seen)) end) * (case when $6::boolean then 1 else -1 end),
         v.value
limit $8::bigint offset $7::bigint;
