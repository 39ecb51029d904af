"""What a command shows: a progress bar on a terminal, sentences, or one JSON object."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from renomap.model.note import Guess, Note
from renomap.model.words import sentence
from renomap.wording.catalogue import note_sentence

WIDTH = 24


class Bar:
    """Feedback as a progress bar on standard error; silent where that is no terminal."""

    def __init__(self, words: Mapping[str, str], stream: TextIO | None = None) -> None:
        self._words = words
        self._stream = stream or sys.stderr
        self._shown = self._stream.isatty()
        self._last = ""

    def progress(self, fraction: float, code: str) -> None:
        """Redraw the bar."""
        if not self._shown:
            return
        done = round(WIDTH * min(max(fraction, 0.0), 1.0))
        line = f"\r[{'#' * done}{'.' * (WIDTH - done)}] {sentence(self._words, code)}"
        if line != self._last:
            self._stream.write(line + "\x1b[K")
            self._stream.flush()
            self._last = line

    def check(self) -> None:
        """A command is stopped by Ctrl+C, which needs no check."""

    def partial(self, value: Any) -> None:
        """Nothing is shown of intermediate results."""

    def done(self) -> None:
        """Take the bar away."""
        if self._last:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
            self._last = ""


def say_json(value: Mapping[str, Any]) -> None:
    """Print one JSON object; NaN and infinities are null."""
    print(json.dumps(plain(value), ensure_ascii=False, allow_nan=False))


def plain(value: Any) -> Any:
    """The value as JSON can hold it: unknown is null."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if isinstance(value, np.ndarray):
        return [plain(item) for item in value.tolist()]
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Path):
        return str(value)
    if value is None or isinstance(value, str | int | bool):
        return value
    return str(value)


def note_json(note: Note, words: Mapping[str, str]) -> dict[str, Any]:
    """A remark with its sentence."""
    return {
        "code": note.code,
        "severity": note.severity.value,
        "sentence": note_sentence(words, note),
        "params": dict(note.params),
        "layer": note.layer,
        "fids": list(note.fids),
        "where": note.where,
        "confidence": note.confidence,
        "guesses": [_guess_json(guess) for guess in note.guesses],
    }


def _guess_json(guess: Guess) -> dict[str, Any]:
    """A decision that can be taken otherwise, with the option that does it."""
    return {
        "kind": guess.kind.value,
        "address": guess.address,
        "chosen": guess.chosen,
        "alternatives": list(guess.alternatives),
        "open": guess.open,
        "option": guess.option("VALUE"),
    }


def say_notes(notes: tuple[Note, ...], words: Mapping[str, str]) -> None:
    """Print remarks, one a line, marked by how much they matter."""
    marks = {"info": " ", "guess": "~", "warning": "!", "error": "x"}
    for note in notes:
        print(f"  {marks[note.severity.value]} {note_sentence(words, note)}")
