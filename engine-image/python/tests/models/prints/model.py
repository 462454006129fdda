"""Prints in all the ways there are."""

import ctypes
import os
import subprocess
import sys

print("printed on import")


def load(context):
    print("printed in load")


def infer(model, numbers):
    print("printed by Python")
    os.write(1, b"written to the descriptor\n")
    ctypes.CDLL(None).printf(b"printed by C\n")
    subprocess.run([sys.executable, "-c", "print('printed by a child')"], check=True)
    print("said on stderr, half a line", end="", file=sys.stderr)
    return numbers
