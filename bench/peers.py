"""The servers that Muster is compared with: finds them, or fetches them into the build folder.

The Debian packages are unpacked there, not installed: nothing is started, nothing needs root."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def say(text):
    print(text, file=sys.stderr, flush=True)


def unpack_debian(package, folder):
    """Downloads a package with what it needs and this machine lacks, and unpacks it."""
    archives = folder / "debs"
    (archives / "partial").mkdir(parents=True, exist_ok=True)
    say(f"fetching the package {package}")
    subprocess.run(
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "--download-only",
         "-o", f"Dir::Cache::archives={archives}", "-o", "Debug::NoLocking=1", package],
        stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL, check=True, timeout=180)
    for archive in sorted(archives.glob("*.deb")):
        subprocess.run(["dpkg-deb", "-x", archive, folder / "root"], check=True, timeout=60)


def search_path(folder):
    places = [folder / "root/usr/sbin", folder / "root/usr/bin", "/usr/local/sbin", "/usr/sbin"]
    return os.pathsep.join([os.environ.get("PATH", ""), *map(str, places)])


def library_path(folder):
    """Where the libraries of the unpacked packages are."""
    root = folder / "root"
    return os.pathsep.join(str(place) for pattern in ("usr/lib/*-linux-gnu", "lib/*-linux-gnu")
                           for place in root.glob(pattern))


def debian(program, package, folder):
    """The path of a program of a Debian package, or None."""
    found = shutil.which(program, path=search_path(folder))
    if not found:
        try:
            unpack_debian(package, folder)
        except (OSError, subprocess.SubprocessError) as error:
            say(f"no {program}: {error}")
        found = shutil.which(program, path=search_path(folder))
    return found


def node(folder):
    """The path of node, with the packages of peers/package.json beside the scripts, or None."""
    program, npm = shutil.which("node"), shutil.which("npm")
    if not program or not npm:
        say("no node and npm: leaving out their servers")
        return None
    for source in (HERE / "peers").iterdir():
        if source.is_file():
            shutil.copy(source, folder)
    lock = folder / "package-lock.json"
    done = folder / "node_modules/.installed"
    if not done.exists() or done.read_text() != lock.read_text():
        say("fetching the packages ws and socket.io")
        try:
            subprocess.run([npm, "ci", "--omit=dev", "--no-audit", "--no-fund", "--silent"],
                           cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                           check=True, timeout=180)
        except (OSError, subprocess.SubprocessError) as error:
            say(f"npm: {error}")
            return None
        done.write_text(lock.read_text())
    return program
