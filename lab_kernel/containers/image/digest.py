"""A digest names content: the same bytes, the same name, on every machine.

Source: OCI image-spec, ``descriptor.md``. Only SHA-256, which every implementation must have; a
digest of another algorithm is refused. ``Descriptor`` is the spec's: what kind, which content, how
many bytes, and it is how every part of an image points to another.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lab_kernel.errors import BadInput
from lab_kernel.language import _

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
MOST_JSON = 4 << 20  # bytes of a manifest or config; registries refuse larger ones


def digest(content: bytes) -> str:
    """``sha256:`` and 64 hexadecimal digits."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def chain_ids(diff_ids: tuple[str, ...]) -> tuple[str, ...]:
    """The name of each layer together with all below it, as the spec's ``config.md`` defines it.

    ChainID(L0) = DiffID(L0); ChainID(L0..Ln) = digest(ChainID(L0..Ln-1) + " " + DiffID(Ln)).
    """
    chain: list[str] = []
    for diff_id in diff_ids:
        chain.append(digest(f"{chain[-1]} {diff_id}".encode()) if chain else diff_id)
    return tuple(chain)


def canonical(value: Any) -> bytes:
    """JSON with one spelling: keys sorted, no spaces, UTF-8."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8", "surrogatepass")


@dataclass(frozen=True, slots=True)
class Descriptor:
    """``size`` in bytes; ``annotations`` and ``platform`` are the optional properties we keep."""

    media_type: str
    digest: str
    size: int
    annotations: Mapping[str, str] = field(default_factory=dict)
    platform: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        told: dict[str, Any] = {
            "mediaType": self.media_type,
            "digest": self.digest,
            "size": self.size,
        }
        if self.annotations:
            told["annotations"] = dict(self.annotations)
        if self.platform:
            told["platform"] = dict(self.platform)
        return told


def describe(content: bytes, media_type: str) -> Descriptor:
    return Descriptor(media_type, digest(content), len(content))


def descriptor(value: Any, where: str) -> Descriptor:
    """A descriptor read from JSON; BadInput says ``where`` it is malformed."""
    media_type, name, size = (
        part(value, where, "mediaType", str),
        part(value, where, "digest", str),
        part(value, where, "size", int),
    )
    if not _DIGEST.fullmatch(name):
        raise damaged(where, _("“{digest}” is no sha256 digest").format(digest=name[:80]))
    if size < 0:
        raise damaged(where, _("a size below 0"))
    annotations = part(value, where, "annotations", dict, {})
    if not all(isinstance(text, str) for text in annotations.values()):
        raise damaged(
            where, _("“{name}” is missing or of the wrong kind").format(name="annotations")
        )
    return Descriptor(media_type, name, size, annotations, part(value, where, "platform", dict, {}))


def part(value: Any, where: str, name: str, kind: type, *default: Any) -> Any:
    """One property of a JSON object, of the right type, or BadInput. null counts as absent."""
    found = value.get(name) if isinstance(value, dict) else None
    if found is None and default:
        return default[0]
    if not isinstance(found, kind) or isinstance(found, bool):
        raise damaged(where, _("“{name}” is missing or of the wrong kind").format(name=name))
    return found


def texts(value: Any, where: str, name: str) -> tuple[str, ...]:
    """A list of texts; none if it is absent."""
    found = part(value, where, name, list, [])
    if not all(isinstance(text, str) for text in found):
        raise damaged(where, _("“{name}” is missing or of the wrong kind").format(name=name))
    return tuple(found)


def parse(content: bytes, where: str) -> dict[str, Any]:
    """The JSON object in a blob."""
    if len(content) > MOST_JSON:
        raise damaged(where, _("larger than {most:,} bytes").format(most=MOST_JSON))
    try:
        value = json.loads(content, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise damaged(where, _("it is not JSON")) from None
    if not isinstance(value, dict):
        raise damaged(where, _("it is not a JSON object"))
    return value


def _no_number(word: str) -> None:
    """NaN and Infinity, which Python reads and JSON does not have."""
    raise ValueError(word)


def damaged(where: str, why: str) -> BadInput:
    return BadInput("LAYOUT", f"{where}: {why}")
