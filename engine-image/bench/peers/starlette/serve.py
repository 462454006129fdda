"""Starlette on uvicorn, with a large array as a file and as JSON: `python serve.py PORT`."""

from __future__ import annotations

import json
import os
import sys
import tempfile

import h5py
import numpy as np
import uvicorn
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

HEATMAP = np.random.default_rng(0).random((155, 240, 240), dtype=np.float32)


def ready(request: Request) -> Response:
    """Say that the server is there."""
    return JSONResponse({})


def file(request: Request) -> Response:
    """Return the array as a contiguous HDF5 file, written to memory first."""
    handle, path = tempfile.mkstemp(suffix=".h5", dir=os.environ["BENCH_MEMORY"])
    os.close(handle)
    with h5py.File(path, "w") as target:
        target.create_dataset("heatmap", data=HEATMAP)
    return FileResponse(path, background=BackgroundTask(os.unlink, path))


def lists(request: Request) -> Response:
    """Return the array as lists in JSON."""
    return Response(json.dumps({"heatmap": HEATMAP.tolist()}), media_type="application/json")


app = Starlette(
    routes=[
        Route("/ready", ready),
        Route("/file", file, methods=["POST"]),
        Route("/lists", lists, methods=["POST"]),
    ]
)
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]))
