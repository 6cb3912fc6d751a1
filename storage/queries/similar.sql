-- Similar issues (storage/similar/similar_store.h).

-- Samples that nobody has read yet, fleet-wide. Rows of a project commit in the order of their ids: the counter that gives
-- them is locked until then. $1 how many.
-- name: similar_unread
select s.project_id, s.hash_row, s.payload
from tenant.project_counter c
left join tenant.similar_progress p on p.project_id = c.project_id
cross join lateral (
  select s.project_id, s.hash_row, s.payload from tenant.hash_sample s
  where s.project_id = c.project_id and s.hash_row > coalesce(p.hash_row, 0)
  order by s.hash_row
  limit $1
) s
where c.next_hash_row - 1 > coalesce(p.hash_row, 0)
order by s.project_id, s.hash_row
limit $1;

-- $1 project, $2 hash row, $3 type, $4 frames, $5 words, $6 bands. No row: it is there already.
-- name: similar_insert
insert into tenant.similar_sample (project_id, hash_row, type, frames, words, bands)
values ($1, $2, $3, $4::bigint[], $5::bigint[], $6::bigint[])
on conflict (project_id, hash_row) do nothing
returning 1;

-- $1 project, $2 frames of a sample, each once, sorted.
-- name: similar_count_frames
insert into tenant.similar_frame as f (project_id, frame, samples)
select $1::bigint, u.frame, 1 from unnest($2::bigint[]) as u (frame)
on conflict (project_id, frame) do update set samples = f.samples + 1;

-- $1 project, $2 last hash row that was read, $3 samples that were stored.
-- name: similar_advance
insert into tenant.similar_progress as p (project_id, hash_row, samples) values ($1, $2, $3)
on conflict (project_id) do update
set hash_row = greatest(p.hash_row, excluded.hash_row), samples = p.samples + excluded.samples;

-- $1 projects, $2 issue, $3 how many.
-- name: similar_of_issue
select h.issue_id, s.hash_row, s.type, s.frames, s.words, s.bands
from tenant.hash_row h
join tenant.similar_sample s on s.project_id = h.project_id and s.hash_row = h.id
where h.project_id = any($1::bigint[]) and h.project_id = $2::bigint / 1000000000 and h.issue_id = $2
order by h.last_seen desc, h.id
limit $3;

-- $1 projects, $2 issue, $3 bands of its samples, $4 how many, the newest first.
-- name: similar_candidates
select h.issue_id, s.hash_row, s.type, s.frames, s.words, s.bands
from tenant.similar_sample s
join tenant.hash_row h on h.project_id = s.project_id and h.id = s.hash_row and h.state = 0
join tenant.issue i on i.project_id = h.project_id and i.id = h.issue_id and i.status in (0, 1, 2)
where s.project_id = any($1::bigint[]) and s.project_id = $2::bigint / 1000000000 and s.bands && $3::bigint[]
  and h.issue_id <> $2
order by s.hash_row desc
limit $4;

-- $1 projects, $2 issue, $3 frames. The first row, without a frame, is the number of samples.
-- name: similar_rarity
select null::bigint as frame, p.samples from tenant.similar_progress p
where p.project_id = any($1::bigint[]) and p.project_id = $2::bigint / 1000000000
union all
select f.frame, f.samples from tenant.similar_frame f
where f.project_id = any($1::bigint[]) and f.project_id = $2::bigint / 1000000000 and f.frame = any($3::bigint[]);
