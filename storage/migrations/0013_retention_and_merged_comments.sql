-- A project may keep its events for a shorter time than the server: what is older is hidden from every reading at once and
-- leaves with its day.
create function tenant.kept_since(project bigint) returns timestamptz language sql stable as $$
  select now() - make_interval(days => coalesce((
    select least(greatest((p.settings->>'retention_days')::numeric, 1), 36500)::int from control.project p
    where p.id = project and jsonb_typeof(p.settings->'retention_days') = 'number'), 36500))
$$;

-- The issues a comment stood at before they were merged, the last one last: an undo brings it back.
alter table tenant.activity add column came_from bigint[] not null default '{}';
