"""Small matrices are worked on by one thread."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from threadpoolctl import threadpool_limits

P = ParamSpec("P")
R = TypeVar("R")


def alone(verb: Callable[P, R]) -> Callable[P, R]:
    """The verb, with its linear algebra on one thread.

    Matrices of a hundred rows are done before a second thread has begun, and on a machine that has other work to do
    threads that wait for one another take ten times as long as one that works.

    >>> alone(max)(1, 2)
    2
    """

    @wraps(verb)
    def made(*args: P.args, **kwargs: P.kwargs) -> R:
        with threadpool_limits(limits=1, user_api="blas"):
            return verb(*args, **kwargs)

    return made
