-- As the superuser of the server, as often as one likes:  psql -f deploy/roles.sql   (deploy/install does it)
-- Three roles: the owner migrates, the services work, the clock seals. None of them is a superuser; whoever owns a
-- table could take its triggers off, so no service owns anything. Each has a password of its own, from its .env file.

SELECT format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS', name)
  FROM unnest(ARRAY['grid_owner', 'grid_service', 'grid_clock']) AS name
 WHERE NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = name) \gexec

SELECT 'CREATE DATABASE grid OWNER grid_owner ENCODING ''UTF8'' TEMPLATE template0'
 WHERE NOT EXISTS (SELECT 1 FROM pg_database WHERE datname = 'grid') \gexec

REVOKE ALL ON DATABASE grid FROM PUBLIC;
GRANT CONNECT ON DATABASE grid TO grid_service, grid_clock;

\connect grid
ALTER SCHEMA public OWNER TO grid_owner;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
-- What each may do to the tables: manage.py database_roles, as the owner, after every migrate.
