-- name: dead_letter_list
select project_id, spool_id, seq, type, reason, detail, created_at, length(payload), ''::bytea
from tenant.dead_letter order by created_at desc, seq desc limit $1

-- name: dead_letter_show
select project_id, spool_id, seq, type, reason, detail, created_at, length(payload), payload
from tenant.dead_letter where spool_id = $1 and seq = $2 order by project_id limit 1

-- name: dead_letter_delete
delete from tenant.dead_letter where spool_id = $1 and seq = $2
