-- Renamed and removed projects, hidden environments.

alter table control.project add column removed_at timestamptz;

-- Slugs a project had before: old links and SDK tools go on finding it.
create table control.project_old_slug (
  organization_id bigint not null references control.organization,
  slug text not null,
  project_id bigint not null references control.project,
  primary key (organization_id, slug)
);

alter table tenant.environment add column is_hidden boolean not null default false;
