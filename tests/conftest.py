"""Shared by all tests: no display needed, settings and caches in a place of their own."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("RENOMAP_LANG", "en")
