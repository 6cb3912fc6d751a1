-- name: directory_version
select version from control.directory_version

-- name: directory_projects
-- A setting of the wrong JSON type counts as absent: one bad project must not blind ingest to all.
select p.id, p.organization_id, p.slug, p.is_active,
  array(select jsonb_array_elements_text(case when jsonb_typeof(p.settings->'allowed_origins') = 'array'
        then p.settings->'allowed_origins' else '[]' end)),
  case when jsonb_typeof(p.settings->'scrub_data') = 'boolean' then (p.settings->>'scrub_data')::boolean else true end,
  case when jsonb_typeof(p.settings->'scrub_ip_addresses') = 'boolean'
       then (p.settings->>'scrub_ip_addresses')::boolean else false end,
  array(select jsonb_array_elements_text(case when jsonb_typeof(p.settings->'sensitive_fields') = 'array'
        then p.settings->'sensitive_fields' else '[]' end)),
  array(select jsonb_array_elements_text(case when jsonb_typeof(p.settings->'safe_fields') = 'array'
        then p.settings->'safe_fields' else '[]' end)),
  array(select jsonb_array_elements_text(case when jsonb_typeof(p.settings->'filters') = 'array'
        then p.settings->'filters' else '[]' end)),
  array(select jsonb_array_elements_text(case when jsonb_typeof(p.settings->'filtered_releases') = 'array'
        then p.settings->'filtered_releases' else '[]' end)),
  array(select jsonb_array_elements_text(case when jsonb_typeof(p.settings->'filtered_messages') = 'array'
        then p.settings->'filtered_messages' else '[]' end)),
  array(select jsonb_array_elements_text(case when jsonb_typeof(p.settings->'filtered_addresses') = 'array'
        then p.settings->'filtered_addresses' else '[]' end)),
  g.version, g.algorithm, g.stack_trace_rules, g.fingerprint_rules, g.options, g.transition_until,
  g.transition_until > now() as in_transition,
  b.version, b.algorithm, b.stack_trace_rules, b.fingerprint_rules, b.options
from control.project p
left join lateral (select * from control.project_grouping g where g.project_id = p.id
                   order by g.version desc limit 1) g on true
left join control.project_grouping b on b.project_id = p.id and b.version = g.version - 1

-- name: directory_keys
select id, project_id, public_key, is_active, rate_limit_count, rate_limit_window_s from control.project_key
