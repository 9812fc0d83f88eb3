"""How the parameters of a regression make its linear predictors: each by coefficients of its own, or by cut points."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

import numpy as np

from surveyor.arrays import Array
from surveyor.statistics.regression.basis import Basis


@dataclass(frozen=True)
class Predictors(ABC):
    """m linear predictors eta_i = J_i phi, with q parameters phi, for rows Q (n, r) of the matrix.

    In all methods a further axis of phi gives a further axis of the result.
    """

    m: int

    @abstractmethod
    def eta(self, Q: Any, phi: Any) -> Any:
        """The predictors (n, m)."""

    @abstractmethod
    def slope(self, Q: Any, phi: Any) -> Any:
        """Their derivatives (n, m) along a change Q (n, r) of the rows."""

    @abstractmethod
    def summed(self, Q: Array, first: Array) -> Array:
        """sum_i J_i' s_i (q,), for s (n, m)."""

    @abstractmethod
    def by_row(self, Q: Array, first: Array, L: Array) -> Array:
        """s_i' J_i L' (n, k), for s (n, m) and L (k, q)."""

    @abstractmethod
    def curvature(self, Q: Array, second: Array) -> Array:
        """sum_i J_i' D_i J_i (q, q), for D (n, m, m)."""

    @abstractmethod
    def back(self, base: Basis) -> Array:
        """The map (parameters of X, q) from phi, where Q = (X - centre) T."""

    @property
    @abstractmethod
    def errors(self) -> int:
        """How many errors of its own a unit has: as many as predictors, or one that shifts them all."""

    @abstractmethod
    def pattern(self, second: Array, change: Array) -> Array:
        """D_i y_i (n, m) for the errors y_i of a row that go along with a change x_i (n, m) of its predictors."""

    @abstractmethod
    def unit_effects(self, second: Array, change: Array) -> tuple[Array, Array, Array]:
        """Of rows with curvature D (n, m, m) and predictors moved by x (n, m): how an error that shifts
        predictors enters, g (n, k); its curvature S (n, k, k); and the square g' S^-1 g (n,).
        """


class Separate(Predictors):
    """Each predictor has coefficients of its own: phi holds m times r."""

    def eta(self, Q: Any, phi: Any) -> Any:
        return _product(Q, phi.reshape(self.m, -1).T)

    def slope(self, Q: Any, phi: Any) -> Any:
        return self.eta(Q, phi)

    def summed(self, Q: Array, first: Array) -> Array:
        return np.asarray((first.T @ Q).reshape(-1))

    def by_row(self, Q: Array, first: Array, L: Array) -> Array:
        parts = L.reshape(len(L), self.m, -1)
        made = first[:, :1] * (Q @ parts[:, 0].T)
        for a in range(1, self.m):
            made += first[:, a : a + 1] * (Q @ parts[:, a].T)
        return np.asarray(made)

    def curvature(self, Q: Array, second: Array) -> Array:
        r = Q.shape[1]
        made = np.empty((self.m * r, self.m * r))
        for a in range(self.m):
            for b in range(a + 1):
                part = (Q * second[:, a, b, None]).T @ Q
                made[a * r : (a + 1) * r, b * r : (b + 1) * r] = part
                made[b * r : (b + 1) * r, a * r : (a + 1) * r] = part.T
        return made

    def back(self, base: Basis) -> Array:
        return np.kron(np.eye(self.m), base.back)

    @property
    def errors(self) -> int:
        return self.m

    def pattern(self, second: Array, change: Array) -> Array:
        return np.asarray((second @ change[:, :, None])[:, :, 0])

    def unit_effects(self, second: Array, change: Array) -> tuple[Array, Array, Array]:
        g = (second @ change[:, :, None])[:, :, 0]
        return g, second, (g * change).sum(axis=1)


class Ordered(Predictors):
    """Predictors c_k - Q b: phi holds the r slopes b and the m cut points c."""

    def eta(self, Q: Any, phi: Any) -> Any:
        return phi[-self.m :] + self.slope(Q, phi)

    def slope(self, Q: Any, phi: Any) -> Any:
        return np.repeat(-_product(Q, phi[: -self.m])[:, None], self.m, axis=1)

    def summed(self, Q: Array, first: Array) -> Array:
        return np.concatenate([-(first.sum(axis=1) @ Q), first.sum(axis=0)])

    def by_row(self, Q: Array, first: Array, L: Array) -> Array:
        slopes, cuts = L[:, : -self.m], L[:, -self.m :]
        return np.asarray(first @ cuts.T - first.sum(axis=1, keepdims=True) * (Q @ slopes.T))

    def curvature(self, Q: Array, second: Array) -> Array:
        side = second.sum(axis=2)
        cross = -(Q.T @ side)
        return np.block([[(Q * side.sum(axis=1)[:, None]).T @ Q, cross], [cross.T, second.sum(axis=0)]])

    def back(self, base: Basis) -> Array:
        low = np.tile(base.centre @ base.T, (self.m, 1))
        return np.block([[base.T, np.zeros((len(base.T), self.m))], [low, np.eye(self.m)]])

    @property
    def errors(self) -> int:
        return 1

    def pattern(self, second: Array, change: Array) -> Array:
        side = second.sum(axis=2)
        g, d = (side * change).sum(axis=1), side.sum(axis=1)
        return np.asarray(side * np.divide(g, d, out=np.zeros_like(d), where=d > 0)[:, None])

    def unit_effects(self, second: Array, change: Array) -> tuple[Array, Array, Array]:
        """One error shifts all predictors of a row together."""
        side = second.sum(axis=2)
        g, d = (side * change).sum(axis=1), side.sum(axis=1)
        return g[:, None], d[:, None, None], np.divide(g * g, d, out=np.zeros_like(d), where=d > 0)


def _product(Q: Any, phi: Any) -> Any:
    """Q phi, where only phi may be complex: two products of real numbers."""
    return Q @ phi.real + 1j * (Q @ phi.imag) if np.iscomplexobj(phi) else Q @ phi
