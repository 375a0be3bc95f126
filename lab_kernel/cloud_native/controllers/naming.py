"""Names that the cluster makes up: of replica sets by their template, of pods by chance."""

from __future__ import annotations

import hashlib
import random

from lab_kernel.cloud_native.objects import Template

#: Kubernetes' letters for made-up names: no vowels, so that no words come about.
LETTERS = "bcdfghjklmnpqrstvwxz2456789"
HASH = "pod-template-hash"


def template_hash(template: Template) -> str:
    """The same for the same template, in any run. Its own label does not count."""
    labels = {key: value for key, value in template.metadata.labels.items() if key != HASH}
    # repr of dataclasses is in the order of their fields; only mappings have an order of their own
    text = f"{sorted(labels.items())} {sorted(template.metadata.annotations.items())}"
    digest = hashlib.sha256(f"{text} {template.spec!r}".encode()).digest()
    return "".join(LETTERS[byte % len(LETTERS)] for byte in digest[:9])


def suffix(chance: random.Random) -> str:
    return "".join(chance.choice(LETTERS) for _letter in range(5))
