"""How a server is started for the benchmark, and how it is ended."""

import os
import resource
import socket
import subprocess
import time


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def said(*command, env=None):
    """The first line that a program says about its version."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, env=env)
        return (done.stdout + done.stderr).strip().splitlines()[0]
    except (OSError, subprocess.SubprocessError, IndexError):
        return "?"


class Server:
    """One kind of server: its command line, and the process while it runs."""

    def __init__(self, name, preset, command, version, env=None, path="", shared=0):
        self.name, self.preset, self.version = name, preset, version
        # So many cores it shares with its load; 0: each has one of its own.
        self.path, self.shared = path, shared
        self._command, self._env = command, env
        self._process = None
        self.port = self.pid = self.folder = None

    def with_preset(self, name, preset):
        """Another process of the same server, spoken to in another way."""
        return Server(name, preset, self._command, self.version, self._env)

    @property
    def url(self):
        return f"ws://127.0.0.1:{self.port}{self.path}"

    def arguments(self, arguments, _results, _scenario):
        """What the load of a scenario is for it; None when that is not known."""
        return arguments

    def start(self, folder, cores):
        self.port = free_port()
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

        def prepare():
            os.sched_setaffinity(0, cores)
            most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))

        with open(folder / "output", "ab") as output:
            self._process = subprocess.Popen(
                [str(part) for part in self._command(self.port, folder)], cwd=folder,
                stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=self._env,
                preexec_fn=prepare)
        self.pid = self._process.pid
        self._wait_until_it_listens(folder)

    def _wait_until_it_listens(self, folder):
        end = time.monotonic() + 20
        while time.monotonic() < end and self.alive():
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)
        self.stop()
        raise RuntimeError(f"{self.name} does not start: "
                           + (folder / "output").read_text(errors="replace")[-400:])

    def alive(self):
        return self._process is not None and self._process.poll() is None

    def stop(self):
        if not self._process:
            return
        self._process.terminate()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None
