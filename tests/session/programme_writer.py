"""Fills in a programme row by row until it is killed: ``python programme_writer.py FILE FOLDER``.

Each line it says is the number of changes that are in the journal by then.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from renomap.session.document import Document
from renomap.session.jobs import JobRunner
from renomap.session.keeping import Keeper
from renomap.steps import programme_edit


def main(path: Path, folder: Path) -> None:
    """Add a row of works, then type its cost, again and again."""
    app = QCoreApplication([])
    document, runner = Document(), JobRunner()
    keeper = Keeper(document, runner, folder)
    keeper.open(path)
    while document.project is None:
        app.processEvents()
    count = 0
    while True:
        works = document.project.programme.works
        if count % 2 == 0:
            row = {"fid": 1, "item": "roof", "quantity": float(count)}
            document.apply(programme_edit.add(document.project, "works", [row]))
        else:
            label = int(works.index.max())
            document.apply(
                programme_edit.edit(document.project, "works", label, {"cost": float(1000 * count)})
            )
        count += 1
        keeper._writer.submit(lambda: None).result()
        print(count, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
