"""Getting the city back: whole copies of database, files and keys, and their return (docs/decisions/0049).

A backup is a folder named by its time (UTC) that appears whole or not at all:

    20261130T021500Z/
        manifest.json      what is in it, counted and hashed; written last
        database.dump      PostgreSQL, `pg_dump -Fc`; on SQLite database.sqlite3
        files/             everything below FILES; what did not change is a hard link to the backup before
        files.jsonl        path, SHA-256, size and time of each
        keys.sealed        keys and environment, sealed to BACKUP_ESCROW_KEY
"""


class NotPossible(Exception):
    """Why a backup, a restore or a check was not done; a sentence for whoever runs the command."""
