#!/usr/bin/env python3
"""Check a ledger bundle without QiaoQiao: python verify_ledger.py bundle.json [--key PUBLIC]

Needs Python 3.11 or later and nothing else. It recomputes, from the bundle alone:
  1. that each entry is what its hash says and follows the entry before it;
  2. that the facts shown are the facts that were committed to when it happened;
  3. that each entry is a leaf of the Merkle tree (RFC 6962) whose root the checkpoint states;
  4. that the checkpoint (C2SP signed note) carries the ledger's Ed25519 signature (RFC 8032).
PUBLIC is the ledger's key as its office publishes it, obtained by another way than the bundle. Without it the
bundle's own key is used, which shows only that the bundle agrees with itself.
Exit status: 0 everything holds, 1 something does not.
"""

import argparse
import base64
import functools
import hashlib
import json
import sys
from collections.abc import Iterator
from typing import Any

FORMAT = "qiaoqiao-ledger-proof/1"
HASHED = ("uid", "subject", "seq", "kind", "actor", "office", "at", "commitment", "prev_hash")
BESIDES = ("hash", "idx", "proof", "facts", "salt")


class Wrong(Exception):
    """The bundle does not hold; the message says why, for people."""


# --- canonical JSON, RFC 8785, for text, whole numbers, truth values, lists and objects ----------------


def canonical(value: object) -> bytes:
    return "".join(_pieces(value)).encode("utf-8")


def _pieces(value: object) -> Iterator[str]:
    if value is None or value is True or value is False:
        yield {None: "null", True: "true", False: "false"}[value]
    elif type(value) is int and abs(value) < 2**53:
        yield str(value)
    elif type(value) is str:
        yield json.dumps(value, ensure_ascii=False)
    elif type(value) is list:
        yield "["
        for place, item in enumerate(value):
            yield "," if place else ""
            yield from _pieces(item)
        yield "]"
    elif type(value) is dict:
        yield "{"
        for place, name in enumerate(sorted(value, key=lambda text: text.encode("utf-16-be"))):
            yield ("," if place else "") + json.dumps(name, ensure_ascii=False) + ":"
            yield from _pieces(value[name])
        yield "}"
    else:
        raise Wrong(f"不是规范的值 / a value that has no canonical form: {value!r}")


# --- Ed25519, RFC 8032: verification only, so nothing here needs to keep a secret -------------------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)

Point = tuple[int, int, int, int]  # x = X/Z, y = Y/Z, xy = T/Z
ZERO: Point = (0, 1, 1, 0)


def _sum(a: Point, b: Point) -> Point:
    low = (a[1] - a[0]) * (b[1] - b[0]) % P
    high = (a[1] + a[0]) * (b[1] + b[0]) % P
    c, d = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = high - low, d - c, d + c, high + low
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(factor: int, point: Point) -> Point:
    result = ZERO
    while factor:
        if factor & 1:
            result = _sum(result, point)
        point = _sum(point, point)
        factor >>= 1
    return result


def _point(data: bytes) -> Point:
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if y >= P:
        raise ValueError("not a point")
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * ROOT_OF_MINUS_ONE % P
    if x * x % P != square or (x == 0 and sign):
        raise ValueError("not a point")
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


BASE = _point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


