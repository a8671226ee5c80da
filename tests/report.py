"""Runs the tests of a build folder and sums them up.

usage: report.py BUILD_FOLDER

Every test that CTest knows is run by itself; Catch2's executables are counted by their test cases, the
Python tests under tests/wire by theirs. The last line is `N passed, N failed`, with `, N skipped`
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
        failed = 0
        cases = ElementTree.parse(report).iter("testcase") if report.exists() else []
        for case in cases:
            skipped = case.find("skipped")
            if skipped is not None:
                total.skipped.append((f"{case.get('classname')}.{case.get('name')}",
                                      skipped.get("message", "")))
            elif case.find("failure") is not None or case.find("error") is not None:
                failed += 1
            else:
                total.passed += 1
        total.failed += failed
        if code != 0 and failed == 0:
            total.fail("tests/wire", f"pytest ended with {code}")


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    total = Sum()
    run_ctest(build, total)
    run_pytest(build, total)
    for name, reason in total.skipped:
        print(f"SKIPPED {name}: {reason}")
    print(total.last_line(), flush=True)
    return 1 if total.failed or not total.passed else 0


if __name__ == "__main__":
    sys.exit(main())
