"""PostgreSQL: four roles and one database. Repeating changes nothing but the passwords, to what the files hold."""

import subprocess

from installer.places import Places, fail


def prepare_database(here: Places, passwords: dict[str, str], roles_sql: str) -> None:
    # By standard input: a command line can be read by everybody on the machine.
    _as_superuser(here, roles_sql)
    words = "".join(f"ALTER ROLE {role} PASSWORD {_quoted(word)};\n" for role, word in passwords.items())
    # Neither shall a password stand in the server's log.
    _as_superuser(here, f"SET log_statement = 'none';\nSET log_min_error_statement = 'panic';\n{words}")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _as_superuser(here: Places, sql: str) -> None:
    command = [*here.command("SUPERUSER_SQL"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", "postgres"]
    done = subprocess.run(command, input=sql, cwd="/", text=True, capture_output=True)
    if done.returncode:
        fail(f"the database could not be prepared: {done.stderr.strip()}")