@functools.lru_cache(maxsize=1024)
def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Check S*B == R + k*A with S < L, so that no second signature can be made from a first."""
    if len(public) != 32 or len(signature) != 64:
        return False
    s = int.from_bytes(signature[32:], "little")
    if s >= L:
        return False
    try:
        a, r = _point(public), _point(signature[:32])
    except ValueError:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    left, right = _times(s, BASE), _sum(r, _times(k, a))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (
        left[1] * right[2] - right[1] * left[2]
    ) % P == 0


# --- the tree, RFC 6962 ---------------------------------------------------------------------------------


def root_from(leaf: bytes, index: int, size: int, proof: list[bytes]) -> bytes:
    """Climb from a leaf to the root of a tree of `size`; the proof lists siblings from below."""
    if size == 1:
        if proof:
            raise Wrong("证明过长 / the proof is too long")
        return leaf
    if not proof:
        raise Wrong("证明过短 / the proof is too short")
    half = 1
    while half * 2 < size:
        half *= 2
    if index < half:
        return _node(root_from(leaf, index, half, proof[:-1]), proof[-1])
    return _node(proof[-1], root_from(leaf, index - half, size - half, proof[:-1]))


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


# --- keys and checkpoints, C2SP signed note ---------------------------------------------------------------


def _from_base64(text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        data = None
    if data is None or base64.b64encode(data).decode() != text:
        raise Wrong(f"不是规范的 base64 / not canonical base64: {text!r}")
    return data


def _from_hex(text: object, length: int) -> bytes:
    if type(text) is not str or len(text) != 2 * length or set(text) - set("0123456789abcdef"):
        raise Wrong(f"不是 {length} 字节的十六进制 / not {length} bytes in hexadecimal: {text!r}")
    return bytes.fromhex(text)


def read_key(text: str) -> tuple[str, bytes, bytes]:
    """Return the name, the four-byte id and the 32 bytes of a key written name+id+base64."""
    parts = text.split("+", 2)
    material = _from_base64(parts[2]) if len(parts) == 3 else b""
    if len(material) != 33 or material[0] != 1:
        raise Wrong("公钥格式不对 / the public key is malformed")
    name, public = parts[0], material[1:]
    key_id = hashlib.sha256(name.encode() + b"\n" + material).digest()[:4]
    if key_id.hex() != parts[1]:
        raise Wrong("公钥与其编号不符 / the public key does not fit its id")
    return name, key_id, public


def read_checkpoint(note: str, key: str) -> tuple[int, bytes]:
    """Return the size and root a checkpoint states, if the key signed it."""
    name, key_id, public = read_key(key)
    head, gap, tail = note.partition("\n\n")
    lines = head.split("\n")
    if not gap or len(lines) != 3 or not tail.endswith("\n"):
        raise Wrong("检查点格式不对 / the checkpoint is malformed")
    origin, size, root = lines[0], lines[1], _from_base64(lines[2])
    if (
        origin != name
        or not size.isascii()
        or not size.isdigit()
        or str(int(size)) != size
        or len(root) != 32
    ):
        raise Wrong("检查点内容不合规范 / the checkpoint says something else than it may")
    signed = False
    for line in tail[:-1].split("\n"):
        dash, signer, signature = ([*line.split(" "), "", ""])[:3]
        data = _from_base64(signature)
        if dash != "—" or line.count(" ") != 2:
            raise Wrong("签名行格式不对 / a signature line is malformed")
        if signer == name and data[:4] == key_id:
            if not is_signed(public, (head + "\n").encode(), data[4:]):
                raise Wrong("检查点的签名不对 / the signature on the checkpoint is wrong")
            signed = True
    if not signed:
        raise Wrong("检查点没有这把钥匙的签名 / the checkpoint is not signed by this key")
    return int(size), root


# --- the bundle ---------------------------------------------------------------------------------------------


def check_entry(
    entry: dict[str, Any], seq: int, prev: str, subject: str, tree: tuple[int, bytes] | None
) -> None:
    """Raise Wrong unless this is the subject's entry number `seq`, as it was written."""
    if set(entry) != {*HASHED, *BESIDES} or type(entry["seq"]) is not int:
        raise Wrong("字段不全或多余 / it has missing or unknown fields")
    if entry["subject"] != subject or entry["seq"] != seq:
        raise Wrong("不属于此处 / it does not belong in this place")
    if entry["prev_hash"] != prev:
        raise Wrong("不接在上一条之后 / it does not follow the entry before it")
    text = canonical({name: entry[name] for name in HASHED})
    if hashlib.sha256(text).hexdigest() != entry["hash"]:
        raise Wrong("内容被改过 / its content was changed")
    commitment = _from_hex(entry["commitment"], 32)
    if (entry["facts"] is None) != (entry["salt"] is None):
        raise Wrong("事实与盐只有其一 / facts and salt do not go together")
    if entry["facts"] is not None:
        shown = hashlib.sha256(_from_hex(entry["salt"], 16) + canonical(entry["facts"])).digest()
        if type(entry["facts"]) is not dict or shown != commitment:
            raise Wrong("事实与当时所记不符 / its facts are not those that were committed to")
    if (entry["idx"] is None) != (entry["proof"] is None):
        raise Wrong("位置与证明只有其一 / place and proof do not go together")
    if entry["idx"] is not None:
        check_place(text, entry["idx"], entry["proof"], tree)


