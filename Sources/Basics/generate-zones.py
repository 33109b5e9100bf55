#!/usr/bin/env python3
"""Writes ZoneTable.swift: the names of the IANA time zone database by the rule (POSIX TZ) that holds from now on.

Usage: python3 Sources/Basics/generate-zones.py   (reads the zone files of the machine, /usr/share/zoneinfo)
"""
import collections, os, textwrap, zoneinfo

rules = collections.defaultdict(list)
for name in sorted(zoneinfo.available_timezones()):
    path = os.path.join("/usr/share/zoneinfo", name)
    if not os.path.isfile(path) or name in ("localtime", "posixrules", "Factory"):
        continue
    with open(path, "rb") as f:
        rules[f.read().rsplit(b"\n", 2)[1].decode()].append(name)

out = os.path.join(os.path.dirname(os.path.abspath(__file__)), "ZoneTable.swift")
with open(out, "w") as f:
    f.write("// Made by generate-zones.py; do not edit.\n\n")
    f.write("/// Each line: the rule as a POSIX TZ text, then the zones that follow it.\n")
    f.write("enum ZoneTable {\n  static let text = \"\"\"\n")
    for rule in sorted(rules):
        line = textwrap.wrap(" ".join(rules[rule]), 96 - len(rule), break_on_hyphens=False)
        for part in line:
            f.write(f"    {rule} {part}\n")
    f.write("    \"\"\"\n}\n")
