-- Similar issues: the sample of a hash row as numbers (grouping/similar.h). Filled by a job from tenant.hash_sample; can be
-- emptied and filled again at any time. Values are XXH3 hashes; bands are salted with the project.

create table tenant.similar_sample (
  project_id bigint not null,
  hash_row bigint not null,
  type bigint not null,
  frames bigint[] not null,                 -- the crash first
  words bigint[] not null,
  bands bigint[] not null,
  primary key (project_id, hash_row)
);
-- Candidates are rows that share a band. The project is part of the values.
create index similar_sample_by_bands on tenant.similar_sample using gin (bands);

-- In how many samples of the project a frame occurs: rare frames say more.
create table tenant.similar_frame (
  project_id bigint not null,
  frame bigint not null,
  samples bigint not null,
  primary key (project_id, frame)
) with (fillfactor = 80);

-- Hash rows up to this one are done.
create table tenant.similar_progress (
  project_id bigint primary key,
  hash_row bigint not null,
  samples bigint not null
);
