"""Names that fit: facilities by one word where a list or a tag has no room for more."""

from __future__ import annotations

from renomap.model.standard import Facility
from renomap.outputs.findings import facility_name
from renomap.session.speech import Speech


def short_name(facility: Facility, speech: Speech) -> str:
    """One word for a facility of ours; the full name of one that the user's own standard adds."""
    code = f"window.short.{facility.key}"
    return speech(code) if code in speech.words else facility_name(facility, speech.words)
