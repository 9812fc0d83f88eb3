"""China's national surveys: missing codes wave by wave, the type of community by its label, weight and area codes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from surveyor.questionnaire import Questionnaire
from surveyor.reading.answers import Answers
from surveyor.reading.national.community import typed
from surveyor.reading.national.design import described, design_of
from surveyor.reading.national.kinds import group_of, reason_of
from surveyor.reading.national.missing import mapped
from surveyor.reading.national.waves import WAVES, Wave
from surveyor.reading.source import Source

__all__ = ["NATIONAL", "group_of", "reason_of"]


def _arrange(wave: Wave, answers: Answers, asked: Questionnaire | None) -> Answers:
    """Missing codes as ours, a column with the type of community, and what is known of the design, all logged."""
    return described(typed(mapped(answers, wave, asked), wave), wave)


def _source(wave: Wave) -> Source:
    survey, year = wave.name[:4].upper(), wave.name[4:]
    kind = f"type of community '{wave.type}' by its label" if wave.type else "no type of community in the public file"
    return Source(
        name=wave.name,
        about=f"{survey} {year}: {kind}, missing codes, weight, area codes",
        arrange=partial(_arrange, wave),
        design=partial(design_of, wave),
    )


#: Name -> what is known of its files. Missing codes are mapped by `arrange`, by label where there is one.
NATIONAL: Mapping[str, Source] = {wave.name: _source(wave) for wave in WAVES}
