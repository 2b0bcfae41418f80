-- As the superuser of the server, as often as one likes, after deploy/roles.sql (deploy/install does it).
-- Reads every table and writes none: what runs every night should not be the owner.

SELECT 'CREATE ROLE grid_backup LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS'
 WHERE NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'grid_backup') \gexec

GRANT pg_read_all_data TO grid_backup;
GRANT CONNECT ON DATABASE grid TO grid_backup;
