-- From roles.env, which deploy/install --containers writes. A password shall not stand in the server's log either.
SET log_statement = 'none';
SET log_min_error_statement = 'panic';
\getenv owner grid_owner
\getenv service grid_service
\getenv clock grid_clock
\getenv backup grid_backup
ALTER ROLE grid_owner PASSWORD :'owner';
ALTER ROLE grid_service PASSWORD :'service';
ALTER ROLE grid_clock PASSWORD :'clock';
ALTER ROLE grid_backup PASSWORD :'backup';
