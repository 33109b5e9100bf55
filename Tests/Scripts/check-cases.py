#!/usr/bin/env python3
"""Runs recorded cases of clusters and checks what must hold whatever was recorded.

Usage: Tests/Scripts/check-cases.py [--bin PATH] [--cases DIR] [--jobs N] [NAME...]

After each step of a case: `plimsoll state verify --invariants` finds nothing, a second pass at the same instant, without any
manifest, writes nothing, and the whole case run a second time gives the same bytes. Prints one line a case that
fails and the totals; exit status 1 when one failed.
"""
import argparse, concurrent.futures, fnmatch, json, math, os, shlex, shutil, subprocess, sys, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))


class Ignored(list):
    """problems of a second run, which are those of the first"""


def run(binary, words, cwd):
    # A second pass must find nothing to do though it looks at everything.
    env = dict(os.environ, PLIMSOLL_FULL_SYNC="1")
    r = subprocess.run([binary] + words, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, env=env)
    return r.returncode, r.stdout, r.stderr


def tree(state):
    """path -> bytes of every file of a state, its history (which tells the command's time) aside"""
    out = {}
    for base, _, files in os.walk(state):
        for name in files:
            if not name.startswith("."):
                path = os.path.join(base, name)
                with open(path, "rb") as f:
                    out[os.path.relpath(path, state)] = f.read()
    return out


def play(binary, directory, case, state, problems):
    for step in case["steps"]:
        assume = ["--assume", step["assume"]] if step.get("assume") else []
        for entry in step["timeline"]:
            clock = ["--state", state, "--now", entry["now"], "--horizon", f"{math.ceil(entry['seconds'])}s"] + assume
            if entry["do"] == "apply":
                words = ["apply", "--manifests", step["manifests"], "--yes", "--keep-going"]
            else:
                words = shlex.split(entry["do"])
            code, _, err = run(binary, words + clock, directory)
            if code not in (0, 1):
                problems.append(f"{step['name']}: exit {code}: {err.decode()[:200]}")
        if not isinstance(problems, Ignored):
            check(binary, directory, step, assume, state, problems)


def check(binary, directory, step, assume, state, problems):
    code, out, err = run(binary, ["state", "verify", "--invariants", "--state", state], directory)
    if code != 0:
        problems.append(f"{step['name']}: state verify: {(out + err).decode()[:300]}")
    before = tree(state)
    now = json.loads(before["cluster.json"])["now"]
    copy, nothing = state + ".again", state + ".nothing"
    shutil.copytree(state, copy)
    os.makedirs(nothing, exist_ok=True)
    words = ["apply", "--manifests", nothing, "--allow-empty", "--no-prune", "--yes", "--state", copy, "--now", now]
    code, _, err = run(binary, words + ["--horizon", "0s"] + assume, directory)
    if code != 0:
        problems.append(f"{step['name']}: a second pass: exit {code}: {err.decode()[:200]}")
    after = tree(copy)
    changed = sorted(p for p in set(before) | set(after) if p.startswith("objects") and before.get(p) != after.get(p))
    shutil.rmtree(copy)
    if changed:
        problems.append(f"{step['name']}: a second pass writes {', '.join(changed[:3])}")


def one(binary, directory):
    problems = []
    with open(os.path.join(directory, "case.json")) as f:
        case = json.load(f)
    temporary = tempfile.mkdtemp(prefix="plimsoll-check-")
    try:
        first, second = os.path.join(temporary, "a"), os.path.join(temporary, "b")
        play(binary, directory, case, first, problems)
        play(binary, directory, case, second, Ignored())
        a, b = tree(first), tree(second)
        differing = sorted(p for p in set(a) | set(b) if a.get(p) != b.get(p))
        if differing:
            problems.append(f"two runs differ in {', '.join(differing[:3])}")
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return problems


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--bin", default=os.path.join(ROOT, ".build/release/plimsoll"))
    parser.add_argument("--cases", default=os.path.join(ROOT, "../shared/conformance/cases"))
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("names", nargs="*")
    o = parser.parse_args()
    if not os.path.isdir(o.cases):
        print("NOT CHECKED: no recorded cases beside the checkout")
        return 0
    names = sorted(d for d in os.listdir(o.cases) if os.path.exists(os.path.join(o.cases, d, "case.json")))
    if o.names:
        names = [d for d in names if any(fnmatch.fnmatch(d, n) for n in o.names)]
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(o.jobs) as pool:
        work = pool.map(lambda n: one(os.path.abspath(o.bin), os.path.abspath(os.path.join(o.cases, n))), names)
        for name, problems in zip(names, work):
            failed += bool(problems)
            for problem in problems:
                print(f"{name}: {problem}", flush=True)
    print(f"{len(names) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
