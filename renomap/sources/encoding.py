"""Which encoding the bytes of a table are in, judged by all of them and by no label alone.

Text is read as ISO-8859-1, which keeps every byte, and decoded here.
"""

from __future__ import annotations

import codecs
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from renomap.errors import RenomapError

LOSSLESS = "ISO-8859-1"
UTF8 = "UTF-8"
GB18030 = "GB18030"
_BIG5 = "big5"
_WESTERN = "cp1252"
_KOREAN = "cp949"
#: First bytes of Korean syllables. As GB 2312 they are the characters whose sound begins with a to q, the
#: half of a Chinese text: so many different ones without a single one of the other half are no Chinese.
_SYLLABLES = range(0xB0, 0xC9)
_FEWEST_SYLLABLES = 16
#: What a planner in China is sent, the commonest first.
USUAL = (UTF8, GB18030, _BIG5, _WESTERN)

#: Language byte of a dBASE header -> encoding; only those that mean a Chinese or Korean code page.
_LANGUAGE_BYTES = {
    0x4D: GB18030,
    0x7A: GB18030,
    0x4F: _BIG5,
    0x78: _BIG5,
    0x4E: _KOREAN,
    0x79: _KOREAN,
}


@dataclass(frozen=True)
class Encoding:
    """An encoding and how sure it is (0..1); ``ascii`` means nothing depended on it."""

    name: str
    confidence: float
    ascii: bool = False


def known_encoding(name: str) -> str:
    """The name Python gives an encoding.

    Raises
    ------
    RenomapError
        ``sources.unknown-encoding``
    """
    try:
        found = codecs.lookup(name.strip()).name
        b"a".decode(found)
    except (LookupError, ValueError):  # ValueError also where it is no encoding of texts
        raise RenomapError("sources.unknown-encoding", name=name) from None
    return GB18030 if found in ("gbk", "gb2312", "gb18030") else found


def label_encoding(cpg: str | None, language_byte: int) -> str | None:
    """What a ``.cpg`` file or the language byte of the dBASE header claims; None where they claim nothing
    known."""
    text = (cpg or "").strip().lstrip("\ufeff")
    if text:
        for candidate in (text, f"cp{text}"):
            try:
                return known_encoding(candidate)
            except RenomapError:
                continue
    return _LANGUAGE_BYTES.get(language_byte)


def detect(chunks: Iterable[bytes], label: str | None = None) -> Encoding:
    """The encoding of all these bytes.

    Strict UTF-8 wins if it fits every chunk, where a character cut at the end of a chunk fits too; then
    GB18030. Another encoding is taken only if it makes clearly more common characters of them: Big5, or what
    the label claims.

    Parameters
    ----------
    chunks : iterable of bytes
        Values and names, each as it stands in the file.
    label : str, optional
        What the file claims; used to weigh, never believed alone.

    Returns
    -------
    Encoding
        ``UTF-8`` with ``ascii`` set where no byte is above 127.
    """
    high = [chunk for chunk in set(chunks) if not chunk.isascii()]
    if not high:
        return Encoding(UTF8, 1.0, ascii=True)
    as_utf8 = [text for text in (_utf8(chunk) for chunk in high) if text is not None]
    if len(as_utf8) == len(high) and not _better_as_gb(as_utf8, high):
        return Encoding(UTF8, 0.99)
    scores = {name: _commonness(high, name) for name in dict.fromkeys([GB18030, label or GB18030, _BIG5])}
    if _WESTERN not in scores and _only_accents(high):
        scores[_WESTERN] = 1.0
    if _only_syllables(high) or (label == _KOREAN and _commonness(high, _KOREAN) > 0.9):
        return Encoding(_KOREAN, 0.8)
    best = max(scores, key=lambda name: scores[name] - (0.2 if name == _BIG5 != label else 0.0))
    if scores[best] - scores[GB18030] < 0.25:
        best = GB18030
    return Encoding(best, round(min(0.99, max(0.3, scores[best])), 2))


