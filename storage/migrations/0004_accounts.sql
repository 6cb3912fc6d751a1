-- Accounts: teams decide which projects a member sees; invites, logins and their throttle, the audit log.

-- Members and invites share their numbers: /members/{id}/ means either.
create sequence control.member_number;
alter table control.member add column id bigint not null unique default nextval('control.member_number');
alter table control.member drop constraint member_role_check;
alter table control.member add constraint member_role_check
  check (role in ('owner', 'manager', 'admin', 'member', 'viewer'));

-- Whether members may join teams themselves.
alter table control.organization add column open_membership boolean not null default false;

create table control.team (
  id bigint generated always as identity primary key,
  organization_id bigint not null references control.organization,
  slug text not null,
  name text not null,
  created_at timestamptz not null default now(),
  unique (organization_id, slug)
);
create table control.team_member (
  team_id bigint not null references control.team on delete cascade,
  user_id bigint not null references control.app_user,
  created_at timestamptz not null default now(),
  primary key (team_id, user_id)
);
create index team_member_by_user on control.team_member (user_id);
create table control.team_project (
  team_id bigint not null references control.team on delete cascade,
  project_id bigint not null references control.project,
  created_at timestamptz not null default now(),
  primary key (team_id, project_id)
);
create index team_project_by_project on control.team_project (project_id);

-- Until now every member saw every project: what is there keeps that.
insert into control.team (organization_id, slug, name)
  select o.id, 'everyone', 'Everyone' from control.organization o
  where exists (select from control.project p where p.organization_id = o.id);
insert into control.team_project (team_id, project_id)
  select t.id, p.id from control.team t join control.project p using (organization_id);
insert into control.team_member (team_id, user_id)
  select t.id, m.user_id from control.team t join control.member m using (organization_id);

-- What a caller sees: no person (an organization's token), owners, managers and admins all active projects; the others those
-- of their teams. The one place that says so.
create function control.visible_projects(organization bigint, person bigint, role text) returns bigint[]
language sql stable as $$
  select array(
    select p.id from control.project p
    where p.organization_id = $1 and p.is_active
      and ($2 is null or $3 in ('owner', 'manager', 'admin')
           or exists (select from control.team_project tp join control.team_member tm on tm.team_id = tp.team_id
                      where tp.project_id = p.id and tm.user_id = $2))
    order by p.id)
$$;

-- Only the SHA-256 of the link's secret is kept. Used, withdrawn: the row goes.
create table control.invite (
  id bigint primary key default nextval('control.member_number'),
  organization_id bigint not null references control.organization,
  email text not null,
  role text not null check (role in ('owner', 'manager', 'admin', 'member', 'viewer')),
  team_ids bigint[] not null default '{}',
  hash bytea not null unique,
  invited_by bigint references control.app_user,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  unique (organization_id, email)
);

-- A signed-in browser. Only the SHA-256 of the cookie is kept.
create table control.login_session (
  id bigint generated always as identity primary key,
  user_id bigint not null references control.app_user,
  hash bytea not null unique,
  ip text not null,
  user_agent text not null,
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  ended_at timestamptz
);
create index login_session_by_user on control.login_session (user_id);

-- Failed logins of the last day, for the throttle.
create table control.login_failure (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  email text not null,
  network text not null,                   -- the address's /24 or /64
  ip text not null
);
create index login_failure_by_account on control.login_failure (email, network, at);
create index login_failure_by_ip on control.login_failure (ip, at);

-- Append-only. organization_id null: what happened before anybody belonged anywhere (a failed login).
create table control.audit_log (
  id bigint generated always as identity primary key,
  organization_id bigint,
  at timestamptz not null,
  user_id bigint,
  actor text not null,                     -- e-mail, name of a token, or "command line"
  ip text not null,
  event text not null,                     -- member.invite, team.create, ...
  target text not null,                    -- what it was done to, for people
  details jsonb not null default '{}'
);
create index audit_log_by_organization on control.audit_log (organization_id, id desc);
