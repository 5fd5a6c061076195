"""Truncation as a person sets it: how strong it is, and how many layers it holds for."""

from __future__ import annotations

from studio.gui.widgets.slider import ValueSlider


def psi_slider(latent: str, usual: float = 1.0) -> ValueSlider:
    """How strong truncation of a `latent`, z or w, is, 0 to 1; a double click makes it `usual`."""
    slider = ValueSlider(0, 1, usual)
    slider.setAccessibleName("Truncation ψ")
    slider.setToolTip(f"1 leaves {latent} as it is; towards 0 pictures become more alike and fewer go wrong")
    return slider


def cutoff_slider(layers: int) -> ValueSlider:
    """How many of a model's `layers` are truncated."""
    slider = ValueSlider(0, layers, layers, integer=True)
    slider.setAccessibleName("Layers that are truncated")
    slider.setToolTip("How many layers are truncated, from the coarsest on; few leave the colours as they are")
    return slider


def cutoff_at(value: float, layers: int) -> int | None:
    """What a document says for so many truncated layers: None for all there are."""
    return None if round(value) == layers else round(value)


def truncated(cutoff: int | None, layers: int) -> int:
    """How many layers are truncated where a document says `cutoff`."""
    return layers if cutoff is None else cutoff
