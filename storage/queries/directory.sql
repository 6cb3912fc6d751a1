-- name: directory_version
select version from control.directory_version

-- name: directory_projects
-- A setting of the wrong JSON type counts as absent: one bad project must not blind ingest to all.
select p.id, p.organization_id, p.slug, p.is_active,
  array(select jsonb_array_elements_text(case when jsonb_typeof(p.settings->'allowed_origins') = 'array'
        then p.settings->'allowed_origins' else '[]' end)),
  coalesce(p.settings->'scrub_data' <> 'false'::jsonb, true) and coalesce(p.settings->'scrub_defaults' <> 'false'::jsonb, true),
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
  b.version, b.algorithm, b.stack_trace_rules, b.fingerprint_rules, b.options,
  coalesce(p.settings->'quotas', '[]')::text,
  coalesce(p.settings->'spike_protection' = 'true'::jsonb, false)
from control.project p
left join lateral (select * from control.project_grouping g where g.project_id = p.id
                   order by g.version desc limit 1) g on true
left join control.project_grouping b on b.project_id = p.id and b.version = g.version - 1

-- name: directory_organizations
select id, coalesce(settings->'quotas', '[]')::text, coalesce(settings->'spike_protection' = 'true'::jsonb, false)
from control.organization

-- name: directory_spikes
select project_id, category, per_hour from tenant.spike_threshold order by project_id, category

-- name: directory_live_servers
select count(*) from control.server where seen_at > now() - make_interval(secs => $1)

-- name: server_heartbeat
-- $2: seconds after which a silent server counts as gone. A server that comes or goes changes everybody's share.
with gone as (
  delete from control.server where seen_at <= now() - make_interval(secs => $2) and instance <> $1 returning 1
), beat as (
  insert into control.server as s (instance) values ($1) on conflict (instance) do update set seen_at = now()
  returning xmax = 0 as fresh
)
update control.directory_version set version = version + 1
where exists (select from gone) or (select fresh from beat)

-- name: directory_keys
select id, project_id, public_key, is_active, rate_limit_count, rate_limit_window_s from control.project_key
