#!/usr/bin/env python3
"""Imports what a real cluster held after each step of the recorded cases, and plans over it without manifests: where
the cluster had come to rest the controllers find nothing to do, and nothing is said to change.

    Tests/Scripts/check-imports.py --bin .build/release/plimsoll [--jobs 2] [PATTERN ...]

Prints each step over which something changes and, last, `N quiet of N`. Exits 1 only where a command fails."""

import argparse
import concurrent.futures
import datetime
import fnmatch
import json
import pathlib
import subprocess
import sys
import tempfile

CASES = pathlib.Path(__file__).resolve().parents[3] / "shared" / "conformance" / "cases"
# How long the plan lets time pass: enough for every controller to look, too little for what is due later anyway.
HORIZON = "2s"


def plimsoll(options, *words):
    done = subprocess.run([options.bin, *words], capture_output=True, text=True, timeout=120)
    return done.returncode, done.stdout, done.stderr


def after(step):
    """The first whole second after the step was recorded."""
    begin = datetime.datetime.strptime(step["now"], "%Y-%m-%dT%H:%M:%SZ")
    return (begin + datetime.timedelta(seconds=int(step["seconds"]) + 1)).strftime("%Y-%m-%dT%H:%M:%SZ")


def check(options, case, step):
    """What the plan says of it; an empty text if it says that nothing changes."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        (folder / "none").mkdir()
        items = json.loads((case / step["expected"]).read_text())
        dump = folder / "dump.json"
        dump.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": items}))
        at = ["--state", str(folder / "state"), "--now", after(step)]
        code, _, err = plimsoll(options, "import", str(dump), *at)
        if code != 0:
            raise RuntimeError(f"{case.name} {step['name']}: import: {err}")
        assume = ["--assume", str(case / step["assume"])] if step["assume"] else []
        code, out, err = plimsoll(
            options, "plan", str(folder / "none"), "--allow-empty", "--horizon", HORIZON, *at, *assume)
        if code != 0:
            raise RuntimeError(f"{case.name} {step['name']}: plan: {err}")
        return "" if "No changes." in out else out


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--verbose", action="store_true", help="print the plans too")
    parser.add_argument("patterns", nargs="*")
    options = parser.parse_args()
    work = []
    for file in sorted(CASES.glob("*/case.json")):
        if options.patterns and not any(fnmatch.fnmatch(file.parent.name, p) for p in options.patterns):
            continue
        work += [(file.parent, step) for step in json.loads(file.read_text())["steps"]]
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        results = list(pool.map(lambda each: check(options, *each), work))
    quiet = 0
    for (case, step), text in zip(work, results):
        if not text:
            quiet += 1
            continue
        lines = [line for line in text.splitlines() if line.startswith("Consequences:")]
        print(f"{case.name} {step['name']}: {lines[0] if lines else 'changes'}")
        if options.verbose:
            print(text)
    print(f"{quiet} quiet of {len(work)}")


if __name__ == "__main__":
    sys.exit(main())
