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
        then p.settings->'filtered_addresses' else '[]' end))
from control.project p

-- name: directory_keys
select id, project_id, public_key, is_active, rate_limit_count, rate_limit_window_s from control.project_key
