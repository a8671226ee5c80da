import os
import sys

import pytest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from muster_server import BINARY, MusterServer  # noqa: E402


def pytest_configure(config):
    if not os.path.exists(BINARY):
        raise pytest.UsageError(f"{BINARY} is not there: build it, or set MUSTER_BINARY")


@pytest.fixture(scope="module")
def server():
    """One server for the tests of a file, with the channels `demo` and `open`."""
    with MusterServer() as running:
        yield running


@pytest.fixture
def own_server():
    """A server for one test alone."""
    with MusterServer() as running:
        yield running
