"""Named operations: what a config says instead of code, before and after the model.

`registry/schema/operations.ts` describes them; the golden vectors of
`engine-image/operations/golden` say what each computes, to the number.
"""

from .model_operations import Operations
from .placement import Placement, Placements
from .step import Misfit

__all__ = ["Misfit", "Operations", "Placement", "Placements"]
