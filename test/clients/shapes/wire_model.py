"""Holds an answer as it came over the wire to botocore's model of the operation: members that the model does not have,
required ones that are missing, values of another type, of no enumeration, too short or too long. botocore's own parsers
drop or pass over all of that."""

import base64
import binascii
import json
import re
from xml.etree import ElementTree

# Headers of every S3 answer; the model has none of them.
S3_COMMON = {"x-amz-request-id", "x-amz-id-2", "x-amz-bucket-region"}
ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


def misfits(model, answer):
    """What does not fit in a successful answer to the operation `model`; `answer` is botocore's dict of it."""
    protocol = model.service_model.metadata["protocol"]
    if protocol == "query":
        return _query(model, answer)
    if protocol == "rest-xml":
        return _rest_xml(model, answer)
    path, shape = model.name, model.output_shape
    text = answer["body"].decode() if isinstance(answer["body"], bytes) else ""
    value = json.loads(text) if text else {}
    if shape is None:
        return [] if value == {} else [f"{path} has no output, and answered {text[:80]}"]
    return _json(shape, value, path)


def _json(shape, value, path):
    kind = shape.type_name
    if kind == "structure":
        if not isinstance(value, dict):
            return [f"{path} is no structure"]
        names = {member.serialization.get("name", name): member for name, member in shape.members.items()}
        required = [
            shape.members[name].serialization.get("name", name)
            for name in shape.required_members
            if shape.members[name].serialization.get("location") is None
        ]
        return (
            [f"{path} has no member {name}" for name in value if name not in names]
            + [f"{path}.{name} is missing" for name in required if value.get(name) is None]
            + [f"{path}.{name} is null" for name, one in value.items() if one is None]
            + _each((names[n], one, f"{path}.{n}") for n, one in value.items() if n in names and one is not None)
        )
    if kind == "list":
        if not isinstance(value, list):
            return [f"{path} is no list"]
        return _each((shape.member, one, f"{path}[{index}]") for index, one in enumerate(value))
    if kind == "map":
        if not isinstance(value, dict):
            return [f"{path} is no map"]
        return _each((shape.value, one, f"{path}.{key}") for key, one in value.items())
    if kind == "string":
        return _string(shape, value, path) if isinstance(value, str) else [f"{path} is no string"]
    if kind == "blob":
        try:
            base64.b64decode(value, validate=True)
            return []
        except (TypeError, binascii.Error):
            return [f"{path} is no base64"]
    if kind == "boolean":
        return [] if isinstance(value, bool) else [f"{path} is no boolean"]
    number = isinstance(value, int if kind in ("integer", "long") else (int, float)) and not isinstance(value, bool)
    # A timestamp of the JSON protocols is a number of seconds, unless its shape says otherwise.
    if kind == "timestamp" and shape.serialization.get("timestampFormat") == "iso8601":
        return [] if isinstance(value, str) and ISO.fullmatch(value) else [f"{path} is no time: {value}"]
    return [] if number else [f"{path} is no {kind}: {value}"]


def _each(triples):
    return [problem for triple in triples for problem in _json(*triple)]


def _string(shape, value, path):
    if shape.enum and value not in shape.enum:
        return [f"{path} is {value}, and not one of {', '.join(shape.enum)}"]
    least, most = shape.metadata.get("min", 0), shape.metadata.get("max")
    if len(value) < least or (most is not None and len(value) > most):
        return [f"{path} has {len(value)} characters, and not {least} to {most}"]
    return []


def _query(model, answer):
    path, shape = model.name, model.output_shape
    space = model.service_model.metadata["xmlNamespace"]
    root = ElementTree.fromstring(answer["body"])
    problems = [] if root.tag == f"{{{space}}}{path}Response" else [f"{path}: the root is {root.tag}"]
    if root.findtext(f"{{{space}}}ResponseMetadata/{{{space}}}RequestId") is None:
        problems.append(f"{path} has no RequestId")
    wrapper = shape.serialization.get("resultWrapper") if shape else None
    allowed = {f"{{{space}}}ResponseMetadata", f"{{{space}}}{wrapper}"}
    problems += [f"{path} has {child.tag} at its top" for child in root if child.tag not in allowed]
    result = root.find(f"{{{space}}}{wrapper}") if wrapper else None
    if result is None:
        return problems if not wrapper else [*problems, f"{path} has no {wrapper}"]
    return problems + _xml(shape, result, path)


