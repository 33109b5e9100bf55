"""Writes the schema text of the built-in kinds from Kubernetes' OpenAPI documents.

    python3 Sources/API/Schemas/generate.py ../shared/kubernetes-1.36

Reads openapi-definitions.json (v2: list and patch facts), openapi-v3-schemas.json (v3: what is always
present) and api-resources.txt (plural and short names) of that folder, adds overlay.py, and writes
<Section>.swift and Kinds.swift beside itself. The notation is described in Sources/APIMachinery/SchemaText.swift.
"""

import json
import os
import re
import sys
import textwrap

import overlay

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = sys.argv[1]
V2 = json.load(open(os.path.join(SOURCE, "openapi-definitions.json")))["definitions"]
V3 = json.load(open(os.path.join(SOURCE, "openapi-v3-schemas.json")))
ROOTS_SKIPPED = {"Status", "DeleteOptions", "WatchEvent", "APIGroup", "APIVersions", "APIResourceList", "APIGroupList"}
SPECIAL = {
    "io.k8s.apimachinery.pkg.api.resource.Quantity": "quantity",
    "io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1": "any",
    "io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime": "microtime",
    "io.k8s.apimachinery.pkg.apis.meta.v1.Time": "time",
    "io.k8s.apimachinery.pkg.runtime.RawExtension": "any",
    "io.k8s.apimachinery.pkg.util.intstr.IntOrString": "intstr",
    "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON": "any",
    "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrArray": "schemaOrArray",
    "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrBool": "schemaOrBool",
    "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrStringArray": "schemaOrStrings",
    "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresourceStatus": "any",
}


def section(name):
    """The section of a definition: its API group's first word, with the version where it is not v1."""
    parts = name.split(".")
    if parts[-1] in ("Info",) and "version" in parts:
        return "meta"
    group, version = parts[-3], parts[-2]
    return group + (version[1:] if version != "v1" else "")


def reference(schema):
    ref = schema.get("$ref") or (schema.get("allOf") or [{}])[0].get("$ref")
    return ref.rsplit("/", 1)[1] if ref else None


def base(schema, here):
    ref = reference(schema)
    if ref:
        if ref in SPECIAL:
            return SPECIAL[ref]
        there = section(ref)
        short = ref.split(".")[-1]
        return short if there == here else there + "." + short
    kind = schema.get("type")
    if kind == "array":
        item = base(schema["items"], here)
        how = schema.get("x-kubernetes-list-type", "")
        if how == "set":
            return "[" + item + " set]"
        if how == "map":
            return "[" + item + " by " + ",".join(schema["x-kubernetes-list-map-keys"]) + "]"
        return "[" + item + (" atomic" if how == "atomic" else "") + "]"
    if kind == "object":
        if "additionalProperties" in schema:
            return "{" + base(schema["additionalProperties"], here) + "}"
        return "any"
    if kind == "integer":
        return schema.get("format", "int64")
    if kind == "number":
        return "double"
    if kind == "boolean":
        return "bool"
    if kind == "string":
        if schema.get("format") == "byte":
            return "bytes"
        if schema.get("enum"):
            return "enum(" + "|".join(schema["enum"]) + ")"
        return "string"
    return "any"


def listed(where, type_name, field):
    return f"{type_name}.{field}" in where


def presence(here, name, field, text, required, v2, v3):
    """`?` a pointer (zero is kept), `?+` one that prints null, `+` always printed, nothing: left out when zero."""
    if listed(overlay.ALWAYS, name, field):
        return "+"
    if listed(overlay.OMIT_ZERO, name, field):
        return ""
    if text[0] in "[{":
        return "+" if field in required else ""
    if listed(overlay.NULLS, name, field):
        return "?+"
    default = v3.get("default")
    if reference(v2) and reference(v2) not in SPECIAL:
        return "+" if default == {} else "?"
    if text in ("any", "bytes") or text.startswith("schemaOr"):
        return "+" if field in required else "?" if text != "bytes" else ""
    if text in ("time", "microtime") and (field in overlay.TIME_VALUES or listed(overlay.TIME_VALUES, name, field)):
        return "+"
    if text in ("time", "microtime", "quantity", "intstr"):
        return "+" if field in required or default is not None else "?"
    if listed(overlay.VALUES, name, field) or f"{here}.{name}.{field}" in overlay.VALUES:
        return ""
    if field in overlay.VALUE_NAMES and f"{here}.{name}.{field}" not in overlay.NOT_VALUES:
        return ""
    if default in ("", 0, False) and f"{here}.{name}.{field}" not in overlay.NOT_VALUES:
        return "?" if listed(overlay.POINTER_STRINGS, name, field) else "+"
    if text == "string" or text.startswith("enum("):
        return "?" if listed(overlay.POINTER_STRINGS, name, field) else "+" if field in required else ""
    return "?"


