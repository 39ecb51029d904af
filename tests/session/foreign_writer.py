"""Another program that has a project file open in SQLite: it writes, waits, or is killed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

_SCRIPT = """
import json, sqlite3, sys
path, mode = sys.argv[1:]
link = None
def begin():
    link.execute("BEGIN IMMEDIATE")
    for (name,) in link.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        link.execute(f'DROP TRIGGER "{name}"')
def write(word):
    link.execute("UPDATE compounds SET name = name || ' ' || ? WHERE fid = 0", (word,))
for line in sys.stdin:
    step, word = json.loads(line)
    try:
        if step == "open":
            link = sqlite3.connect(path, timeout=0.1, isolation_level=None)
            link.execute("PRAGMA cache_size = 5")
            link.execute("PRAGMA wal_autocheckpoint = 0")
            (now,) = link.execute(f"PRAGMA journal_mode = {mode}").fetchone()
        elif step == "write":
            begin(); write(word); link.execute("COMMIT")
        elif step == "begin":
            begin(); write(word)
            link.execute("CREATE TABLE IF NOT EXISTS much (x)")
            link.execute("INSERT INTO much VALUES (zeroblob(300000))")  # more than its memory: into the files
        elif step == "commit":
            link.execute("COMMIT")
        elif step == "close":
            link.close()
        print("done", flush=True)
    except sqlite3.Error as fault:
        try:
            link.execute("ROLLBACK")
        except Exception:
            pass
        print(fault, flush=True)
"""


class ForeignWriter:
    """The other program; ``mode`` is SQLite's way of writing, ``WAL`` or ``DELETE``."""

    def __init__(self, path: Path, mode: str) -> None:
        command = [sys.executable, "-S", "-c", _SCRIPT, str(path), mode]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )
        #: A change that is written, but not committed.
        self.begun = ""
        self.opened = self._does("open")

    def write(self, word: str) -> bool:
        """Append a word to a name and commit; False where the file was busy."""
        return self._does("write", word)

    def begin(self, word: str) -> bool:
        """The same without committing."""
        done = self._does("begin", word)
        self.begun = word if done else ""
        return done

    def commit(self) -> bool:
        """Commit what was begun."""
        self.begun = ""
        return self._does("commit")

    def end(self) -> None:
        """Close the file and end; what was begun is rolled back."""
        self._does("close")
        self._process.communicate()

    def kill(self) -> None:
        """End without a goodbye: unfinished work stays beside the file."""
        self._process.kill()
        self._process.communicate()

    def _does(self, step: str, word: str = "") -> bool:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([step, word]) + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline() == "done\n"
