"""Reading one value as people write it: ``约300户``, ``90年代``, ``1.2万``, ``—``; unknown is never 0."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from renomap.model.fields import LARGEST

#: Excel counts days from here (its day 60, 29 February 1900, never was, which this start makes up for).
EXCEL_EPOCH = date(1899, 12, 30)
SERIALS = range(14_611, 54_789)  # 1940-01-01 to 2049-12-31
_YEARS = range(1900, 2051)
#: A count or a year that Excel shows as a day: no neighbourhood's figure is told by a day before 1940.
_MISTAKEN_DAYS = range(1, SERIALS.start)
_DAY = re.compile(r"^\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(t?\d\d:\d\d(:\d\d(\.\d+)?)?)?$")
_DAY_AS_TEXT = re.compile(r"^(19\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:t?0?0:00(?::00(?:\.0+)?)?)?$")

_DASHES = frozenset(("/", "//", "\\", "-", "--", "—", "——", "–", "―", ".", "…", "*", "~", "、"))
_UNKNOWN = frozenset(
    (
        *(
            "不详",
            "未知",
            "不清楚",
            "不明",
            "不知道",
            "待查",
            "待核",
            "待定",
            "待补",
            "未统计",
            "未调查",
            "未填",
        ),
        *("无数据", "暂无数据", "暂无", "暂缺", "缺", "缺失", "空", "?", "??", "???"),
        *("n/a", "na", "nan", "null", "none", "unknown"),
    )
)
_NONE = frozenset(("无", "没有", "未设", "未建", "未装", "零", "〇", "均无", "全无"))
_YES = frozenset(("有", "是", "已装", "已建", "具备", "yes"))

_APPROXIMATE = re.compile(r"大约|约|大概|近(?=\d)|左右|上下|估计|预计|估|≈|^~")
_AT_LEAST = re.compile(r"以上|超过|不少于|至少|逾|(?<=\d)余|(?<=万)余|(?<=\d)多|(?<=万)多|(?<=\d)\+$|^[≥>]=?")
_AT_MOST = re.compile(r"以下|以内|不足|不到|不超过|至多|^[≤<]=?")

_AREA_UNITS: dict[str, float] = {
    "万平方米": 1e4,
    "万平米": 1e4,
    "万m2": 1e4,
    "万平": 1e4,
    "平方公里": 1e6,
    "km2": 1e6,
    "平方千米": 1e6,
    "公顷": 1e4,
    "hm2": 1e4,
    "ha": 1e4,
    "亩": 2000 / 3,
    "平方米": 1.0,
    "平米": 1.0,
    "平": 1.0,
    "m2": 1.0,
}
#: Units of area that are offered where one was guessed.
UNITS: tuple[str, ...] = ("㎡", "万㎡", "公顷", "亩", "平方公里")
#: The 2 of a unit is no number of the cell.
_SQUARE = re.compile(r"(?<=[kh万])m2|(?<![a-z])m2")
_COUNTS: dict[str, float] = {"万": 1e4, "千": 1e3, "百": 1e2}
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_RANGE = re.compile(r"^(\d+(?:\.\d+)?)\D{0,3}?(?:-|~|—|–|至|到)(\d+(?:\.\d+)?)$")
_DIGITS = {"零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_CHINESE = re.compile(r"[零一二两三四五六七八九十百千]{1,16}")

#: No cell says a number or a year in more characters; what is longer is a remark, and not searched for one.
_LONGEST = 200

#: A column headed 万㎡ that holds more than this is taken as ㎡: 5 km2 of floors is no neighbourhood.
_LARGEST_M2 = 5e6


@dataclass(frozen=True)
class Value:
    """What a cell says.

    ``value`` is None where the cell does not say; ``method`` is how it was read (a slug); ``flag`` is one of
    reported, approximate, lower_bound, derived, doubtful, unknown.
    """

    value: float | None
    method: str
    flag: str


@dataclass(frozen=True)
class Years:
    """The years of completion that a cell allows; None where it sets no limit on that side."""

    first: int | None
    last: int | None
    method: str
    flag: str


BLANK = Value(None, "blank", "unknown")
#: Method of a value that no such thing can have.
IMPOSSIBLE = "impossible"


def unit_factor(unit: str) -> float | None:
    """How many square metres a written unit of area has; None for what is no unit of area."""
    return _AREA_UNITS.get(fold(unit))


def fold(text: str) -> str:
    """Text made comparable: full width to half width, lower case, no blanks and no invisible characters."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    if folded.isascii() and folded.isprintable() and " " not in folded:
        return folded
    return "".join(
        char for char in folded if not char.isspace() and unicodedata.category(char) not in ("Cc", "Cf")
    )