def field_line(here, name, field, v2, v3, required):
    text = base(v2, here)
    mark = presence(here, name, field, text, required, v2, v3)
    out = field + ("!" if field in required else "") + ": " + text + mark
    group = overlay.DEFAULTS.get(here, {})
    key = f"{name}.{field}"
    default = group.get(key) if key in group else v3.get("default")
    if default not in (None, "", 0, {}) and default is not False or key in group:
        out += " = " + (default if isinstance(default, str) else json.dumps(default))
    strategy = v2.get("x-kubernetes-patch-strategy", "")
    for word in strategy.split(","):
        merge_key = v2.get("x-kubernetes-patch-merge-key")
        if word == "merge":
            out += " merge" + (":" + merge_key if merge_key else "")
        elif word:
            out += " " + word
    if v2.get("x-kubernetes-map-type") == "atomic":
        out += " atomic"
    inline = overlay.INLINE.get(name)
    if inline and inline[1](field):
        out += " in:" + inline[0]
    return out


def roots():
    for full, schema in V2.items():
        for gvk in schema.get("x-kubernetes-group-version-kind", []):
            kind = gvk["kind"]
            if kind.endswith("List") or kind in ROOTS_SKIPPED:
                continue
            yield full, gvk


def collect():
    seen, todo = set(), [full for full, _ in roots()]
    while todo:
        full = todo.pop()
        if full in seen or full in SPECIAL:
            continue
        seen.add(full)
        stack = [V2[full]]
        while stack:
            node = stack.pop()
            if isinstance(node, dict):
                if isinstance(node.get("$ref"), str):
                    todo.append(node["$ref"].rsplit("/", 1)[1])
                stack.extend(node.values())
            elif isinstance(node, list):
                stack.extend(node)
    return sorted(seen)


def part(here, name):
    """Core is too long for one file."""
    if here != "core":
        return ""
    if re.search(r"Volume|PersistentVolume|Projection|KeyToPath|EmptyDir", name):
        return "Volumes"
    if re.match(r"Pod|Container|Probe|Env|Lifecycle|Exec|HTTP|GRPC|TCP|Sec|SELinux|Seccomp|AppArmor|Ephemeral", name):
        return "Pods"
    return ""


def write_types():
    files = {}
    for full in collect():
        here, name = section(full), full.split(".")[-1]
        schema, v3 = V2[full], V3[full]
        required = schema.get("required", [])
        atomic = " atomic" if schema.get("x-kubernetes-map-type") == "atomic" else ""
        props = schema.get("properties", {})
        fields = [field_line(here, name, f, props[f], v3["properties"][f], required) for f in sorted(props)]
        # A break inside a field would be hard to read, so its blanks stand firm while wrapping.
        body = textwrap.wrap("; ".join(breakable(f) for f in fields), 102, break_long_words=False,
                             break_on_hyphens=False)
        lines = [name + atomic + ":"] + ["  " + line.replace("\0", " ") for line in body]
        files.setdefault((here, part(here, name)), []).extend(lines)
    names = []
    for (here, piece), lines in sorted(files.items()):
        title = here[0].upper() + here[1:] + piece
        names.append((here, title))
        with open(os.path.join(HERE, title + ".swift"), "w") as out:
            out.write("// Written by generate.py from Kubernetes 1.36's OpenAPI and overlay.py; do not edit.\n\n")
            out.write("extension BuiltinSchemas {\n  static let " + title[0].lower() + title[1:] + ' = """\n')
            out.write("".join("    " + l.rstrip() + "\n" for l in lines))
            out.write('    """\n}\n')
    return names


