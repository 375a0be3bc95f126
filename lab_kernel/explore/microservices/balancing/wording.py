"""Pieces of sentences that the rooms of this chapter share."""

from __future__ import annotations

from lab_kernel.language import N_

POLICIES = {
    "random": N_("at random"),
    "in-turn": N_("round robin"),
    "two": N_("best of two"),
    "least": N_("least loaded"),
    "idle": N_("idle first"),
}
