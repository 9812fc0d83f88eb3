"""Smooth functions of a model's numbers: their deviations, their degrees of freedom, the answers they rest on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from surveyor.arrays import Array
from surveyor.measure.moments import jackknifed
from surveyor.measure.setting import Setting
from surveyor.statistics import gradient

#: A group with a smaller share of a variance has nothing to do with the number.
NONE = 1e-10


def moved(setting: Setting, formula: Callable[[Any], Any], theta: Array, deviations: Array) -> Array:
    """Deviations (R, q) of a function of numbers theta (k,) that have `deviations` (R, k).

    Under replicates the function is taken of the numbers of each, so that a loading that runs off in one of them moves
    a correlation no further than to 1; where that is not defined, and for the sandwich, D J' (Binder 1983).
    """
    linear = np.asarray(deviations @ gradient(formula, theta).T)
    if not setting.refits:
        return linear
    multipliers = jackknifed(setting.groups.units)[1]
    scale = np.broadcast_to(np.sqrt(multipliers.scales)[:, None], deviations.shape)
    away = np.divide(deviations, scale, out=np.zeros_like(deviations), where=scale > 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        again = np.stack([np.asarray(formula(theta + row), dtype=float) for row in away])
    made = multipliers.deviations(np.asarray(formula(theta), dtype=float), again)
    return np.where(np.isfinite(made).all(axis=0), made, linear)


def resting_on(setting: Setting, deviations: Array) -> tuple[Array, Array]:
    """Degrees of freedom (q,) of numbers with deviations (R, q), and how many answers (q,) are behind each.

    Where the groups are independent, nu_g degrees of freedom behind each: (sum v_g)^2 / sum v_g^2 / nu_g, v_g what
    group g adds to the variance (Satterthwaite 1946); so a number of one group has the degrees of freedom of its own.
    """
    moments, q = setting.moments, deviations.shape[1]
    groups = len(moments.values)
    whole, everybody = np.full(q, moments.shared_df), np.full(q, setting.answers)
    if groups == 1 or not moments.apart:
        return whole, everybody
    size = np.abs(moments.deviations).reshape(len(moments.deviations), groups, -1).sum(axis=2)
    group = size.argmax(axis=1)[: len(deviations)]  # units of the first stage come first
    parts = np.stack([(deviations[group == g] ** 2).sum(axis=0) for g in range(groups)])
    total = parts.sum(axis=0)
    there = total > 0
    share = np.divide(parts, total, out=np.zeros_like(parts), where=there)
    share = np.where(share < NONE, 0.0, share)
    df = np.divide(1.0, (share**2 / moments.df[:, None]).sum(axis=0), out=whole, where=there)
    return df, np.where(there, moments.n @ (share > 0), everybody)
