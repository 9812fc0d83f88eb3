"""How each question is answered: the literal tables of item models, by the item's id."""

from __future__ import annotations

from collections.abc import Mapping

from surveyor.plan.models import Amount, Body, Chance, Model, Ordered, Pick, Points, Several, Shift, Taken

_AGREE = (0.05, 0.16, 0.27, 0.38, 0.14)
_DISAGREE = (0.16, 0.34, 0.26, 0.19, 0.05)
_TRUST = (0.03, 0.12, 0.35, 0.40, 0.10)
_SATISFIED = (0.05, 0.17, 0.31, 0.37, 0.10)
_LIKELY = (0.07, 0.20, 0.30, 0.30, 0.13)
_PART_OFTEN = (0.55, 0.18, 0.16, 0.08, 0.03)
_PART_SELDOM = (0.78, 0.11, 0.07, 0.03, 0.01)

RESIDENT: Mapping[str, Model | Several] = {
    # Cover
    "rs05": Taken("one"), "rs06": Taken("adults"), "rs07": Taken("line"), "rs08": Taken("months")
    , "rs09": Taken("zero"),
    # Your home
    "ra01": Taken("moved"), "ra02": Taken("tenure"),
    "ra03": Pick({1: (0.10, 0.72, 0.12), 2: (0.30, 0.22, 0.22), 3: (0.34, 0.004, 0.06), 4: (0.10, 0.002, 0.04),
                  5: (0.06, 0.01, 0.48), 6: (0.07, 0.03, 0.04), 7: (0.03, 0.014, 0.04)},
                 {1: {"later": -5.0}, 2: {"later": 4.0, "first": -5.0}, 3: {"unit": 1.0, "later": -4.0},
                  4: {"unit": 1.0, "later": -4.0}, 5: {"later": -4.0}}),
    "ra04": Taken("unit_tie"),
    "ra05": Ordered("STAY", 0.75, (0.10, 0.14, 0.12, 0.64)),
    "ra06": Ordered("FAC", 0.80, _SATISFIED),
    # Neighbours and the compound
    "rb01": Amount("NET", 0.70, 14.0, 1.0, 0, 500),
    "rb02": Ordered("NET", 0.75, (0.06, 0.14, 0.20, 0.20, 0.22, 0.18), first=0),
    "rb03": Ordered("NET", 0.75, (0.24, 0.28, 0.22, 0.14, 0.08, 0.04), first=0),
    "rb04": Ordered("NET", 0.78, (0.18, 0.28, 0.26, 0.15, 0.09, 0.04), first=0),
    "rb05": Ordered("OUT", 0.75, (0.10, 0.22, 0.28, 0.22, 0.13, 0.05), first=0),
    "rb06": Ordered("REC", 0.78, _AGREE), "rb07": Ordered("REC", 0.82, _AGREE), "rb08": Ordered("REC", 0.75, _AGREE),
    "rb09": Ordered("TRU", 0.78, _TRUST), "rb10": Ordered("TRU", 0.85, (0.04, 0.15, 0.42, 0.33, 0.06)),
    "rb11": Ordered("TRU", 0.70, (0.08, 0.24, 0.43, 0.21, 0.04)),
    "rb12": Points("GTR", 0.75, 5.2, 2.1),
    "rb13": Ordered("BEL", 0.80, _AGREE), "rb14": Ordered("BEL", 0.78, _AGREE)
    , "rb15": Ordered("BEL", -0.65, _DISAGREE),
    "rb16": Ordered("COH", 0.78, (0.03, 0.10, 0.30, 0.43, 0.14)), "rb17": Ordered("COH", 0.68, _AGREE),
    "rb18": Ordered("COH", -0.62, (0.10, 0.30, 0.30, 0.23, 0.07)),
    "rb19": Ordered("NET", -0.62, (0.08, 0.22, 0.22, 0.32, 0.16)),
    "rq01": Pick({2: 1.0}),
    "rb20": Ordered("CEF", 0.74, _LIKELY), "rb21": Ordered("CEF", 0.76, (0.06, 0.17, 0.27, 0.34, 0.16)),
    "rb22": Ordered("CEF", 0.72, _LIKELY), "rb23": Ordered("CEF", 0.68, (0.03, 0.10, 0.24, 0.40, 0.23)),
    "rb24": Ordered("CEF", 0.66, _LIKELY),
    # Everyday troubles
    **{name: Taken(name) for name in ("re01", "re02", "re03", "re04", "re05", "re06", "re07")},
    "re08": Pick({0: 0.12, 1: (0.16, 0.08, 0.12), 2: (0.14, 0.04, 0.08), 3: (0.32, 0.16, 0.26), 4: (0.12, 0.34, 0.22),
                  5: (0.03, 0.10, 0.04), 6: (0.07, 0.14, 0.10), 7: 0.02, 8: (0.03, 0.08, 0.05), 9: 0.01},
                 {0: {"unraised": 5.0}}),
    "re09": Pick({1: 0.22, 2: 0.14, 3: 0.26, 4: (0.20, 0.10, 0.15), 5: 0.06, 6: 0.14, 7: 0.04}),
    "re10": Pick({1: (0.20, 0.10, 0.16), 2: (0.17, 0.05, 0.10), 3: 0.28, 4: (0.08, 0.13, 0.10), 5: (0.08, 0.26, 0.16),
                  6: 0.10}, {1: {"forms": -0.20, "unraised": -2.0}, 6: {"unraised": 3.5, "REACH": -0.2}}),
    "re11": Amount("HANDLED", -0.40, (3.0, 3.0, 3.4), 1.15, 0, 365),
    "re12": Pick({1: (0.18, 0.08, 0.13), 2: (0.12, 0.03, 0.07), 3: (0.36, 0.18, 0.30), 4: (0.10, 0.38, 0.24),
                  5: (0.03, 0.12, 0.04), 6: 0.10, 7: 0.06, 8: 0.04}),
    "re13": Ordered("HANDLED", 0.85, (0.14, 0.26, 0.28, 0.24, 0.08)),
    "re14": Chance(0.55, {"HANDLED": 0.5, "forms": -0.1}),
    # Community services: H12, H13
    "rd01": Pick({0: 0.42, 1: 0.08, 2: 0.14, 3: 0.26, 4: 0.10}, {0: {"older": -0.3}, 3: {"REACH": 0.2}}),
    "rd02": Pick({0: 0.86, 1: (0.05, 0.035, 0.05), 2: 0.03, 3: 0.035, 4: 0.01}, {0: {"income": 0.7}}),
    "rd03": Pick({0: 0.72, 1: (0.11, 0.09, 0.10), 2: 0.07, 3: 0.05, 4: 0.05},
                 {0: {"aged_here": -1.4}, 3: {"REACH": 0.2}}),
    "rd04": Pick({0: 0.45, 1: 0.14, 2: 0.16, 3: 0.13, 4: 0.12}, {3: {"MOB": 0.4}, 4: {"OUT": 0.3}}),
    "rd05": Pick({0: 0.85, 1: 0.06, 2: 0.02, 3: 0.02, 4: 0.05}, {0: {"children": -1.6}}),
    **{name: Ordered("PERF", 0.55, (0.04, 0.12, 0.30, 0.40, 0.14))
       for name in ("rd06", "rd07", "rd08", "rd09", "rd10")},
    "rd11": Several({1: 0.14, 2: 0.06, 3: (0.30, 0.22, 0.26), 4: 0.22, 5: (0.10, 0.18, 0.13), 6: (0.26, 0.28, 0.26),
                     7: (0.40, 0.42, 0.40), 8: (0.46, 0.14, 0.24), 9: 0.18}),
    "rd12": Ordered("AWARE", 0.75, (0.09, 0.27, 0.27, 0.29, 0.08)),
    "rd13": Amount("REACH", 0.30, (1.5, 1.1, 1.4), 1.0, 0, 99),
    "rd14": Amount("PERF", -0.35, 1.5, 0.55, 1, 20),
    "rd15": Ordered("PERF", 0.66, (0.03, 0.12, 0.27, 0.44, 0.14)), "rd16": Ordered("PERF", 0.80, _AGREE),
    "rd17": Ordered("PERF", 0.80, _AGREE), "rd18": Ordered("PERF", 0.74, (0.03, 0.11, 0.30, 0.43, 0.13)),
    "rd19": Ordered("PERF", 0.74, (0.03, 0.10, 0.28, 0.43, 0.16)), "rd20": Ordered("PERF", -0.55, _DISAGREE),
    "rd21": Points("PERF", 0.80, 6.6, 1.8),
    # Taking part: H8, H9, H11
    "rc01": Ordered("MOB", 0.75, _PART_OFTEN, first=0), "rc02": Ordered("MOB", 0.70, _PART_OFTEN, first=0),
    "rc03": Ordered("MOB", 0.72, (0.66, 0.15, 0.12, 0.05, 0.02), first=0),
    "rc04": Ordered("ACT", 0.72, _PART_SELDOM, first=0), "rc05": Ordered("ACT", 0.75, _PART_SELDOM, first=0),
    "rc06": Ordered("PROP", 0.75, (0.58, 0.18, 0.15, 0.07, 0.02), first=0),
    "rc07": Ordered("PROP", 0.72, _PART_SELDOM, first=0),
    "rc08": Pick({1: 0.24, 2: 0.14, 3: 0.44, 4: 0.18}, {1: {"MOB": 0.7}, 4: {"settled": -0.8}}),
    "rc09": Pick({1: 0.30, 0: 0.22, 3: 0.48}, {1: {"PROP": 0.8, "council": 0.9}, 3: {"council": -0.8}}),
    "rc10": Pick({1: (0.26, 0.13, 0.18), 2: (0.24, 0.19, 0.20), 3: 0.26, 4: (0.24, 0.42, 0.36)},
                 {1: {"NET": 0.5, "lead": 0.2}, 2: {"NET": 0.3}}),
    "rc11": Several({1: (0.022, 0.010, 0.014), 2: (0.014, 0.005, 0.008), 3: (0.026, 0.012, 0.018),
                     4: (0.004, 0.014, 0.005), 5: (0.005, 0.020, 0.008), 6: (0.030, 0.018, 0.022), 7: 0.015},
                    tilts={code: {"MOB": 0.7, "WILL": 0.6} for code in (1, 2, 3, 6, 7)}
                    | {code: {"PROP": 0.8, "WILL": 0.4} for code in (4, 5)}),
    "rc12": Chance((0.11, 0.06, 0.08), {"MOB": 0.5, "WILL": 0.3}),
    "rc13": Ordered("WILL", 0.72, (0.06, 0.17, 0.28, 0.34, 0.15))
    , "rc14": Ordered("WILL", 0.70, (0.16, 0.27, 0.27, 0.21, 0.09)),
    "rc15": Ordered("WILL", 0.60, (0.24, 0.31, 0.24, 0.15, 0.06)),
    "rc16": Pick({1: 0.30, 2: 0.13, 3: 0.14, 4: (0.12, 0.08, 0.10), 5: (0.10, 0.17, 0.13), 6: 0.06, 7: 0.06, 8: 0.05,
                  9: 0.02}, {1: {"older": -0.5}, 6: {"older": 1.0}, 8: {"settled": -1.0}}),
    "rc17": Ordered("SAY", 0.70, (0.09, 0.26, 0.31, 0.27, 0.07)),
    # Contact with the community: H19, H20
    "rf01": Ordered("REACH", 0.72, (0.34, 0.22, 0.24, 0.14, 0.06), first=0),
    "rf02": Chance((0.44, 0.33, 0.38), {"REACH": 0.9, "settled": 0.2}), "rf03": Chance(0.30, {"REACH": 0.8}),
    "rf04": Pick({1: 0.36, 2: 0.24, 0: 0.28, 3: 0.12}, {1: {"DIGI": 0.5, "REACH": 0.3}, 2: {"DIGI": 0.4}}),
    "rf05": Several({1: (0.13, 0.21, 0.16), 2: (0.24, 0.30, 0.26), 3: 0.26, 4: (0.06, 0.27, 0.14)},
                    tilts={code: {"DIGI": 0.6} for code in (1, 2, 3, 4)}),
    "rf06": Chance(0.46, {"READY": 0.9}), "rf07": Ordered("READY", 0.62, _AGREE),
    # Trust and wellbeing
    "rg01": Ordered("RC", 0.82, (0.03, 0.09, 0.29, 0.43, 0.16)),
    "rg02": Body(Ordered("OC", 0.80, (0.06, 0.16, 0.40, 0.30, 0.08)), "no_council"),
    "rg03": Body(Ordered("PMC", 0.80, (0.08, 0.19, 0.37, 0.29, 0.07)), "no_company"),
    "rg04": Ordered("DESK", 0.70, _AGREE), "rg05": Ordered("PERF", 0.62, (0.06, 0.19, 0.32, 0.34, 0.09)),
    "rg06": Points("LIFE", 0.82, 6.9, 1.7), "rg07": Ordered("HAPPY", 0.80, (0.02, 0.06, 0.26, 0.48, 0.18)),
    "rg08": Ordered("HEALTH", 0.82, (0.03, 0.09, 0.30, 0.40, 0.18)),
    # You and your household
    "rh01": Taken("sex"), "rh02": Taken("born"),
    "rh03": Ordered("school", 0.95, (0.10, 0.22, 0.26, 0.18, 0.19, 0.05)),
    "rh04": Taken("hukou"), "rh05": Pick({1: 0.13, 2: 0.03, 3: 0.006, 4: 0.834},
                                         {1: {"older": 0.5, "school": 0.6}, 2: {"older": -2.0}}),
    "rh06": Taken("work"), "rh07": Taken("size"), "rh08": Taken("aged"), "rh09": Taken("children"),
    "rh10": Ordered("income", 0.90, (0.08, 0.22, 0.28, 0.21, 0.11, 0.07, 0.03)),
    "rq02": Pick({1: 0.72, 2: 0.28}),
}  # fmt: skip

