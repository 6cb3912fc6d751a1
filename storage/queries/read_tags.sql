-- Tag roll-ups. $1 projects, $2 issue or null for all, value id 0 counts the values that were not kept.

-- $3 keys or null, $4 values per key. Names are read for the values that are shown only: of one issue the ids tell values
-- apart; over several projects, which number values for themselves, the names do.
-- name: tag_keys_of_issue
with counted as (
  select c.project_id, c.key_id, c.value_id, sum(c.times_seen)::bigint as times_seen, min(c.first_seen) as first_seen,
         max(c.last_seen) as last_seen
  from tenant.hash_row h
  join tenant.hash_tag c on c.project_id = h.project_id and c.hash_row = h.id
  where h.project_id = any($1::bigint[]) and h.project_id = $2::bigint / 1000000000 and h.issue_id = $2::bigint
  group by 1, 2, 3
), ranked as (
  select *, sum(times_seen) over (partition by key_id)::bigint as total,
         count(nullif(value_id, 0)) over (partition by key_id) as kept,
         row_number() over (partition by key_id order by (value_id = 0), times_seen desc, value_id) as place
  from counted
)
select k.key, v.value, r.times_seen, r.first_seen, r.last_seen, r.total, r.kept
from ranked r
join tenant.tag_key k on k.project_id = r.project_id and k.id = r.key_id
left join tenant.tag_value v on v.project_id = r.project_id and v.id = r.value_id and r.value_id <> 0
where r.place <= greatest($4::bigint, 1) and ($3::text[] is null or k.key = any($3::text[]))
order by k.key, r.place;

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

-- Values of an issue without a pattern: $2 issue, $3 key, $4 sort, $5 ascending, $6 offset, $7 limit.
-- name: tag_values_of_issue
select $3::text as key, v.value, t.times_seen, t.first_seen, t.last_seen
from (
  select c.project_id, c.value_id, sum(c.times_seen)::bigint as times_seen, min(c.first_seen) as first_seen,
         max(c.last_seen) as last_seen,
         (case $4 when 'count' then sum(c.times_seen)
                  when 'first_seen' then extract(epoch from min(c.first_seen))
                  else extract(epoch from max(c.last_seen)) end) * (case when $5::boolean then 1 else -1 end) as place
  from tenant.hash_row h
  join tenant.tag_key k on k.project_id = h.project_id and k.key = $3
  join tenant.hash_tag c on c.project_id = h.project_id and c.hash_row = h.id and c.key_id = k.id and c.value_id <> 0
  where h.project_id = any($1::bigint[]) and h.project_id = $2::bigint / 1000000000 and h.issue_id = $2::bigint
  group by 1, 2
  order by place, c.value_id
  limit $7::bigint offset $6::bigint
) t
join tenant.tag_value v on v.project_id = t.project_id and v.id = t.value_id
order by t.place, t.value_id;

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