def decode(raw: bytes, name: str) -> str:
    """Decode one value; a character cut at its end is dropped, any other damage shows as U+FFFD."""
    if name == UTF8:
        text = _utf8(raw)
        if text is not None:
            return text
    decoder = codecs.getincrementaldecoder(name)(errors="strict")
    try:
        return decoder.decode(raw, final=False)
    except UnicodeDecodeError:
        return raw.decode(name, errors="replace")


def is_lossless(text: str) -> bool:
    """Whether a text can stand for bytes; drawings also write single characters by their number."""
    return all(ord(char) < 256 for char in text)


def decode_all(values: Sequence[str | None], name: str) -> list[str | None]:
    """Decode texts that were read losslessly; None stays None. Each distinct text is decoded once."""
    known: dict[str, str] = {}
    out: list[str | None] = []
    for value in values:
        if not isinstance(value, str):
            out.append(None)
            continue
        text = known.get(value)
        if text is None:
            plain = value.isascii() or not is_lossless(value)
            text = value if plain else decode(value.encode(LOSSLESS), name)
            known[value] = text
        out.append(text)
    return out


def _utf8(raw: bytes) -> str | None:
    """Strict UTF-8, forgiving only an incomplete character at the very end."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        return decoder.decode(raw, final=False)
    except UnicodeDecodeError:
        return None


def _better_as_gb(texts: Sequence[str], raw: Sequence[bytes]) -> bool:
    """Short GBK texts can be valid UTF-8 by chance; then they show no Chinese character as UTF-8 but only as
    GBK."""
    if any("\u2e80" <= char <= "\u9fff" or "\uff00" <= char <= "\uffef" for text in texts for char in text):
        return False
    return _commonness(raw, GB18030) > 0.95


def _commonness(chunks: Sequence[bytes], name: str) -> float:
    """Share of the non-ASCII characters that are everyday ones in that encoding; 0 where it does not fit."""
    good = total = 0
    for chunk in chunks:
        decoder = codecs.getincrementaldecoder(name)()
        try:
            text = decoder.decode(chunk, final=False)
        except UnicodeDecodeError:
            return 0.0
        for char in text:
            if ord(char) > 127:
                total += 1
                good += _everyday(char, name)
    return good / total if total else 0.0


def _only_syllables(chunks: Sequence[bytes]) -> bool:
    """Whether all pairs of bytes are Korean syllables, and enough different ones to tell."""
    pairs: set[bytes] = set()
    for chunk in chunks:
        at = 0
        while at < len(chunk) - 1:
            if chunk[at] < 0x80:
                at += 1
                continue
            if chunk[at] not in _SYLLABLES or chunk[at + 1] < 0xA1:
                return False
            pairs.add(chunk[at : at + 2])
            at += 2
    return len(pairs) >= _FEWEST_SYLLABLES


def _only_accents(chunks: Sequence[bytes]) -> bool:
    """Letters with accents standing alone among plain ones, as in Åland; Chinese characters are pairs of
    bytes."""
    for chunk in chunks:
        high = [i for i, byte in enumerate(chunk) if byte > 127]
        if any(b - a == 1 for a, b in itertools.pairwise(high)):
            return False
        if not all(bytes([chunk[i]]).decode(_WESTERN, errors="replace").isalpha() for i in high):
            return False
    return True


def _everyday(char: str, name: str) -> bool:
    if "\u4e00" <= char <= "\u9fff":
        try:
            code = char.encode(_BIG5 if name == _BIG5 else "gb2312")
        except UnicodeEncodeError:
            return False
        return code[0] <= 0xC6 if name == _BIG5 else code[0] <= 0xF7
    if name in (GB18030, _BIG5):
        return char in "（）《》〈〉【】、，。：；！？·—－～“”‘’号" or "\uff01" <= char <= "\uff5e"
    return char.isalpha()
