#!/usr/bin/env python3
"""kill-apply.py BINARY [KILLS] [SEED]: kills `apply` at random moments and checks the state after each kill.

Each run applies one of two variants of the example in manifests/ to the same state and is killed at a moment drawn
from the time that an apply takes here; every other draw is from the last third, where the state is written. Runs that
were faster do not count. After each kill `state verify` must pass and the next apply succeed. Prints the counts.
"""
import os, random, shutil, signal, subprocess, sys, tempfile, time

root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
binary = os.path.abspath(sys.argv[1])
runs = int(sys.argv[2]) if len(sys.argv) > 2 else 200
seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
rng = random.Random(seed)
work = tempfile.mkdtemp(prefix="plimsoll-kill-")
state = os.path.join(work, "state")
variants = []
for n, image in enumerate(("web:1.5.0", "web:1.6.0")):
    d = os.path.join(work, f"m{n}")
    shutil.copytree(os.path.join(root, "manifests"), d)
    f = os.path.join(d, "shop", "web.yaml")
    text = open(f).read().replace("web:1.5.0", image)
    open(f, "w").write(text)
    variants.append(d)


def call(*words):
    return subprocess.run([binary, *words], stdin=subprocess.DEVNULL, capture_output=True, text=True)


def apply(n):
    return ["apply", variants[n % 2], "--state", state, "--yes"]


first = call(*apply(0))
assert first.returncode == 0, first.stderr


def timed(n):
    begin = time.time()
    done = call(*apply(n))
    assert done.returncode == 0, f"{done.stdout}{done.stderr}"
    return time.time() - begin


whole = sorted(timed(n) for n in (1, 2, 3))[1]
killed = finished = 0
while killed < runs:
    n = killed + 1
    p = subprocess.Popen(
        [binary, *apply(n)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    moment = rng.random() if killed % 2 else 1 - rng.random() / 3
    time.sleep(moment * whole)
    p.send_signal(signal.SIGKILL)
    if p.wait() != -signal.SIGKILL:
        finished += 1
        assert finished < 10 * runs, "apply is always done before it is killed"
    else:
        killed += 1
    v = call("state", "verify", "--state", state)
    assert v.returncode == 0, f"kill {killed}: {v.stdout}{v.stderr}"
    whole = 0.9 * whole + 0.1 * timed(n + 1)
shutil.rmtree(work)
print(f"seed {seed}: {killed} killed, {finished} had finished; every state was whole and every next apply succeeded")
