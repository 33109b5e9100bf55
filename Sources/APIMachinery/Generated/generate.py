#!/usr/bin/env python3
"""Writes the names and kinds that are known when Plimsoll is compiled, from the lists that stand in what was written
before. Add names: generate.py NAME...; add kinds: generate.py --kinds Kind.group...
A known name's number is its place in byte order, so that known names compare by number."""
import os
import re
import sys
import textwrap

HERE = os.path.dirname(os.path.abspath(__file__))
# Accessors that do not follow from the name.
ODD = {"Port": "capitalPort", "schema": "schemaName", "IPAddress": "ipAddress", "CSINode": "csiNode"}
WORDS = {"continue", "default", "enum", "operator", "protocol", "type"}


def read(name):
    with open(os.path.join(HERE, name)) as file:
        return file.read()


def accessor(name):
    if name in ODD:
        return ODD[name]
    parts = [p for p in re.split(r"[^A-Za-z0-9]+", name) if p]
    made = parts[0][0].lower() + parts[0][1:] + "".join(p[0].upper() + p[1:] for p in parts[1:])
    return f"`{made}`" if made in WORDS else made


def write(name, lines):
    with open(os.path.join(HERE, name), "w") as out:
        out.write("\n".join(lines) + "\n")


def main(arguments):
    kinds = set(re.findall(r"// (\S+)$", read("KnownKinds.swift"), re.M))
    names = set(re.search(r'knownNames = """\n(.*?)"""', read("KnownNames.swift"), re.S).group(1).split()) - kinds
    if arguments[:1] == ["--kinds"]:
        kinds |= set(arguments[1:])
    else:
        names |= set(arguments)
    both = sorted(names | kinds, key=lambda name: name.encode())
    number = {name: i for i, name in enumerate(both)}
    write("KnownNames.swift", [
        "// Field names of the built-in kinds (Kubernetes 1.36 OpenAPI), well-known label keys, and kinds, in byte order:",
        "// a known key's number is its position, so known keys compare by number. Written by generate.py.", "",
        "extension Key {", '  static let knownNames = """',
        textwrap.fill(
            " ".join(both), 106, initial_indent="    ", subsequent_indent="    ", break_long_words=False,
            break_on_hyphens=False),
        '    """', f"  @usableFromInline static let knownCount: UInt32 = {len(both)}", "}"])
    write("FieldName.swift", [
        "// One accessor for each known name; see KnownNames.swift. Written by generate.py.", "", "extension Key {",
        *(f"  public static var {accessor(name)}: Key {{ Key(known: {number[name]}) }}"
          for name in both if name in names), "}"])
    write("KnownKinds.swift", [
        "// Kinds that are spoken of in code, as constants; see KnownNames.swift. Written by generate.py.", "",
        "extension GroupKind {",
        *(f"  // {kind}\n  public static var {accessor(kind.split('.')[0])}: GroupKind {{ GroupKind(known: {number[kind]}) }}"
          for kind in both if kind in kinds), "}"])


main(sys.argv[1:])
