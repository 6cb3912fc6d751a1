-- Searches ask for the hash rows of an issue that events belong to: aliases (kind 3) are not looked at, and an issue has
-- one for most of its others.
create index hash_row_counted_by_issue on tenant.hash_row (project_id, issue_id) where kind <> 3;