def breakable(field):
    """Blanks of a field stand firm while wrapping; a long enum may break after a bar."""
    if len(field) > 100:
        return field.replace("|", "| ")
    return field.replace(" ", "\0")


STATUSLESS = """
ConfigMap Endpoints Event LimitRange PodTemplate Secret ServiceAccount ControllerRevision Lease EndpointSlice
IngressClass IPAddress NetworkPolicy RuntimeClass ClusterRoleBinding ClusterRole RoleBinding Role DeviceClass
ResourceClaimTemplate ResourceSlice PriorityClass CSIDriver CSINode CSIStorageCapacity StorageClass
VolumeAttributesClass MutatingAdmissionPolicy MutatingAdmissionPolicyBinding MutatingWebhookConfiguration
ValidatingAdmissionPolicyBinding ValidatingWebhookConfiguration Binding ComponentStatus SelfSubjectReview
TokenReview LocalSubjectAccessReview SelfSubjectAccessReview SelfSubjectRulesReview SubjectAccessReview
""".split()
SCALED = "Deployment ReplicaSet StatefulSet ReplicationController".split()
ALL = """
Pod ReplicationController Service DaemonSet Deployment ReplicaSet StatefulSet HorizontalPodAutoscaler CronJob Job
""".split()
# Types without a collection of their own.
EXTRA_VERSIONS = {"HorizontalPodAutoscaler": ["v1"]}
CLASSES = {"Endpoints": "endpoints"}


def write_kinds():
    served = {}
    for _, gvk in roots():
        served.setdefault((gvk["group"], gvk["kind"]), []).append(gvk["version"])
    lines = []
    for line in open(os.path.join(SOURCE, "api-resources.txt")).read().splitlines()[1:]:
        words = line.split()
        if len(words) < 4:
            continue
        plural, short = words[0], (words[1] if len(words) == 5 else "-")
        api_version, namespaced, kind = words[-3:]
        group, _, version = api_version.rpartition("/")
        versions = [version] + [v for v in served.get((group, kind), []) if v != version]
        flags = ["namespaced"] if namespaced == "true" else []
        if kind not in STATUSLESS:
            flags.append("status")
        if kind in SCALED:
            flags.append("scale")
        if kind in ALL:
            flags.append("all")
        where = "/".join([group, ",".join(versions)]) if group else ",".join(versions)
        lines.append(" ".join([kind, where, plural, short] + flags))
    with open(os.path.join(HERE, "Kinds.swift"), "w") as out:
        out.write("// Written by generate.py from api-resources.txt; do not edit.\n\n")
        out.write("extension BuiltinSchemas {\n")
        out.write("  /// Kind, group/versions (stored one first), plural, short names, then flags.\n")
        out.write('  static let kinds = """\n')
        out.write("".join("    " + l.rstrip() + "\n" for l in lines))
        out.write('    """\n}\n')


def write_index(names):
    groups = {}
    for _, gvk in roots():
        groups[gvk["group"] + "/" + gvk["version"]] = None
    for full, gvk in roots():
        groups[gvk["group"] + "/" + gvk["version"]] = section(full)
    with open(os.path.join(HERE, "Index.swift"), "w") as out:
        out.write("// Written by generate.py; do not edit.\n\n")
        out.write("/// The schema text of the built-in kinds, one section for each API group and version.\n")
        out.write("enum BuiltinSchemas {\n  static let sections: [(name: String, text: String)] = [\n")
        for here, title in names:
            out.write(f'    ("{here}", {title[0].lower() + title[1:]}),\n')
        out.write("  ]\n\n  /// Which section describes a group and version.\n")
        out.write("  static let sectionOfVersion: [String: String] = [\n")
        for version, name in sorted(groups.items()):
            out.write(f'    "{version.lstrip("/")}": "{name}",\n')
        out.write("  ]\n}\n")


write_index(write_types())
write_kinds()
