"""Direct identifiers: found by the form of the answers and the names of the columns, and left out unless asked for."""

from surveyor.reading.identifiers.drop import without_identifiers
from surveyor.reading.identifiers.find import find_identifiers
from surveyor.reading.identifiers.kinds import Identifier

__all__ = ["Identifier", "find_identifiers", "without_identifiers"]
