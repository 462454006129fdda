"""Lanes: processes that work side by side, each with its own model, and that may die."""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from contextlib import suppress
from itertools import islice
from multiprocessing.connection import Connection, wait
from typing import Any, Callable, Generator, Generic, Iterable, List, TypeVar

from .errors import EngineError, LoadError

Work = TypeVar("Work")
Done = TypeVar("Done")

#: Makes, in the lane itself, what answers some pieces of work: a list with one for each.
Open = Callable[..., Callable[[List[Any]], List[Any]]]

# A forked process would share the parent's threads, locks and GPU.
SPAWN = multiprocessing.get_context("spawn")

#: How many pieces of work may be under way or done ahead of the oldest, for each lane.
AHEAD = 4


class Died(EngineError):
    """The process ended while it worked on this; what it printed last tells more."""

    code = "process_died"
    title = "The model's process ended"

    def __init__(self, exit_code: int | None) -> None:
        code = exit_code or 0
        how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        super().__init__(f"The model's process ended with {how}.")


class Lane(Generic[Work, Done]):
    """One process. `under_way` is what it works on, with the place of each in the order."""

    def __init__(self, open: Open, arguments: tuple[Any, ...]) -> None:
        self._making = (open, arguments)
        self.under_way: list[tuple[int, Work]] = []
        self.start()

    def start(self) -> None:
        """Start the process; it makes its handler, and then waits for work."""
        self.connection, theirs = SPAWN.Pipe()
        self._process = SPAWN.Process(target=serve, args=(theirs, *self._making))
        self._process.start()
        # Only the child has its end now, so its death closes the pipe.
        theirs.close()
        self.is_ready = False

    @property
    def is_idle(self) -> bool:
        """Whether it waits for work."""
        return self.is_ready and not self.under_way

    def give(self, work: list[tuple[int, Work]]) -> None:
        """Send work, if there is any; what comes back is for `take`."""
        if work:
            self.under_way = work
            # A process that has just died is heard of where its answer is awaited.
            with suppress(BrokenPipeError):
                self.connection.send([piece for _, piece in work])

    def take(self) -> list[Done] | Died | None:
        """Return the answers, how the process died, or None once it is ready to begin.

        Raises SetupError where the handler can't be made.
        """
        try:
            answer = self.connection.recv()
        except (EOFError, ConnectionResetError):
            self._process.join()
            died = Died(self._process.exitcode)
            if not self.is_ready:
                raise LoadError(f"{died} It was loading the model.") from None
            return died
        if self.is_ready:
            return answer  # type: ignore[no-any-return]
        if answer is not None:
            raise answer
        self.is_ready = True
        return None

    def stop(self) -> None:
        """End the process, also in the middle of its work."""
        self.connection.close()
        if not self.is_idle:
            self._process.kill()
        self._process.join()


def run_lanes(
    open: Open,
    arguments: tuple[Any, ...],
    work: Iterable[Work],
    count: int,
    size: int = 1,
) -> Generator[Done | Died, None, None]:
    """Yield the answer to each piece of work, in order, from `count` processes.

    `open(*arguments)` makes the handler in each process, which gets up to `size` pieces at once.
    Where a process dies it is started anew, and each piece that it had is tried once more by
    itself: what kills it then has its Died as its answer. Raises SetupError where no handler can
    be made.
    """
    waiting = enumerate(work)
    again: deque[tuple[int, Work]] = deque()
    answers: dict[int, Done | Died] = {}
    following = 0
    lanes: list[Lane[Work, Done]] = [Lane(open, arguments) for _ in range(count)]
    try:
        while True:
            for lane in lanes:
                if lane.is_idle:
                    room = min(size, count * size * AHEAD - len(answers))
                    lane.give([again.popleft()] if again else list(islice(waiting, max(0, room))))
            busy = [lane for lane in lanes if not lane.is_idle]
            if not busy:
                return
            heard = wait([lane.connection for lane in busy])
            for lane in busy:
                if lane.connection in heard:
                    settle(lane, again, answers)
            while following in answers:
                yield answers.pop(following)
                following += 1
    finally:
        for lane in lanes:
            lane.stop()


def settle(
    lane: Lane[Work, Done], again: deque[tuple[int, Work]], answers: dict[int, Done | Died]
) -> None:
    """Take what a lane sent: answers by their place in the order, or work to be tried again."""
    answer = lane.take()
    work, lane.under_way = lane.under_way, []
    if isinstance(answer, Died):
        lane.start()
        if len(work) > 1:
            again.extend(work)
        else:
            answers.update((place, answer) for place, _ in work)
    elif answer is not None:
        answers.update((place, each) for (place, _), each in zip(work, answer))


def serve(
    connection: Connection,
    open: Open,
    arguments: tuple[Any, ...],
) -> None:
    """Be the process of a lane: make the handler, and answer until the other end is closed."""
    # ^C in a terminal reaches all processes; the first of them closes the others' pipes.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        handler = open(*arguments)
    except EngineError as error:
        connection.send(error)
        return
    connection.send(None)
    while True:
        try:
            work = connection.recv()
        except EOFError:
            return
        connection.send(handler(work))
