"""FastAPI on uvicorn with typed requests and replies: `python serve.py PORT`."""

from __future__ import annotations

import sys

import numpy as np
import uvicorn
from fastapi import FastAPI, UploadFile
from PIL import Image
from pydantic import BaseModel

app = FastAPI()


class Numbers(BaseModel):
    """Four numbers, in and out."""

    x: list[float]


class Label(BaseModel):
    """A label with its probability."""

    label: str
    probability: float


@app.get("/ready")
async def ready() -> dict:
    """Say that the server is there."""
    return {}


# Not async, as FastAPI asks of code that blocks.
@app.post("/picture")
def picture(file: UploadFile) -> list[Label]:
    """Return the corner pixel as a probability."""
    pixels = np.asarray(Image.open(file.file).convert("RGB"))
    return [Label(label="corner", probability=float(pixels[0, 0, 0]) / 255)]


@app.post("/numbers")
async def numbers(body: Numbers) -> Numbers:
    """Return the numbers."""
    return Numbers(x=np.array(body.x, dtype=np.float32).tolist())


uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]))