def check_place(text: bytes, idx: object, proof: object, tree: tuple[int, bytes] | None) -> None:
    if tree is None or type(idx) is not int or type(proof) is not list or not 0 <= idx < tree[0]:
        raise Wrong("检查点不含此位置 / the checkpoint does not reach its place")
    leaf = hashlib.sha256(b"\x00" + text).digest()
    if root_from(leaf, idx, tree[0], [_from_hex(step, 32) for step in proof]) != tree[1]:
        raise Wrong("不在已签名的账本内 / it is not in the signed ledger")


def check(bundle: object, key: str | None = None) -> tuple[list[str], list[str]]:
    """Return what is wrong, and what is worth knowing though nothing is wrong; both in words."""
    fields = {"format", "subject", "entries", "checkpoint", "key"}
    if type(bundle) is not dict or set(bundle) != fields or bundle["format"] != FORMAT:
        return ["不是侨桥账本证明 / this is not a QiaoQiao ledger bundle"], []
    wrong: list[str] = []
    tree = None
    try:
        if key is not None and read_key(bundle["key"]) != read_key(key):
            raise Wrong("证明所用的不是您给的公钥 / the bundle is not for the key you gave")
        if bundle["checkpoint"] is not None:
            tree = read_checkpoint(bundle["checkpoint"], bundle["key"])
    except (Wrong, AttributeError, TypeError, ValueError) as why:
        wrong.append(f"检查点 / checkpoint: {why}")
    entries = bundle["entries"]
    if type(entries) is not list or not entries or not all(type(entry) is dict for entry in entries):
        return [*wrong, "没有记录 / there are no entries"], []
    prev, place = "0" * 64, -1
    for seq, entry in enumerate(entries, start=1):
        try:
            check_entry(entry, seq, prev, bundle["subject"], tree)
            if entry["idx"] is not None and entry["idx"] <= place:
                raise Wrong("排在上一条之前 / it is placed before its predecessor")
        except (Wrong, TypeError, ValueError) as why:
            wrong.append(f"第 {seq} 条 / entry {seq}: {why}")
        place = entry["idx"] if type(entry.get("idx")) is int else place
        prev = entry.get("hash")
    return wrong, remarks(bundle, key)


def remarks(bundle: dict[str, Any], key: str | None) -> list[str]:
    said = []
    erased = [str(seq) for seq, entry in enumerate(bundle["entries"], 1) if entry.get("facts") is None]
    later = [str(seq) for seq, entry in enumerate(bundle["entries"], 1) if entry.get("idx") is None]
    if erased:
        numbers = ", ".join(erased)
        said.append(
            f"第 {numbers} 条的个人事实已依法删除，记录本身仍可核验"
            f" / the personal facts of entry {numbers} were erased; the entry itself still verifies"
        )
    if later:
        numbers = ", ".join(later)
        said.append(
            f"第 {numbers} 条尚未进入已签名的检查点，只核验了前后相接"
            f" / entry {numbers} is not in a signed checkpoint yet; only its chain was checked"
        )
    if key is None:
        said.append(
            f"未给出公钥：请向机关核对此公钥 {bundle['key']}"
            f" / no key was given: compare this one with the office's published key: {bundle['key']}"
        )
    return said


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n", 1)[0])
    parser.add_argument("bundle", help="bundle.json")
    parser.add_argument("--key", help="name+id+base64")
    options = parser.parse_args(arguments)
    try:
        with open(options.bundle, encoding="utf-8") as file:
            bundle = json.load(file)
    except (OSError, ValueError) as why:
        print(f"✗ 读不出文件 / the file cannot be read: {why}")
        return 1
    wrong, said = check(bundle, options.key)
    for line in said:
        print(f"· {line}")
    for line in wrong:
        print(f"✗ {line}")
    if wrong:
        print("✗ 核验不通过 / NOT verified")
        return 1
    print(f"✓ 核验通过：{len(bundle['entries'])} 条记录 / verified: {len(bundle['entries'])} entries")
    return 0


if __name__ == "__main__":
    sys.exit(main())
