-- Events counted in groups. Put together in storage/explore/event_groups.cc; `e` is the event, `i` its issue.

-- name: event_groups
select {columns}
from unnest({projects}::bigint[]) as k (project_id)
cross join lateral (select tenant.kept_since(k.project_id) as since offset 0) w
join tenant.event e on e.project_id = k.project_id and e.project_id + 0 = k.project_id and e.received_at >= w.since
join tenant.hash_row h on h.project_id = e.project_id and h.id = e.hash_row
join tenant.issue i on i.project_id = h.project_id and i.id = h.issue_id
left join tenant.environment v on v.project_id = e.project_id and v.id = e.environment_id
left join tenant.project_release r on r.project_id = e.project_id and r.id = e.release_id
where i.status <> 4 and e.received_at >= {start}::timestamptz
  and e.received_at <= {end}::timestamptz {filter}
{group}
order by {order}
limit {limit}::bigint offset {offset}::bigint

-- name: event_groups_tag
(select t.value from tenant.tag_value t
 where t.project_id = e.project_id and t.id = any(e.tag_values)
   and t.key_id = (select k.id from tenant.tag_key k where k.project_id = e.project_id and k.key = {key}))