def says_nothing(folded: str) -> bool:
    """Whether a folded text stands for a cell left open: blank, a dash, ``不详`` and the like."""
    return not folded or folded in _DASHES or folded in _UNKNOWN


def parse_number(raw: Any, *, factor: float = 1.0, sure: bool = False) -> Value:
    """Read a count, a length or an area.

    Parameters
    ----------
    raw : Any
        The cell as it came.
    factor : float
        What the header's unit stands for (10,000 for 万㎡). A unit in the cell wins.
    sure : bool
        The user says the unit: a value it makes implausible is not doubted.

    Returns
    -------
    Value
        ``无`` is 0; a blank, a dash or ``不详`` is None. A range gives its middle, ``300余`` its lower bound.
        What is beyond ``fields.LARGEST`` on either side is None with the method ``IMPOSSIBLE``.
        A day before 1940 is the number that Excel shows as it; any other day is None.
    """
    read = _number(raw, factor, sure)
    if read.value is not None and not abs(read.value) <= LARGEST:
        return Value(None, IMPOSSIBLE, "unknown")
    return read


def _number(raw: Any, factor: float, sure: bool) -> Value:
    if raw is None or (isinstance(raw, float) and math.isnan(raw)):
        return BLANK
    day = _mistaken_day(raw)
    if day is not None:
        return _scaled(Value(float(day), "date_format", "derived"), factor, sure)
    if isinstance(raw, (datetime, date, time, timedelta)):
        return Value(None, "day", "unknown")
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        number = (
            float(raw) if abs(raw) <= LARGEST else math.inf
        )  # an integer may have more digits than a float
        return _scaled(Value(number, "number", "reported"), factor, sure)
    text = fold(str(raw))
    if not text:
        return BLANK
    if len(text) > _LONGEST or text[0] == "{":  # an object of JSON has no number of its own
        return Value(None, "unreadable", "unknown")
    if _DAY.match(text):
        return Value(None, "day", "unknown")
    if text in _DASHES:
        return Value(None, "dash", "unknown")
    if text in _UNKNOWN:
        return Value(None, "unknown_word", "unknown")
    if text in _NONE:
        return Value(0.0, "none_word", "reported")
    if text in _YES:
        return Value(None, "yes_without_number", "unknown")
    return _parse_text(str(raw), text, factor, sure)


def _mistaken_day(raw: Any) -> int | None:
    """The number that Excel shows as this day, where the day itself cannot be meant; None for all else."""
    if isinstance(raw, datetime):
        day = raw.date() if raw.time() == time() else None
    elif isinstance(raw, date):
        day = raw
    else:
        found = _DAY_AS_TEXT.match(fold(raw)) if isinstance(raw, str) and raw[:1] in "1１" else None
        try:
            day = date(*map(int, found.groups())) if found else None
        except ValueError:
            return None
    if day is None:
        return None
    # Before March 1900 Excel's days lie one off: its 29 February 1900 never was.
    serial = day.toordinal() - EXCEL_EPOCH.toordinal() - (day < date(1900, 3, 1))
    return serial if serial in _MISTAKEN_DAYS else None