WORKER: Mapping[str, Model] = {
    "wa01": Taken("post"), "wa02": Taken("born"), "wa03": Pick({3: 0.08, 4: 0.42, 5: 0.46, 6: 0.04}),
    "wa04": Taken("years"), "wa05": Pick({1: 0.28, 2: 0.34, 3: 0.38}), "wa06": Chance(0.36, {"older": -0.3}),
    **{name: Taken(name) for name in ("wb01", "wb02", "wb03", "wb04", "wb05", "wb06", "wb07", "wb08", "wb09")},
    "wc01": Ordered("BURD", 0.76, (0.03, 0.12, 0.30, 0.36, 0.19))
    , "wc02": Ordered("BURD", 0.72, (0.02, 0.10, 0.28, 0.38, 0.22)),
    "wc03": Ordered("BURD", 0.70, (0.03, 0.12, 0.33, 0.36, 0.16))
    , "wc04": Ordered("BURD", 0.68, (0.02, 0.12, 0.34, 0.36, 0.16)),
    "wc05": Ordered("BURD", 0.78, (0.06, 0.18, 0.34, 0.29, 0.13)),
    "wc06": Amount("BURD", 0.35, 14.0, 0.5, 1, 200), "wc07": Amount("BURD", 0.45, 26.0, 0.6, 0, 500),
    "wd01": Ordered("RSPB", 0.72, (0.01, 0.05, 0.18, 0.46, 0.30))
    , "wd02": Ordered("RSPB", 0.66, (0.01, 0.06, 0.20, 0.45, 0.28)),
    "wd03": Ordered("RSPB", 0.70, (0.02, 0.09, 0.25, 0.41, 0.23))
    , "wd04": Ordered("POWR", 0.70, (0.16, 0.34, 0.28, 0.18, 0.04)),
    "wd05": Ordered("POWR", 0.62, (0.20, 0.33, 0.25, 0.18, 0.04))
    , "wd06": Ordered("POWR", 0.60, (0.27, 0.38, 0.20, 0.12, 0.03)),
    "wq01": Pick({4: 0.97, 3: 0.02, 5: 0.01}),
    **{name: Taken(name) for name in ("we01", "we02", "we03", "we04")},
    "we05": Amount("DRIVE", 0.40, 18.0, 0.7, 0, 300),
    "wf01": Ordered("BURD", -0.50, (0.04, 0.15, 0.36, 0.36, 0.09))
    , "wf02": Ordered("BURD", 0.60, (0.04, 0.14, 0.34, 0.33, 0.15)),
}  # fmt: skip

#: Items that work otherwise in estates where measurement is not invariant: trust in tenants means other people there,
#: a large building makes other neighbours, and the reversed item on cohesion weighs less.
NONINVARIANT: Mapping[str, Shift] = {"rb11": Shift(cuts=0.5), "rb09": Shift(loading=0.6), "rb18": Shift(loading=0.5)}
