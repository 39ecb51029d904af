"""What kind of table a file holds, told by its bytes and not by its ending."""

from __future__ import annotations

import codecs
import zipfile
from enum import StrEnum
from pathlib import Path
from typing import Final

_HEAD = 8192
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: Name of the stream of an encrypted workbook in the directory of a compound document.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
#: Directories of compound documents of this size and below are searched; a survey's workbook is smaller.
_SEARCHED = 64 * 1024**2
_MARKS: Final = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}


class Content(StrEnum):
    """The kinds of tables, and what is none."""

    WORKBOOK = "workbook"  # .xlsx, .xlsm
    BINARY = "binary"  # .xls, .et, .xlsb, .ods
    PAGE = "page"
    TEXT = "text"
    LOCKED = "locked"
    OTHER = "other"


def content_of(path: Path) -> Content:
    """The kind of table in a file; ``OTHER`` for what is damaged or something else."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith(b"PK\x03\x04"):
        return _in_zip(path)
    if head.startswith(_COMPOUND):
        whole = path.read_bytes() if path.stat().st_size <= _SEARCHED else head
        return Content.LOCKED if _ENCRYPTED in whole else Content.BINARY
    if head[:2] in (b"\x09\x08", b"\x09\x04", b"\x09\x02"):  # a workbook of the nineties without its shell
        return Content.BINARY
    plain = head.replace(b"\0", b"").lower()
    if any(mark in plain for mark in (b"<html", b"<table", b"<!doctype html")):
        return Content.PAGE
    return Content.TEXT if text_encoding(head) or b"\0" not in head else Content.OTHER


def _in_zip(path: Path) -> Content:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, LookupError, NotImplementedError):
        return Content.OTHER
    if "xl/workbook.xml" in names:
        return Content.WORKBOOK
    return Content.BINARY if names & {"xl/workbook.bin", "content.xml"} else Content.OTHER


def text_encoding(head: bytes) -> str:
    """The encoding that a mark at the beginning names, or that the zeros of UTF-16 betray; '' for neither."""
    for mark, name in _MARKS.items():
        if head.startswith(mark):
            return name
    odd, even = head[1:400:2].count(0), head[0:400:2].count(0)
    pairs = max(min(len(head), 400) // 2, 1)
    if odd / pairs > 0.15 and not even:
        return "utf-16-le"
    if even / pairs > 0.15 and not odd:
        return "utf-16-be"
    return ""


def without_mark(raw: bytes) -> bytes:
    """The text behind the mark of its encoding."""
    return next((raw[len(mark) :] for mark in _MARKS if raw.startswith(mark)), raw)