def _parse_text(raw: str, text: str, factor: float, sure: bool) -> Value:
    plain = _SQUARE.sub("平", _THOUSANDS.sub("", text).replace("km2", "平方公里").replace("hm2", "公顷"))
    if _NUMBER.fullmatch(plain):
        method = (
            "thousands" if plain != text else "full_width" if text != raw.strip().casefold() else "number"
        )
        return _scaled(Value(float(plain), method, "reported"), factor, sure)
    if _CHINESE.search(plain) and not re.search(r"\d", plain):
        plain = _digits(plain)
    flag, method = "reported", ""
    for pattern, its_flag, its_method in (
        (_APPROXIMATE, "approximate", "about"),
        (_AT_LEAST, "lower_bound", "at_least"),
        (_AT_MOST, "approximate", "at_most"),
    ):
        shorter = pattern.sub("", plain)
        if shorter != plain:
            plain, flag, method = shorter, its_flag, its_method
    return _parse_core(plain, flag, method, factor, sure)


def _parse_core(text: str, flag: str, method: str, factor: float, sure: bool) -> Value:
    terms = [_term(part) for part in text.split("+")]
    if len(terms) > 1 and all(term is not None for term in terms):
        total = sum(term[0] * (term[1] or 1.0) for term in terms if term is not None)
        return _scaled(Value(total, "sum", "derived"), factor, sure)
    spread = _RANGE.match(re.sub(r"[^\d.\-~—–至到]", "", text)) if len(_NUMBER.findall(text)) >= 2 else None
    if spread:
        middle = (float(spread[1]) + float(spread[2])) / 2
        return _scaled(Value(middle, method or "range", "approximate"), factor, sure)
    term = terms[0]
    if term is None:
        return Value(None, "unreadable", "unknown")
    number, own_factor, suffix = term
    if own_factor is not None:
        return Value(number * own_factor, method or "unit", flag)
    if suffix == "%":
        return Value(number / 100, method or "percent", flag)
    return _scaled(Value(number, method or ("with_unit" if suffix else "number"), flag), factor, sure)


def _term(text: str) -> tuple[float, float | None, str] | None:
    """The one number of a text, the factor of the unit behind it, and what stands behind it."""
    found = list(_NUMBER.finditer(text))
    if len(found) != 1:
        return None
    before, behind = text[: found[0].start()], text[found[0].end() :]
    if len(before) > 6 or len(behind) > 8:
        return None
    behind = behind.strip("()[]【】")
    own = _AREA_UNITS.get(behind)
    if own is None and behind[:1] in _COUNTS:
        own = _COUNTS[behind[0]] * _AREA_UNITS.get(behind[1:], 1.0)
    return float(found[0].group()), own, behind


def _scaled(value: Value, factor: float, sure: bool) -> Value:
    if factor == 1.0 or value.value is None:
        return value
    scaled = value.value * factor
    if not sure and factor == _AREA_UNITS["万m2"] and scaled > _LARGEST_M2:
        return Value(value.value, "unit_suspect", "doubtful")
    method = "unit" if value.method == "number" else value.method
    return Value(scaled, method, value.flag)


def _digits(text: str) -> str:
    return _CHINESE.sub(lambda found: str(_chinese_number(found.group())), text)


def _chinese_number(text: str) -> int:
    """``十二`` -> 12, ``三百零五`` -> 305, ``两`` -> 2, ``一九九八`` -> 1998."""
    if not any(char in "十百千" for char in text):
        return int("".join(str(_DIGITS[char]) for char in text))
    total, digit = 0, 0
    for char in text:
        if char in _DIGITS:
            digit = _DIGITS[char]
        else:
            total += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[char]
            digit = 0
    return total + digit


