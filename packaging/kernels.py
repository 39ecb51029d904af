"""Kernels compiled beforehand: a folder that carries them answers its first question at once.

Machine code fits one system, Python and Numba, so it is made by the interpreter that the folder holds: at
home, or under Wine for Windows. It lies beside the module that looks for it (``renomap.compiled.cache``).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

#: What the folder of an edition is called; asked of the interpreter that will use it.
EDITION = "from renomap.compiled.cache import edition; print(edition())"


def ship(site: Path, interpreter: Sequence[str]) -> Path:
    """Compile the kernels with this interpreter and put them into its libraries; the folder they lie in.

    ``interpreter`` is the beginning of a command, as ``("wine64", ".../python.exe")``. It works in a folder
    of its own and gets pipes as standard streams: Wine 8 was seen to stumble over files.
    """
    with tempfile.TemporaryDirectory() as place:
        environment = {**os.environ, "NUMBA_CACHE_DIR": "kernels", "PYTHONDONTWRITEBYTECODE": "1"}

        def run(*words: str) -> str:
            done = subprocess.run(
                [*interpreter, *words],
                cwd=place,
                env=environment,
                input=b"",
                capture_output=True,
                check=False,
            )
            if done.returncode:
                raise SystemExit(done.stderr.decode(errors="replace"))
            return done.stdout.decode().strip()

        target = site / "renomap" / "compiled" / "shipped" / run("-c", EDITION)
        run("-m", "renomap.steps.warming", "ground-is-warm", "search-is-warm")
        shutil.copytree(Path(place) / "kernels", target)
    return target
