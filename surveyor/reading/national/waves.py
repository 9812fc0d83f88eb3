"""What is known of each wave, from its codebook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

CGSS_2003 = {-1: -1, -2: -9, -3: -8}
CGSS_2005 = {**dict.fromkeys(range(-9999, -9900), -9), -9902: -1}
CGSS_2010 = {-1: -8, -2: -1, -3: -2}
CFPS = {code: code for code in (-1, -2, -8, -9, -10)}

OLD_CITY, WORK_UNIT, AFFORDABLE, ORDINARY = "老城区", "单位社区", "经济适用房社区", "普通商品房小区"
VILLA, FROM_VILLAGE, MIGRANT, ELSE = "别墅区或高级住宅区", "由农村社区转变过来的城市社区", "移民社区", "其他"
KINDS_2003 = (OLD_CITY, WORK_UNIT, VILLA, MIGRANT, ORDINARY, "集镇社区", FROM_VILLAGE)
KINDS_2011 = (OLD_CITY, WORK_UNIT, "保障性住房社区", ORDINARY, VILLA, FROM_VILLAGE, "农村", ELSE)
KINDS_CFPS = (
    "棚户区",
    OLD_CITY,
    WORK_UNIT,
    WORK_UNIT,
    AFFORDABLE,
    ORDINARY,
    "限价商品房",
    VILLA,
    FROM_VILLAGE,
    MIGRANT,
)


def _coded(*labels: str, **further: str) -> dict[int, str]:
    return dict(enumerate(labels, 1)) | {int(code[1:]): label for code, label in further.items()}


@dataclass(frozen=True)
class Wave:
    """One wave of a survey.

    type     the column with the type of community; None where the public file has none
    kinds    its codes in the codebook -> name, for files that carry codes and no labels
    missing  codes for no answer, where the file does not label them -> ours
    nines    98, 99 and the like stand for no answer in some columns; only labels say in which
    weights  columns with a person weight, the best first
    areas    columns with area codes, the finest first
    strata   the column of strata; None where it is not public
    """

    name: str
    type: str | None
    missing: Mapping[int, int]
    weights: tuple[str, ...]
    areas: tuple[str, ...]
    kinds: Mapping[int, str] = field(default_factory=dict)
    nines: bool = False
    strata: str | None = None


S45 = ("s45", "s44", "s43", "s42", "s41")
WAVES = (
    Wave("cgss2003", "commtype", CGSS_2003, ("ppwt",), ("neighbcm", "township", "county"),
         _coded(*KINDS_2003, ELSE, OLD_CITY, OLD_CITY), strata="strata"),
    Wave("cgss2005", "qs3", CGSS_2005, ("weight",), ("qs2", "qs2b", "qs2a"), _coded(*KINDS_2003, "农村", ELSE)),
    Wave("cgss2006", "qs4_2", CGSS_2005, ("weight",), ("qs2",),
         _coded("棚户区", OLD_CITY, WORK_UNIT, WORK_UNIT, AFFORDABLE, ORDINARY, VILLA, FROM_VILLAGE, MIGRANT, ELSE),
         nines=True, strata="stratum"),
    Wave("cgss2008", "v42", {}, ("weight",), ("community", "countyid"),
         _coded(OLD_CITY, WORK_UNIT, "普通商品房/经济适用房小区", VILLA, MIGRANT, ELSE), nines=True),
    Wave("cgss2010", None, CGSS_2010, ("WEIGHT",), S45, nines=True, strata="stratum"),
    Wave("cgss2011", "s5b", CGSS_2010, ("weight",), S45, _coded(*KINDS_2011), nines=True),
    Wave("cgss2012", "s5b", CGSS_2010, ("weight",), S45, _coded(*KINDS_2011), nines=True),
    Wave("cgss2013", None, CGSS_2010, ("weight",), S45[1:]),
    Wave("cgss2015", None, {**CGSS_2010, -8: -9}, ("weight",), S45),
    Wave("cgss2017", None, {}, ("weight",), ("s41",), nines=True),
    Wave("cgss2018", None, {}, ("weight",), ("provinces",), nines=True),
    Wave("cgss2021", None, {}, ("weight", "weight_raking"), ("community_i", "provinces"), nines=True),
    Wave("cgss2023", None, {**CGSS_2010, -4: -7, -5: -7}, ("weight2", "weight1"), S45),
    Wave("cfps2012", "cz701", CFPS, ("rswt_natcs12",), ("cid",), _coded(*KINDS_CFPS, _77=ELSE)),
    Wave("cfps2014", "cz701", CFPS, ("rswt_natcs14",), ("cid14", "cid"), _coded(*KINDS_CFPS, _77=ELSE)),
)  # fmt: skip
