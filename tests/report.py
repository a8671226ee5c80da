"""Runs the tests of a build folder and sums them up.

usage: report.py [--dashboard] BUILD_FOLDER

Every test that CTest knows is run by itself; Catch2's executables are counted by their test cases, the
Python tests under tests/wire by theirs; with --dashboard also the dashboard's, those of its parts and those
in a browser. The last line is `N passed, N failed`, with `, N skipped`
when there were any; these are listed with their reasons.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

ROOT = pathlib.Path(__file__).resolve().parent.parent
PATIENCE = float(os.environ.get("MUSTER_TEST_TIMEOUT", "900"))


class Sum:
    def __init__(self):
        self.passed = 0
        self.failed = 0
        self.skipped = []

    def fail(self, name, why):
        self.failed += 1
        print(f"FAILED {name}\n{why.rstrip()}\n", flush=True)

    def last_line(self):
        skipped = f", {len(self.skipped)} skipped" if self.skipped else ""
        return f"{self.passed} passed, {self.failed} failed{skipped}"


def run(command, **more):
    """Exit code and what was said on standard error; a negative code is a signal."""
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE,
                              text=True, errors="replace", timeout=PATIENCE, **more)
        return done.returncode, done.stderr
    except subprocess.TimeoutExpired as late:
        said = late.stderr or b""
        return -9, said.decode(errors="replace") + f"\nstopped after {PATIENCE:.0f} s"


def complaints(case):
    """What failed within a test case, as Catch2's XML tells it."""
    lines = []
    for element in case.iter():
        if element.tag == "Expression" and element.get("success") == "false":
            original = (element.findtext("Original") or "").strip()
            expanded = (element.findtext("Expanded") or "").strip()
            lines.append(f"{element.get('filename')}:{element.get('line')}: {original}\n    {expanded}")
        if element.tag in ("Exception", "FatalErrorCondition", "Failure"):
            where = f"{element.get('filename')}:{element.get('line')}"
            lines.append(f"{where}: {element.tag}: {(element.text or '').strip()}")
    return "\n".join(lines)


def count_catch(name, command, report, more, total):
    code, said = run([*command, "-r", "xml", "-o", str(report)], **more)
    parser = ElementTree.XMLPullParser(["start", "end"])
    parser.feed(report.read_text(errors="replace") if report.exists() else "")
    current, failed, seen = None, 0, 0
    try:
        for event, element in parser.read_events():
            if element.tag != "TestCase":
                continue
            if event == "start":
                current = element.get("name")
                continue
            result = element.find("OverallResult")
            seen += 1
            if result is not None and result.get("success") == "true":
                total.passed += 1
            else:
                failed += 1
                total.fail(f"{name}: {current}", complaints(element))
            current = None
    except ElementTree.ParseError as broken:
        said += f"\nits report is broken: {broken}"
    if current or (code != 0 and failed == 0) or seen == 0:
        total.fail(f"{name}: {current or 'the executable'}", f"ended with {code}\n{said[-8000:]}")
    elif failed and said:
        print(said[-8000:], flush=True)
    return seen


def run_ctest(build, total):
    shown = subprocess.run(["ctest", "--test-dir", build, "--show-only=json-v1"], check=True,
                           stdout=subprocess.PIPE, text=True)
    for test in json.loads(shown.stdout)["tests"]:
        command = test.get("command")
        if not command or not pathlib.Path(command[0]).exists():
            total.fail(test["name"], "its executable was not built")
            continue
        properties = {p["name"]: p["value"] for p in test.get("properties", [])}
        environment = dict(os.environ)
        environment.update(pair.split("=", 1) for pair in properties.get("ENVIRONMENT", []))
        more = {"cwd": properties.get("WORKING_DIRECTORY", build), "env": environment}
        before = total.passed, total.failed
        if command[0].endswith("_tests"):
            with tempfile.TemporaryDirectory() as folder:
                report = pathlib.Path(folder) / "report.xml"
                count_catch(test["name"], command, report, more, total)
        else:
            code, said = run(command, **more)
            if code == 0:
                total.passed += 1
            else:
                total.fail(test["name"], f"ended with {code}\n{said[-8000:]}")
        print(f"{test['name']}: {total.passed - before[0]} passed, "
              f"{total.failed - before[1]} failed", flush=True)


def run_pytest(build, total):
    wire = ROOT / "tests" / "wire"
    if not list(wire.glob("test_*.py")) + list(wire.glob("*_test.py")):
        return
    with tempfile.TemporaryDirectory() as folder:
        report = pathlib.Path(folder) / "report.xml"
        environment = dict(os.environ, MUSTER_BUILD=str(build), PYTHONDONTWRITEBYTECODE="1",
                           MUSTER_BINARY=str(build / "bin" / "muster"))
        code = subprocess.run([sys.executable, "-m", "pytest", "-q", "--tb=short",
                               "-p", "no:cacheprovider",
                               f"--junitxml={report}", str(wire)], stdin=subprocess.DEVNULL,
                              cwd=ROOT, env=environment, check=False).returncode
        count_junit("tests/wire", code, report, total)


def count_junit(name, code, report, total, say=False):
    """Adds up a report; `say`: what failed has not been told yet."""
    failed = 0
    cases = ElementTree.parse(report).iter("testcase") if report.exists() else []
    for case in cases:
        what = f"{case.get('classname')}: {case.get('name')}" if say \
            else f"{case.get('classname')}.{case.get('name')}"
        skipped = case.find("skipped")
        fault = case.find("failure") if case.find("failure") is not None else case.find("error")
        if skipped is not None:
            total.skipped.append((what, skipped.get("message", "")))
        elif fault is None:
            total.passed += 1
        elif say:
            total.fail(what, f"{fault.get('message') or ''}\n{fault.text or ''}")
            failed += 1
        else:
            total.failed += 1
            failed += 1
    if code != 0 and failed == 0:
        total.fail(name, f"ended with {code}")


def run_vitest(name, build, total, *arguments):
    environment = dict(os.environ, MUSTER_BINARY=str(build / "bin" / "muster"))
    before = total.passed, total.failed
    with tempfile.TemporaryDirectory() as folder:
        report = pathlib.Path(folder) / "report.xml"
        code, said = run(["npx", "--no-install", "vitest", "run", "--reporter=junit",
                          f"--outputFile={report}", *arguments],
                         stdout=subprocess.DEVNULL, cwd=ROOT / "dashboard", env=environment)
        count_junit(name, code, report, total, say=True)
        if total.failed > before[1]:
            print(said[-4000:], flush=True)
    print(f"{name}: {total.passed - before[0]} passed, {total.failed - before[1]} failed", flush=True)


def run_dashboard(build, total):
    run_vitest("dashboard/tests", build, total)
    browser = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    if not os.path.exists(browser):
        total.skipped.append(("dashboard/e2e", f"there is no {browser}"))
        return
    run_vitest("dashboard/e2e", build, total, "--config", "vitest.e2e.config.ts")


def main():
    build = pathlib.Path(sys.argv[-1]).resolve()
    total = Sum()
    run_ctest(build, total)
    run_pytest(build, total)
    if "--dashboard" in sys.argv[1:-1]:
        run_dashboard(build, total)
    elif build.name == "dev":
        total.skipped.append(("the dashboard", "no Node.js 20.19 or newer, or its packages are not here"))
    for name, reason in total.skipped:
        print(f"SKIPPED {name}: {reason}")
    print(total.last_line(), flush=True)
    return 1 if total.failed or not total.passed else 0


if __name__ == "__main__":
    sys.exit(main())
