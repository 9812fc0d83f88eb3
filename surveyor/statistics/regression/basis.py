"""Coordinates in which a model is well conditioned, and the columns that add nothing to those before them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from surveyor.arrays import Array, Codes
from surveyor.statistics.regression.matrix import Data, Matrix

#: A column adds nothing where less than this share of its length is new (R's lm: 1e-7, without centring).
NEW = 1e-9
#: A column is constant where it varies by less than this share of its mean.
CONSTANT = 1e-13
#: Sums of products are well conditioned where the least eigenvalue of the correlations is above this.
WELL = 1e-6


@dataclass(frozen=True, eq=False)
class Basis:
    """Q = (X - centre) T for the kept columns of X: weighted columns of length sqrt(W) at right angles, W = sum w.

    centre   (p,) means taken off before anything is multiplied, so that a large offset eats no digits
    T        (p, r), zero in the rows of columns that are left out
    """

    matrix: Matrix
    centre: Array
    T: Array
    kept: Codes

    @property
    def back(self) -> Array:
        """The coefficients of X (p, r) from those of Q, where a constant is among the columns."""
        B, there = self.T.copy(), self.matrix.intercept
        if there is not None:
            B[there] -= self.centre @ self.T
        return B

    def of(self, X: Array) -> Array:
        """Q (n, r) from X (n, p)."""
        return (X - self.centre) @ self.T

    def blocks(self, columns: Data, n: int) -> Iterator[tuple[slice, Array]]:
        """Some rows of Q after the other."""
        for at, X in self.matrix.blocks(columns, n):
            yield at, self.of(X)


def basis(matrix: Matrix, columns: Data, weights: Array, absorbed: bool) -> Basis:
    """The coordinates for these rows, made so that no column adds less than NEW to those before it.

    absorbed   whether constants are no columns of the matrix but in the model all the same (cut points)
    """
    n, p, W = len(weights), len(matrix), float(weights.sum())
    there = matrix.intercept
    centre = np.zeros(p)
    if absorbed or there is not None:
        for at, X in matrix.blocks(columns, n):
            centre += weights[at] @ X
        centre /= W
        if there is not None:
            centre[there] = 0.0
    R = _triangle(matrix, columns, weights, centre)
    size = np.sqrt((R * R).sum(axis=0))
    kept: list[int] = []
    along = np.zeros((len(R), 0))
    for k in range(p):
        rest = R[:, k]
        for _ in range(2):  # once more, for what rounding left
            rest = rest - along @ (along.T @ rest)
        length = float(np.sqrt(rest @ rest))
        if length > max(NEW * size[k], CONSTANT * abs(centre[k]) * W**0.5):
            kept.append(k)
            along = np.column_stack([along, rest / length])
    T = np.zeros((p, len(kept)))
    T[kept] = np.linalg.inv(along.T @ R[:, kept]) * W**0.5
    return Basis(matrix, centre, T, np.array(kept, dtype=np.intp))


def _triangle(matrix: Matrix, columns: Data, weights: Array, centre: Array) -> Array:
    """R (p, p) with R'R = sum w (x - centre)(x - centre)'.

    From the sums where they are well conditioned, else by orthogonal steps, a block of rows at a time (Golub and Van
    Loan 2013, 5.2), because the sums hold only half the digits of R.
    """
    n, p = len(weights), len(matrix)
    A = np.zeros((p, p))
    for at, X in matrix.blocks(columns, n):
        around = X - centre
        A += (around * weights[at, None]).T @ around
    size = np.sqrt(np.diag(A))
    if (size > CONSTANT**0.5 * np.abs(centre)).all():
        C = A / size / size[:, None]
        if np.linalg.eigvalsh(C)[0] > WELL:
            return np.asarray(np.linalg.cholesky(C).T * size)
    R = np.zeros((0, p))
    for at, X in matrix.blocks(columns, n):
        R = np.asarray(np.linalg.qr(np.vstack([R, (X - centre) * np.sqrt(weights[at, None])]), mode="r"))
    return R
