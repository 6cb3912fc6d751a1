-- What the digest remembers of hash rows (id, state) holds for one epoch of their project. Whatever changes a state, frees
-- a key or removes a row counts it up in the same transaction (docs/grouping.md).
alter table tenant.project_counter add column row_epoch bigint not null default 0;

-- Which row this one took its issue over from when the grouping changed: the same error under another key.
alter table tenant.hash_row add column heir_of bigint;
create index hash_row_by_split on tenant.hash_row (project_id, split_of) where split_of is not null;
