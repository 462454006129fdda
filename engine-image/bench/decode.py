"""Print the milliseconds of a bare decode of a JPEG, the best of many: `python decode.py FILE`."""

from __future__ import annotations

import io
import sys
import time
from pathlib import Path
from statistics import median

import numpy as np
from PIL import Image

content = Path(sys.argv[1]).read_bytes()
rounds = []
for _ in range(15):
    seconds = []
    for _ in range(40):
        start = time.perf_counter()
        np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))
        seconds.append(time.perf_counter() - start)
    rounds.append(median(seconds))
print(min(rounds) * 1000)
