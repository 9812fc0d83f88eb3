"""Who lives where, and what moves them: the literal tables of the simulated population.

A triple is old districts, commercial-housing estates, other housing. Directions follow the hypotheses (H1 ...).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from surveyor.plan.world import Level, Triple

YEAR = 2026

#: Communities: how many compounds one has, and the share of each group among the compounds of a district.
COMPOUNDS = {1: 0.12, 2: 0.28, 3: 0.36, 4: 0.20, 5: 0.04}
GROUP_SHARES: Triple = (0.42, 0.40, 0.18)


@dataclass(frozen=True)
class Kind:
    """A kind of compound (codes of f03): its share in its group, years of first completion, years until the last."""

    group: int
    code: int
    share: float
    first: tuple[int, int]
    lasts: int
    latest: int = 2022


KINDS = (
    Kind(0, 1, 0.55, (1962, 1988), 10, 1999),
    Kind(0, 2, 0.45, (1980, 1996), 8, 2000),
    Kind(1, 3, 1.00, (1998, 2014), 6),
    Kind(2, 3, 0.20, (1991, 1997), 5),
    Kind(2, 4, 0.35, (2001, 2014), 4),
    Kind(2, 5, 0.25, (2006, 2017), 3),
    Kind(2, 6, 0.20, (1985, 2003), 12),
)

#: Facts about a compound that its residents' answers depend on.
VACANT: Triple = (0.06, 0.10, 0.08)  # share of dwellings
ACTIVISTS: Triple = (2.4, 1.3, 1.6)  # building chiefs and group leaders per 100 dwellings (median)
OWNERS_COMMITTEE: Mapping[int, Triple] = {  # codes of f17
    1: (0.12, 0.45, 0.10), 2: (0.08, 0.17, 0.08), 3: (0.12, 0.08, 0.10), 4: (0.05, 0.10, 0.07), 5: (0.63, 0.20, 0.65),
}  # fmt: skip
MANAGEMENT: Mapping[int, Triple] = {  # codes of f14
    1: (0.25, 0.96, 0.60), 2: (0.17, 1e-5, 0.05), 3: (0.35, 0.01, 0.25), 4: (0.10, 0.03, 0.04), 5: (0.13, 1e-5, 0.06),
}  # fmt: skip


@dataclass(frozen=True)
class Household:
    """A kind of household: its share among occupied dwellings, and who lives there.

    age     of the first adult: mean and spread by group
    adults  shares of one, two, three and four adults
    stay    mean years since moving in, where it is not an owner's
    """

    name: str
    tenure: int
    share: Triple
    age: tuple[Triple, float]
    adults: tuple[float, float, float, float]
    stay: Level = 0.0
    local: Triple = (0.9, 0.9, 0.9)


HOUSEHOLDS = (
    Household("first owner", 1, (0.325, 0.56, 0.44), ((56, 46, 48), 11.5), (0.17, 0.53, 0.19, 0.11)),
    Household("later owner", 1, (0.295, 0.220, 0.235), ((42, 38, 40), 10), (0.15, 0.60, 0.17, 0.08),
              local=(0.8, 0.8, 0.8)),
    Household("private renter", 3, (0.225, 0.115, 0.135), ((32, 30, 31), 8), (0.38, 0.47, 0.10, 0.05), (2.2, 2.6, 2.6),
              (0.25, 0.35, 0.3)),
    Household("public renter", 4, (0.050, 0.010, 0.065), ((50, 42, 42), 13), (0.35, 0.48, 0.12, 0.05), (14, 5, 6)),
    Household("lodger", 5, (0.105, 0.095, 0.125), ((36, 35, 36), 13), (0.42, 0.43, 0.10, 0.05), (5, 4.5, 5),
              (0.6, 0.6, 0.6)),
)  # fmt: skip
CHILDREN = (0.58, 0.32, 0.10)  # none, one, two, where an adult is 25 to 45
WORK_UNIT_TIE: Mapping[str, float] = {"first owner": 0.8, "later owner": 0.15, "public renter": 0.6}


@dataclass(frozen=True)
class Factor:
    """Something people differ in, as standard scores.

    general  how much of it is the same for all factors (a correlation with one general disposition)
    direct   what the kind of housing itself adds, all else equal
    by       what other things add, per unit; a triple where that differs between the groups
    common   times the set intra-cluster correlation: how much of the rest a compound has in common
    """

    general: float
    direct: Triple = (0.0, 0.0, 0.0)
    by: Mapping[str, Level] = field(default_factory=dict)
    common: float = 1.0


#: Each may name columns of people and factors that stand before it. Columns: settled (years of residence, log,
#: centred), long (20 years or more), older (age in 16 years from 45), owner, tie (to the work unit), woman, school
#: and income (standard scores), lead (activists per 100 dwellings), council (a functioning owners' committee),
#: forms (the community's administrative share of worker time), unsolved (troubles raised and not solved).
SCHOOL = Factor(0.0, (-0.15, 0.30, -0.20), {"older": -0.55}, 0.6)
INCOME = Factor(0.0, (-0.10, 0.25, -0.20), {"school": 0.40, "older": -0.15, "owner": 0.15}, 0.6)
FACTORS: Mapping[str, Factor] = {
    # Neighbourhood social capital: H4 (direct), H5 (long, by group), H6 (settled, older, owner, tie).
    "NET": Factor(0.65, (0.10, -0.12, -0.04), {
        "settled": 0.14, "long": (0.45, 0.08, 0.22), "tie": 0.15, "older": 0.08, "owner": 0.10, "lead": 0.04}),
    "REC": Factor(0.75, (0.06, -0.10, -0.04), {
        "settled": 0.10, "long": (0.40, 0.06, 0.18), "tie": 0.12, "older": 0.05, "owner": 0.06, "lead": 0.04}),
    "TRU": Factor(0.70, (0.02, -0.06, -0.06), {
        "settled": 0.08, "long": (0.32, 0.05, 0.16), "tie": 0.10, "older": 0.06, "owner": 0.10}),
    "BEL": Factor(0.65, (0.00, -0.06, -0.08), {
        "settled": 0.14, "long": (0.34, 0.08, 0.18), "tie": 0.12, "older": 0.05, "owner": 0.20}),
    "COH": Factor(0.70, (0.04, -0.08, -0.06), {
        "settled": 0.06, "long": (0.34, 0.05, 0.16), "tie": 0.08, "older": 0.04, "owner": 0.04}),
    "OUT": Factor(0.10, (-0.16, 0.20, 0.00), {"older": -0.28, "school": 0.15, "income": 0.10}),  # H7
    "GTR": Factor(0.35, (0.00, 0.02, -0.04), {"school": 0.08}, 0.6),
    # Collective efficacy: H10, the lever that fits the kind of housing.
    "CEF": Factor(0.55, (0.00, -0.02, -0.05), {
        "COH": 0.20, "REC": 0.12, "lead": (0.16, 0.01, 0.05), "council": (0.02, 0.34, 0.10)}),
    # Contact with the community: H19, H22 (forms), H33.
    "REACH": Factor(0.20, (0.12, -0.10, 0.00), {"forms": -0.30, "older": 0.18, "settled": 0.06}),
    "DIGI": Factor(0.10, (-0.08, 0.16, -0.02), {"older": -0.35, "school": 0.15}),
    "DESK": Factor(-0.15, (0.00, 0.00, 0.00), {"forms": 0.30, "REACH": -0.20}),
    "AWARE": Factor(0.25, (0.04, -0.04, 0.00), {"REACH": 0.25}),
    # Taking part: H8 (direct), H7 (OUT), H18 (NET, CEF), H11 (ACT).
    "MOB": Factor(0.30, (0.14, -0.14, 0.00), {
        "NET": 0.20, "CEF": 0.08, "older": 0.14, "OUT": -0.08, "REACH": 0.12, "lead": 0.04}),
    "PROP": Factor(0.15, (-0.24, 0.26, -0.05), {"owner": 0.25, "council": 0.20, "school": 0.08, "CEF": 0.10}),
    "ACT": Factor(0.40, (0.06, -0.05, 0.00), {"NET": 0.20, "MOB": 0.30}),
    "WILL": Factor(0.35, (0.04, -0.02, -0.02), {"NET": 0.15, "MOB": 0.20, "older": 0.05}),  # H9
    "SAY": Factor(0.30, (0.00, 0.00, 0.00), {"CEF": 0.20, "forms": -0.08}),
    "STAY": Factor(0.10, (-0.05, 0.10, 0.00), {"owner": 0.95, "settled": 0.20, "older": 0.15}),
    "FAC": Factor(0.25, (-0.32, 0.30, 0.02), {"owner": -0.05}, 1.6),  # H3
}  # fmt: skip

#: Factors that also depend on what became of small matters: H17, H27, H28, H29.
LATER: Mapping[str, Factor] = {
    "HANDLED": Factor(0.20, (0.00, 0.00, 0.00), {"outcome": 0.55}),
    "PERF": Factor(0.40, (0.02, 0.02, -0.04), {"forms": -0.18, "REACH": 0.20, "unsolved": -0.10, "older": 0.06}),
    "RC": Factor(0.45, (0.12, -0.08, 0.00), {"PERF": 0.40, "older": 0.10, "unsolved": -0.06}),
    "OC": Factor(0.30, (-0.08, 0.06, -0.04), {"council": 0.30, "PROP": 0.10}, 1.4),
    "PMC": Factor(0.30, (-0.10, 0.12, -0.02), {"FAC": 0.30, "unsolved": -0.10}, 1.4),
    "LIFE": Factor(0.40, (0.00, 0.05, -0.05), {"unsolved": -0.12, "FAC": 0.20, "BEL": 0.20, "PERF": 0.12}),
    "HEALTH": Factor(0.20, (0.00, 0.00, 0.00), {"older": -0.50, "school": 0.08}, 0.3),
    "HAPPY": Factor(0.45, (0.00, 0.00, 0.00), {"LIFE": 0.30, "HEALTH": 0.20, "income": 0.10}, 0.6),
    "READY": Factor(0.15, (0.02, 0.00, -0.02), {"REACH": 0.30, "NET": 0.12}),  # H20
}  # fmt: skip


@dataclass(frozen=True)
class Matter:
    """A kind of small matter: the share of households it happened to, and whether it is a matter of the property."""

    item: str
    happened: Triple


#: H14. Rare enough that a resident has had one or two.
MATTERS = (
    Matter("re01", (0.26, 0.36, 0.28)),
    Matter("re02", (0.22, 0.27, 0.24)),
    Matter("re03", (0.16, 0.13, 0.15)),
    Matter("re04", (0.29, 0.19, 0.27)),
    Matter("re05", (0.34, 0.22, 0.27)),
    Matter("re06", (0.10, 0.17, 0.12)),
)


@dataclass(frozen=True)
class Step:
    """A step of the funnel: its share among those that came so far, and what moves its logit."""

    share: Triple
    by: Mapping[str, Level]
    common: float = 0.0


#: H15: a matter is raised far more often than, once raised, it is solved. H10 and H22 act on the later steps.
SURFACED = Step((0.76, 0.74, 0.73), {"NET": 0.15, "REACH": 0.10, "PROP": 0.08}, 0.35)
RESPONSE = Step((0.84, 0.84, 0.82), {"forms": -0.15, "REACH": 0.10}, 0.20)
ACTION = Step((0.74, 0.76, 0.72), {"forms": -0.20, "CEF": 0.10}, 0.20)
SOLVED = Step((0.52, 0.55, 0.50), {
    "forms": -0.28, "power": 0.15, "CEF": 0.12, "lead": (0.25, 0.02, 0.08),
    "council": (0.05, 0.45, 0.15)}, 0.30)  # fmt: skip
PARTLY = Step((0.55, 0.55, 0.55), {})
