"""The greatest value of a concave function by Newton's method, and the directions in which there is none."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from surveyor.arrays import Array

#: value, gradient (q,) and minus the second derivatives (q, q) at a place (q,).
Evaluate = Callable[[Array], tuple[float, Array, Array]]

STEPS, HALVINGS = 100, 40
#: A step is the last where it adds less than this share of the value. Below NEAR the value itself is too coarse to
#: judge steps by, and they go on as long as they shrink or are not SMALL (squared, beside the place).
CLOSE, NEAR, SMALL = 1e-22, 1e-10, 1e-12
#: A direction runs away where its curvature falls below this share of the mean curvature at the start.
FLAT = 1e-12


class Optimum(NamedTuple):
    """The place (q,), the inverse (q, q) of the curvature there, the value, and the directions (q, r) that run away.

    In these the value rises without end: the inverse leaves them out, and the place is where they were given up.
    """

    place: Array
    inverse: Array
    value: float
    flat: Array


def newton(evaluate: Evaluate, start: Array) -> Optimum:
    """Climb from `start` (q,), each step halved until the value does not fall (Dennis and Schnabel 1983).

    >>> newton(lambda x: (float(-((x[0] - 3) ** 2)), -2 * (x - 3), np.array([[2.0]])), np.zeros(1)).place
    array([3.])
    """
    place, before = start, np.inf
    value, g, H = evaluate(place)
    least = FLAT * np.trace(H) / max(len(H), 1)
    for _ in range(STEPS):
        inverse, flat = _inverse(H, least)
        step = inverse @ g
        rise = float(g @ step)
        near = rise <= NEAR * (abs(value) + place @ H @ place)
        still = near and rise > before / 4 and step @ step <= SMALL * (1 + place @ place)
        if rise <= CLOSE * abs(value) or still:
            return Optimum(place + step, inverse, value, flat)
        before = rise
        for half in range(HALVINGS):
            told = evaluate(place + step / 2**half)
            if near or told[0] >= value - 1e-12 * abs(value):
                place, (value, g, H) = place + step / 2**half, told
                break
        else:
            break
    return Optimum(place, inverse, value, flat)


def _inverse(H: Array, least: float) -> tuple[Array, Array]:
    """The inverse of H where its curvature is above `least`, and the directions where it is not."""
    size, axes = np.linalg.eigh(H)
    kept = size > least
    return (axes[:, kept] / size[kept]) @ axes[:, kept].T, axes[:, ~kept]
