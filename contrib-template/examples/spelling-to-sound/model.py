"""Spelling to sound: how an English word is spoken, in the phonemes of ARPAbet."""

import re
import unicodedata
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from modelhub import Context

Floats = npt.NDArray[np.float32]

#: The signs that the encoder knows; a word ends with the last of the first three.
LETTERS = ["<pad>", "<unk>", "</s>", *"abcdefghijklmnopqrstuvwxyz"]

#: What the decoder begins with, and what it ends with.
START, END = "<s>", "</s>"

#: A word is at most this long when spoken, as in the authors' code.
LONGEST = 20


class Cell(NamedTuple):
    """A gated recurrent unit: weights of what comes in and of the state, for reset, update, new."""

    weights: Floats
    state_weights: Floats
    bias: Floats
    state_bias: Floats

    def step(self, given: Floats, state: Floats) -> Floats:
        """Return the state after one more sign."""
        reset_in, update_in, new_in = np.split(self.weights @ given + self.bias, 3)
        reset, update, new = np.split(self.state_weights @ state + self.state_bias, 3)
        gate = sigmoid(update_in + update)
        fresh = np.tanh(new_in + sigmoid(reset_in + reset) * new)
        return (1 - gate) * fresh + gate * state


class Speller(NamedTuple):
    """The network: embeddings and a cell for either side, and what turns a state into scores.

    `names` are the phonemes, in the order of the embeddings and of the scores.
    """

    letters: Floats
    encoder: Cell
    names: list[str]
    phonemes: Floats
    decoder: Cell
    weights: Floats
    bias: Floats


def load(context: Context) -> Speller:
    """Read the weights, and the names of the phonemes."""
    names = context.text("phonemes.txt").split()
    with np.load(context.weights(), allow_pickle=False) as file:
        encoder, decoder = (
            Cell(*(file[f"{side}_{part}"] for part in ("w_ih", "w_hh", "b_ih", "b_hh")))
            for side in ("enc", "dec")
        )
        letters, phonemes = file["enc_emb"], file["dec_emb"]
        return Speller(letters, encoder, names, phonemes, decoder, file["fc_w"], file["fc_b"])


def infer(model: Speller, words: str) -> str:
    """Map words to their phonemes, a line for each word."""
    plain = "".join(
        sign for sign in unicodedata.normalize("NFD", words) if not unicodedata.combining(sign)
    )
    found = re.findall("[a-z]+", plain.lower().replace("'", ""))
    return "\n".join(" ".join(spoken(model, word)) for word in found)


def spoken(model: Speller, word: str) -> list[str]:
    """Return the phonemes of a word in lower-case letters."""
    state = np.zeros(model.encoder.state_weights.shape[1], np.float32)
    for letter in [*word, "</s>"]:
        state = model.encoder.step(model.letters[LETTERS.index(letter)], state)
    found = [START]
    while len(found) <= LONGEST:
        last = model.names.index(found[-1])
        state = model.decoder.step(model.phonemes[last], state)
        next_one = model.names[np.argmax(model.weights @ state + model.bias)]
        if next_one == END:
            break
        found.append(next_one)
    return found[1:]


def sigmoid(values: Floats) -> Floats:
    """Return 1 / (1 + exp(-values))."""
    return 1 / (1 + np.exp(-values))
