"""A load that goes on beside what is measured."""

import json
import os
import subprocess

from peers import say


class Beside:
    """A generator while it runs; what it has found out once it has ended, in `result`."""

    def __init__(self, command, cores):
        self._command = [str(part) for part in command]
        self._cores = cores
        self._process = None
        self.pid, self.result = None, {}

    def __enter__(self):
        self._process = subprocess.Popen(
            self._command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            preexec_fn=lambda: os.sched_setaffinity(0, self._cores))
        self.pid = self._process.pid
        return self

    def __exit__(self, *_):
        ended = self._process.poll() is not None
        self._process.terminate()
        try:
            said, complaints = self._process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            said, complaints = self._process.communicate()
        if ended or self._process.returncode != 0:
            say(f"a load beside has failed: {complaints.strip()}")
        else:
            self.result = json.loads(said)