def _rest_xml(model, answer):
    path, shape = model.name, model.output_shape
    members = shape.members if shape else {}
    headers = {
        member.serialization["name"].lower(): (name, member)
        for name, member in members.items()
        if member.serialization.get("location") == "header"
    }
    problems = []
    for name, value in answer["headers"].items():
        if name.lower() in headers:
            problems += _scalar(headers[name.lower()][1], value, f"{path}.{headers[name.lower()][0]}")
        elif name.lower().startswith("x-amz-") and name.lower() not in S3_COMMON | {"x-amz-checksum-type"}:
            if not name.lower().startswith("x-amz-meta-"):
                problems.append(f"{path} has no header {name}")
    for required in ("x-amz-request-id", "x-amz-id-2"):
        if required not in {name.lower() for name in answer["headers"]}:
            problems.append(f"{path} has no {required}")
    if model.has_streaming_output or not isinstance(answer["body"], bytes):
        return problems
    payload = shape.serialization.get("payload") if shape else None
    body = shape.members[payload] if payload else shape
    inside = {} if shape is None else {n: m for n, m in members.items() if "location" not in m.serialization}
    if payload and body.type_name != "structure":
        return problems
    if not answer["body"]:
        return problems
    if not inside:
        return [*problems, f"{path} should have no body"]
    return problems + _xml(body, ElementTree.fromstring(answer["body"]), path)


def _local(tag):
    return tag.rsplit("}", 1)[-1]


def _xml(shape, node, path):
    kind = shape.type_name
    if kind == "structure":
        return _xml_structure(shape, node, path)
    if kind == "list":
        wanted = shape.member.serialization.get("name", "member")
        problems = [f"{path} has an element {_local(one.tag)}" for one in node if _local(one.tag) != wanted]
        return problems + [p for index, one in enumerate(node) for p in _xml(shape.member, one, f"{path}[{index}]")]
    if kind == "map":
        problems = []
        for entry in node:
            parts = {_local(one.tag): one for one in entry}
            if _local(entry.tag) != "entry" or set(parts) != {"key", "value"}:
                problems.append(f"{path} has an entry that is none")
            else:
                problems += _xml(shape.value, parts["value"], f"{path}.{parts['key'].text}")
        return problems
    if len(node):
        return [f"{path} has elements, and is a {kind}"]
    return _scalar(shape, node.text or "", path)


def _xml_structure(shape, node, path):
    names, problems, seen = {}, [], set()
    for name, member in shape.members.items():
        if member.serialization.get("location") is not None or member.serialization.get("xmlAttribute"):
            continue
        flat = member.type_name == "list" and member.serialization.get("flattened")
        own = member.serialization.get("name") or (member.member.serialization.get("name") if flat else None) or name
        names[own] = (name, member, flat)
    for child in node:
        name, member, flat = names.get(_local(child.tag), (None, None, None))
        if name is None:
            problems.append(f"{path} has no member {_local(child.tag)}")
            continue
        if name in seen and not flat:
            problems.append(f"{path}.{name} is there twice")
        seen.add(name)
        problems += _xml(member.member if flat else member, child, f"{path}.{name}")
    required = [n for n in shape.required_members if n in {name for name, _, _ in names.values()}]
    return problems + [f"{path}.{name} is missing" for name in required if name not in seen]


def _scalar(shape, text, path):
    kind = shape.type_name
    if kind == "string":
        return _string(shape, text, path)
    if kind == "boolean":
        return [] if text in ("true", "false") else [f"{path} is no boolean: {text}"]
    if kind in ("integer", "long"):
        return [] if re.fullmatch(r"-?\d+", text) else [f"{path} is no {kind}: {text}"]
    if kind == "timestamp" and shape.serialization.get("location") != "header":
        return [] if ISO.fullmatch(text) else [f"{path} is no time: {text}"]
    return []
