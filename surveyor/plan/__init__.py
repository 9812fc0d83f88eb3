"""Planning: simulated studies with known truth."""

from surveyor.plan.draw import Asked, Simulated, draw
from surveyor.plan.places import Sizes
from surveyor.plan.simulated import questionnaires, simulate

__all__ = ["Asked", "Simulated", "Sizes", "draw", "questionnaires", "simulate"]
