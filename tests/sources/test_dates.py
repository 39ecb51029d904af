"""A date is read in every form people and spreadsheets write it, and a month stays a month."""

from __future__ import annotations

from datetime import date, datetime

import pandas as pd
import pytest

from renomap.sources.dates import read_date


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        ("2025-09-01", "2025-09-01"), ("2025年9月1日", "2025-09-01"), ("２０２５．９．１", "2025-09-01"),
        ("2025/9/1 00:00:00", "2025-09-01"),
        ("2025-09-01T08:30:00", "2025-09-01"), ("20250901", "2025-09-01"),
        (20250901, "2025-09-01"), (45901, "2025-09-01"), (45901.5, "2025-09-01"), ("45901", "2025-09-01"),
        (datetime(2025, 9, 1, 8), "2025-09-01"), (date(2025, 9, 1), "2025-09-01"),
        ("2025年9月", "2025-09"), ("2025.9", "2025-09"), ("2025-09", "2025-09"), ("202509", "2025-09"),
        (2025.9, "2025-09"), (2025.11, "2025-11"), (2025.1, "2025-01"), ("2025年9月底", "2025-09"),
        ("25.9.1", "2025-09-01"), ("25年9月", "2025-09"),
        ("2025", None), (2025, None), ("2025年", None), ("2025-13", None), ("2025-02-30", None),
        ("待定", None),
        ("", None), (None, None), (float("nan"), None), (pd.NaT, None), (True, None), ("第3次", None),
    ],
)  # fmt: skip
def test_a_date_is_read_as_written(raw: object, told: str | None) -> None:
    assert read_date(raw) == told
