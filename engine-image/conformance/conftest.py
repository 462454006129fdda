from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from server import HERE, Server

Serve = Callable[[str], Server]


@pytest.fixture(scope="session")
def serve() -> Iterator[Serve]:
    """The server of a model by its folder's name; all run until the end."""
    servers: dict[str, Server] = {}

    def find(model: str) -> Server:
        if model not in servers:
            servers[model] = Server(HERE / "models" / model)
        return servers[model]

    yield find
    for server in servers.values():
        server.stop()
