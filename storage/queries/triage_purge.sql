-- What deleted issues leave behind, removed in the background, fleet-wide. $1 project ids, $2 issue ids or hash rows.

-- Those whose deletion is old enough that no digest transaction still counts on their rows. Discarded ones stay: a discard
-- can be undone.
-- name: purge_find
select i.project_id, i.id from tenant.issue i where i.status = 4 and i.status_changed_at < now() - interval '1 minute'
  and not exists (select from tenant.hash_row h where h.project_id = i.project_id and h.issue_id = i.id and h.state = 2)
order by i.project_id, i.id limit $1 for update skip locked;

-- name: purge_hash_rows
select h.id from tenant.hash_row h where h.project_id = $1 and h.issue_id = $2 and h.state <> 2;

-- name: purge_hash_hour
delete from tenant.hash_hour where project_id = $1 and hash_row = any($2::bigint[]);
-- name: purge_hash_release
delete from tenant.hash_release where project_id = $1 and hash_row = any($2::bigint[]);
-- name: purge_hash_tag
delete from tenant.hash_tag where project_id = $1 and hash_row = any($2::bigint[]);
-- name: purge_hash_user
delete from tenant.hash_user where project_id = $1 and hash_row = any($2::bigint[]);
-- name: purge_hash_sample
delete from tenant.hash_sample where project_id = $1 and hash_row = any($2::bigint[]);
-- name: purge_similar_sample
delete from tenant.similar_sample where project_id = $1 and hash_row = any($2::bigint[]);
-- name: purge_hash_row
delete from tenant.hash_row where project_id = $1 and id = any($2::bigint[]);

-- name: purge_activity
delete from tenant.activity where project_id = $1 and issue_id = $2;
-- name: purge_issue_user
delete from tenant.issue_user where project_id = $1 and issue_id = $2;
-- name: purge_issue_resolution
delete from tenant.issue_resolution where project_id = $1 and issue_id = $2;
-- name: purge_issue_snooze
delete from tenant.issue_snooze where project_id = $1 and issue_id = $2;
-- name: purge_issue_share
delete from tenant.issue_share where project_id = $1 and issue_id = $2;
-- name: purge_issue_regression
delete from tenant.issue_regression where project_id = $1 and issue_id = $2;
-- name: purge_issue_commit
delete from tenant.issue_commit where project_id = $1 and issue_id = $2;
-- name: purge_issue
delete from tenant.issue where project_id = $1 and id = $2 and status = 4;
