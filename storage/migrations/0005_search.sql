-- What searches look at besides tags: docs/guide/search.md.

-- Lines "key=value" of the sample: frames, error types and values, messages. Its trigram index is made by the migrator
-- where pg_trgm is to be had. Samples stored before stay without: stack.* and error.* do not find them.
alter table tenant.hash_sample add column search_facts text not null default '';

-- XXH3-64 of key and value of the tags that have no ids because their values are new with nearly every event: trace,
-- user.id, ... They can be asked for exactly. Null: none, or stored before.
alter table tenant.event add column unique_tags bigint[];

-- A project's events, newest first. Without it a page of them sorts all events of the window. Its first column is an
-- expression so that only that list takes it: for the newest events of one hash row, after the last statistics, the planner
-- would think it as good as event_by_hash_row and read through everybody's events.
create index event_by_time on tenant.event ((project_id + 0), received_at desc, event_id desc);
