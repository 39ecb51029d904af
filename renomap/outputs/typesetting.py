"""Pages set by Typst: a template and its content beside the maps it places."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from renomap.assets import resource
from renomap.outputs.typeface import covered


def typeset(bench: Path, template: str, data: Mapping[str, Any], path: Path, stamp: str) -> Any:
    """Set the content with a template of ``resources/report``; the compiler answers for its marks.

    Parameters
    ----------
    bench : Path
        Folder with the maps that the template places; template and content are put beside them.
    path : Path
        The PDF to write.
    stamp : str
        Of the plan: the file carries its time, so that the same plan gives the same file.
    """
    import typst

    copy = bench / template
    shutil.copy(resource(f"report/{template}"), copy)
    text = json.dumps(data, ensure_ascii=False)
    (bench / "data.json").write_text(text, encoding="utf-8")
    compiler = typst.Compiler(
        str(copy),
        root=str(bench),
        font_paths=[str(resource("fonts"))],
        ignore_system_fonts=covered(text),
    )
    compiler.compile(output=str(path), format="pdf", timestamp=made_at(stamp))
    return compiler


def marks(compiler: Any, label: str) -> list[Any]:
    """What the template left under a label, in the order of pages."""
    return list(json.loads(compiler.query(f"<{label}>", field="value")))


def made_at(stamp: str) -> datetime:
    """The time in the stamp, so that the same plan gives the same file; now if the stamp has none."""
    try:
        return datetime.strptime(stamp[:13], "%Y%m%d-%H%M").replace(tzinfo=UTC)
    except ValueError:
        return datetime.now(tz=UTC)
