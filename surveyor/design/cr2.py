"""CR2: the bias-reduced cluster-robust variance of a weighted linear fit, with its own degrees of freedom."""

from __future__ import annotations

import numpy as np

from surveyor.arrays import Array, Codes


def cr2(X: Array, w: Array, e: Array, unit: Codes, L: Array) -> tuple[Array, Array]:
    """Deviations D (U, r) of r combinations L b of coefficients, one row a cluster, and their df (r,).

    X     (n, p) of full rank; w (n,) weights above 0; e (n,) residuals of the weighted least-squares fit
    unit  (n,) cluster of each row, numbered 0..U-1

    With M = (X'WX)^-1 and H = X M X'W, the residuals of independent rows of equal variance have covariance
    proportional to (I - H)(I - H)'; its block of cluster j is

        B_j = I - X_j M X_j'W_j - W_j X_j M X_j' + X_j M S M X_j',    S = X'W^2 X,

    and A_j = B_j^(-1/2) makes sum_j L M X_j'W_j A_j e_j e_j' A_j W_j X_j M L' unbiased under that working model
    (Bell and McCaffrey 2002; Pustejovsky and Tipton 2018, equation 3). B_j is I but for the 2p directions of
    U = [X_j, W_j X_j], so that its root needs a 2p x 2p eigenproblem and never an n_j x n_j one.

    With g_j = A_j W_j X_j M l' for one combination l, the variance is sum (g_j' (I - H)_j e)^2, a quadratic form whose
    matrix P_jk = g_j' (I - H)_j (I - H)_k' g_k gives df = (tr P)^2 / tr P^2. Strata play no part.
    """
    p, r, units = X.shape[1], len(L), int(unit.max()) + 1
    WX = X * w[:, None]
    M = np.linalg.inv(X.T @ WX)
    MSM = M @ (WX.T @ WX) @ M
    K = np.block([[MSM, -M], [-M, np.zeros((p, p))]])
    order = np.argsort(unit, kind="stable")
    ends = np.searchsorted(unit[order], np.arange(units + 1))
    to = M @ L.T
    D = np.zeros((units, r))
    square = np.zeros((units, r))
    Z = np.zeros((units, 2 * p, r))  # [X_j, W_j X_j]' g_j
    for j in range(units):
        at = order[ends[j] : ends[j + 1]]
        if not len(at):
            continue
        U = np.hstack([X[at], WX[at]])
        g = _rooted(U, K, WX[at] @ to)
        D[j] = e[at] @ g
        square[j] = (g**2).sum(axis=0)
        Z[j] = U.T @ g
    return D, np.array([_degrees(square[:, k], Z[:, :, k], K) for k in range(r)])


def _rooted(U: Array, K: Array, v: Array) -> Array:
    """(I + U K U')^(-1/2) v, zero along the directions where I + U K U' is."""
    Q, R = np.linalg.qr(U)
    size, E = np.linalg.eigh(R @ K @ R.T)
    with np.errstate(divide="ignore", invalid="ignore"):
        root = np.where(size > 1e-10 - 1, (1 + size) ** -0.5, 0.0)
    along = Q @ E
    return np.asarray(v + along @ ((root - 1)[:, None] * (along.T @ v)))


def _degrees(square: Array, Z: Array, K: Array) -> float:
    """(tr P)^2 / tr P^2 for P = diag(square) + Z K Z', without writing P out."""
    ZK = Z @ K
    off = (ZK * Z).sum(axis=1)
    inner = K @ (Z.T @ Z)
    trace = square.sum() + off.sum()
    trace2 = (square**2).sum() + 2 * (square * off).sum() + np.trace(inner @ inner)
    return float(trace**2 / trace2) if trace2 > 0 else float("nan")
