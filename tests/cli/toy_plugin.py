"""A plugin as a third party would install it, whose model is the toy and which can be told to misbehave."""

from __future__ import annotations

from typing import Literal

from studio.api import DataKind, Hyperparameters, LatentSampling, ModelSpec, Preset, hookimpl, hyper

print("What a plugin prints when it is imported belongs nowhere.")


class ToyValues(Hyperparameters):
    """What the toy model reads, and the step at which it sends this process a signal."""

    lr: float = hyper(1e-3, "Learning rate.", source="A paper, section 1", gt=0, le=1, log=True, live=True)
    poison: int = hyper(0, "The step at which the loss becomes NaN; 0: never.", ge=0)
    fail: int = hyper(0, "The step at which training raises; 0: never.", ge=0)
    send: Literal["nothing", "SIGINT", "SIGTERM"] = hyper("nothing", "The signal to send at step 3.")


@hookimpl
def studio_models() -> list[ModelSpec]:
    return [
        ModelSpec(
            id="toy",
            title="Toy",
            summary="Too small to learn.",
            model="tests.cli.toy_model:SendingToy",
            hyperparameters=ToyValues,
            data=DataKind.UNLABELLED,
            capabilities=(LatentSampling,),
            presets={
                "quick": Preset("Nothing, at once.", 6, {"resolution": 8, "batch": 4, "log_every": 1}),
                "paper": Preset("Nothing, later.", 50, {"resolution": 16, "batch": 4, "lr": 0.01}),
            },
            paper="A paper, 2026",
        )
    ]
