-- A tag's values in an issue and in its project. $1 projects of the scope, $2 issue, $3 key, $4 values.

-- name: tag_share_values
with mine as (
  select c.project_id, c.key_id, c.value_id, sum(c.times_seen)::bigint as issue_count
  from tenant.hash_row h
  join tenant.hash_tag c on c.project_id = h.project_id and c.hash_row = h.id
  join tenant.tag_key k on k.project_id = c.project_id and k.id = c.key_id
  where h.project_id = any($1::bigint[]) and h.project_id = $2::bigint / 1000000000 and h.issue_id = $2
    and k.key = $3 and c.value_id <> 0
  group by 1, 2, 3
  order by issue_count desc, c.value_id
  limit $4
)
select v.value, m.issue_count,
       (select sum(c.times_seen)::bigint from tenant.hash_tag c
        where c.project_id = m.project_id and c.value_id = m.value_id) as project_count
from mine m
join tenant.tag_value v on v.project_id = m.project_id and v.id = m.value_id
order by m.issue_count desc, v.value;

-- name: tag_share_project
select coalesce(sum(i.times_seen), 0)::bigint from tenant.issue i
where i.project_id = any($1::bigint[]) and i.project_id = $2::bigint / 1000000000 and i.status < 3;
