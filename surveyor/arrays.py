"""Names for the arrays that go from file to file."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

#: Numbers.
Array = NDArray[np.floating[Any]]
#: Yes or no per row.
Flags = NDArray[np.bool_]
#: Whole numbers that stand for a unit, a stratum or a cell; -1 for none.
Codes = NDArray[np.intp]
