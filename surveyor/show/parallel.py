"""Parallel analysis as a table, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from surveyor.format import count, number
from surveyor.measure.parallel import Kind, Parallel
from surveyor.questionnaire import Language
from surveyor.show.table import Cell, Table, heads, numeric
from surveyor.show.words import stopped

SAID: Mapping[str, Mapping[Language, str]] = {
    "title": {"en": "How many factors: parallel analysis", "zh": "因子个数：平行分析"},
    "number": {"en": "Number", "zh": "序号"},
    "eigenvalue": {"en": "Eigenvalue", "zh": "特征值"},
    "mean": {"en": "Chance: mean", "zh": "随机：均值"},
    "high": {"en": "Chance: 95th percentile", "zh": "随机：第 95 百分位"},
    "kept": {"en": "Above chance", "zh": "高于随机"},
    "yes": {"en": "yes", "zh": "是"},
    "components": {"en": "Components (Horn 1965)", "zh": "主成分（Horn 1965）"},
    "factors": {"en": "Common factors (reduced correlations)", "zh": "公因子（缩减相关矩阵）"},
    "found": {
        "en": "Components suggest {components}, common factors {factors}. One less and one more than the number of "
        "components should be looked at too; common factors tend to count small influences (Lim and Jahng 2019).",
        "zh": "主成分提示 {components} 个，公因子提示 {factors} 个。主成分个数加减一亦应考察；公因子法易把微小影响计入"
        "（Lim 与 Jahng 2019）。",
    },
    "base": {
        "en": "{n} residents, {draws} drawn samples of unrelated items with the same answers, weights and clusters, "
        "seed {seed}.",
        "zh": "居民 {n} 人；按相同的回答分布、权重与聚类抽取 {draws} 个题目互不相关的样本，随机种子 {seed}。",
    },
}


def parallel_table(result: Parallel) -> Table:
    """Eigenvalues beside those of chance, of each kind up to two beyond those that are kept."""
    lang = result.lang
    header = heads(*(SAID[key][lang] for key in ("number", "eigenvalue", "mean", "high", "kept")))
    body: list[tuple[Cell, ...]] = []
    for kind, rows in result.to_frame().groupby("kind", sort=False):
        body.append((Cell(SAID[str(kind)][lang]),))
        for row in rows.head(int(rows["kept"].sum()) + 2).to_dict("records"):
            numbers = [row[key] for key in ("eigenvalue", "random_mean", "random_95")]
            kept = Cell(SAID["yes"][lang] if row["kept"] else "", None, "right")
            body.append((Cell(count(row["number"])), *(numeric(number(x), x) for x in numbers), kept))
    kinds: tuple[Kind, ...] = ("components", "factors")
    found = SAID["found"][lang].format(**{kind: count(result.kept(kind)) for kind in kinds})
    base = SAID["base"][lang].format(n=count(result.n), draws=count(result.draws), seed=result.seed)
    notes = (found, base, *(stopped(note, lang) for note in result.notes))
    return Table(SAID["title"][lang], (header,), tuple(body), notes)
