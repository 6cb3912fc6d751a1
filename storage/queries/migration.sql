-- name: migration_table_exists
select to_regclass('control.migration') is not null

-- name: migration_list
select version, name, checksum, applied_at from control.migration order by version

-- name: migration_insert
insert into control.migration (version, name, checksum) values ($1, $2, $3)

-- name: migration_trigram_exists
select to_regclass('tenant.hash_sample_by_search_text') is not null
