-- name: dictionary_insert
insert into control.dictionary (id, bytes) values ($1, $2) on conflict (id) do nothing

-- name: dictionary_bytes
select bytes from control.dictionary where id = $1

-- name: dictionary_list
select id, bytes from control.dictionary order by id
