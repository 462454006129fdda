"""What `run.py` and notebooks of the first ModelHub.AI import, on top of the engine."""

from __future__ import annotations

from .pythonapi import ModelHubAPI
from .webservice import ModelHubRESTAPI

__all__ = ["ModelHubAPI", "ModelHubRESTAPI"]
