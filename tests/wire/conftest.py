import os
import subprocess
import sys

import pytest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from admin_client import make_token  # noqa: E402
from muster_server import BINARY, MusterServer  # noqa: E402
from pubsub_client import CHANNELS, connect, make_topic  # noqa: E402


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


@pytest.fixture(scope="module")
def tokens(server):
    return {role: make_token(server, role) for role in ("viewer", "operator", "admin")}


@pytest.fixture
def channel(server):
    """The name of a channel that is there for one test."""
    server.create_channel(name="temp", path="/temp", services_allowed=["echo", "ping"])
    yield "temp"
    server.delete("channels/temp")


@pytest.fixture(scope="module")
def hub():
    """One server for the tests of a file, with the channels `ps` and `other`, which allow all."""
    with MusterServer(config=CHANNELS) as running:
        yield running


@pytest.fixture
def own_hub():
    """The same for one test alone."""
    with MusterServer(config=CHANNELS) as running:
        yield running


@pytest.fixture
def topic(hub):
    """The name of a topic with the default rules."""
    return make_topic(hub)


@pytest.fixture
def alice(hub):
    """A client of the channel `ps`."""
    with connect(hub, "alice") as client:
        yield client


@pytest.fixture
def bob(hub):
    """Another one."""
    with connect(hub, "bob") as client:
        yield client


@pytest.fixture
def small_disk(tmp_path):
    """A folder that holds 12 MiB."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "none", folder],
                             capture_output=True, text=True)
    if mounted.returncode != 0:
        pytest.skip("this machine does not let us mount: " + mounted.stderr.strip())
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)