def parse_years(raw: Any) -> Years:
    """Read when something was completed.

    ``90年代`` is 1990 to 1999; ``2000年前`` has no first year and 2000 as last; a number that can only be an
    Excel date serial is turned into its year and flagged doubtful, as is a year of two digits. A day of 1905
    is a year in a cell that Excel shows as a day (20 June 1905 is 1998).
    """
    if raw is None or (isinstance(raw, float) and math.isnan(raw)):
        return Years(None, None, "blank", "unknown")
    day = _mistaken_day(raw)
    if day is not None and (50 <= day <= 99 or day in _YEARS):
        year = day if day in _YEARS else 1900 + day
        return Years(year, year, "date_format", "doubtful")
    if isinstance(raw, (datetime, date)):
        return Years(raw.year, raw.year, "date", "reported") if raw.year in _YEARS else _no_year("unreadable")
    text = fold(str(raw))
    if not text:
        return Years(None, None, "blank", "unknown")
    if len(text) > _LONGEST or text[0] == "{":
        return _no_year("unreadable")
    if text in _DASHES or text in _UNKNOWN or text in _NONE:
        return _no_year("dash" if text in _DASHES else "unknown_word")
    if _NUMBER.fullmatch(text):
        return _year_number(float(text))
    if _CHINESE.search(text) and not re.search(r"\d", text):
        text = _digits(text)
    return _decade(text) or _year_text(text) or _no_year("unreadable")


def _no_year(method: str) -> Years:
    return Years(None, None, method, "unknown")


def _year_number(number: float) -> Years:
    if not abs(number) <= LARGEST:
        return _no_year("unreadable")
    year = int(number)
    if year in _YEARS:
        return Years(year, year, "number", "reported")
    if year in SERIALS:
        year = date.fromordinal(EXCEL_EPOCH.toordinal() + year).year
        return Years(year, year, "excel_serial", "doubtful")
    if 190_001 <= year <= 205_012 and 1 <= year % 100 <= 12:
        return Years(year // 100, year // 100, "year_month", "reported")
    if 19_000_101 <= year <= 20_501_231:
        return Years(year // 10_000, year // 10_000, "date", "reported")
    if 50 <= year <= 99:
        return Years(1900 + year, 1900 + year, "two_digits", "doubtful")
    return _no_year("zero" if year == 0 else "unreadable")


def _decade(text: str) -> Years | None:
    found = [
        int(each) for each in re.findall(r"(?<!\d)((?:19|20)?\d0)(?=[-~至到、]\d+年代|s|年代|后(?!年))", text)
    ]
    if not found:
        return None
    starts = [year if year > 100 else (1900 if year >= 30 else 2000) + year for year in found]
    first, last = min(starts), max(starts) + 9
    if re.search(r"(年代|s)(以前|之前|前(?!期))", text):
        return Years(None, first - 1, "before", "approximate")
    if len(starts) == 1:
        if re.search(r"初|前期|早期", text):
            last = first + 3
        elif re.search(r"末|后期|晚期", text):
            first = last - 3
        elif "中" in text:
            first, last = first + 3, first + 6
    return Years(first, last, "decade", "approximate")


def _year_text(text: str) -> Years | None:
    years = [int(each) for each in re.findall(r"(?<!\d)((?:19|20)\d\d)(?!\d)", text)]
    flag, method = "reported", "year"
    if not years:
        short = re.match(r"^'?(\d\d)年?$", text)
        if not short:
            return None
        number = int(short[1])
        years, flag, method = [(1900 if number >= 30 else 2000) + number], "doubtful", "two_digits"
    first, last = min(years), max(years)
    if re.search(r"前", text):
        return Years(None, last, "before", "approximate")
    if re.search(r"[年\d](以后|之后|后)", text):
        return Years(first, None, "after", "approximate")
    if first != last:
        return Years(first, last, "range", "approximate")
    if _APPROXIMATE.search(text):
        return Years(first, last, "about", "approximate")
    return Years(first, last, method, flag)
