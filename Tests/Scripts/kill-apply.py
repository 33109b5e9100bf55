#!/usr/bin/env python3
"""kill-apply.py BINARY [RUNS] [SEED]: kills `apply` at random moments and checks the state after each kill.

Each run applies one of two variants of the example in manifests/ to the same state and is killed after a random
time. Then `state verify` must pass and, every tenth run, an apply must succeed. Prints the seed and the counts.
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


begin = time.time()
first = call(*apply(0))
assert first.returncode == 0, first.stderr
whole = time.time() - begin
killed = finished = 0
for i in range(runs):
    p = subprocess.Popen([binary, *apply(i + 1)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(rng.random() * whole * 1.2)
    p.send_signal(signal.SIGKILL)
    killed, finished = (killed + 1, finished) if p.wait() == -signal.SIGKILL else (killed, finished + 1)
    v = call("state", "verify", "--state", state)
    assert v.returncode == 0, f"run {i}: {v.stdout}{v.stderr}"
    if i % 10 == 9:
        a = call(*apply(i))
        assert a.returncode == 0, f"run {i}: {a.stdout}{a.stderr}"
shutil.rmtree(work)
print(f"seed {seed}: {runs} runs, {killed} killed, {finished} had finished; every state was whole")
