"""The registry of formats: what command line, dialog, pack and help read of it."""

from __future__ import annotations

import pytest

from renomap.commands.parser import make_parser
from renomap.outputs.formats import ASKS, FORMATS, Format, format_of
from renomap.wording.catalogue import words


@pytest.mark.parametrize("each", FORMATS, ids=lambda each: each.code)
def test_a_format_has_words_in_both_languages_and_known_choices(each: Format) -> None:
    for language in ("zh", "en"):
        assert each.title(words(language)).endswith((f"{each.kind})", f"{each.kind}）"))
        assert len(each.about(words(language))) > 10
    assert set(each.asks) <= set(ASKS)
    assert each.in_pack in ("", *(f"{stem}{each.ending}" for stem in (each.in_pack.split(".")[0],)))
    assert " " not in each.file_name(words("en"))


def test_keys_and_names_in_the_pack_are_given_once() -> None:
    codes, packed = [each.code for each in FORMATS], [each.in_pack for each in FORMATS if each.in_pack]
    assert len(set(codes)) == len(codes)
    assert len(set(packed)) == len(packed)


def test_an_ending_with_two_layers_asks_for_the_layer() -> None:
    assert [format_of(".csv", layer).code for layer in ("areas", "neighbourhoods")] == ["deficits", "list"]
    assert format_of(".PNG", "neighbourhoods").code == "picture"
    assert format_of(".odt") is None


def test_help_lists_every_ending_that_export_writes(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        make_parser().parse_args(["export", "--help"])
    told = capsys.readouterr().out
    assert all(
        f"  {each.ending}" in told and each.name(words("en")) in told
        for each in FORMATS
        if each.code not in ("map", "sheets", "notices")  # maps for the printer, and pages of ``report``
    )
