"""A questionnaire drafted from the labels a file carries, for whoever has only the file."""

from __future__ import annotations

import pandas as pd

from surveyor.questionnaire import Choices, Item, ItemType, Questionnaire
from surveyor.reading.answers import Answers


def draft(answers: Answers, name: str) -> Questionnaire:
    """One item per column: with choices where every answer has a label, else a number or text.

    Codes the file declares missing keep their number and their label as the reason.
    """
    items: list[Item] = []
    lists: dict[str, Choices] = {}
    reasons: dict[int, dict[str, str]] = {}
    for column in answers.frame.columns:
        labels = answers.values.get(column, {})
        declared = answers.missing.get(column, frozenset())
        cells = answers.frame[column].dropna()
        kind: ItemType = "number" if pd.api.types.is_numeric_dtype(cells) else "text"
        whole = all(float(code).is_integer() for code in labels)
        answered = [code for code in labels if code not in declared]
        if kind == "number" and answered and whole and set(cells) <= {*labels, *declared}:
            kind = "ordinal" if column in answers.ordered else "nominal"
            missing = {int(code): int(code) for code in declared}
            lists[column] = Choices(codes={int(code): {"en": labels[code]} for code in answered}, missing=missing)
            reasons |= {code: {"en": labels.get(code, str(code))} for code in missing}
        items.append(
            Item(
                id=str(column),
                label={"en": answers.labels.get(column, str(column))},
                type=kind,
                choices=column if column in lists else None,
            )
        )
    return Questionnaire(name=name, items=tuple(items), choices=lists, missing=reasons, drafted=True)  # type: ignore[arg-type]
