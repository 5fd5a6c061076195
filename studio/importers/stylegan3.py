"""NVIDIA's StyleGAN3 (2106.12423), configurations T and R, as our `stylegan3`."""

from __future__ import annotations

from typing import Any

from studio.importers.arrays import Array
from studio.importers.found import COLOURS, Found, unfit
from studio.importers.judge import Judge
from studio.importers.modules import Network
from studio.importers.stylegan2_ada import CLAMP, mapped

CLASSES = frozenset(
    {"Generator", "MappingNetwork", "SynthesisNetwork", "SynthesisInput", "SynthesisLayer", "FullyConnectedLayer"}
)

# What the code has where a network was made without saying (networks_stylegan3.py), under our names for it.
_DEFAULTS: dict[str, tuple[str, Any]] = {
    "channel_base": ("channel_base", 32768),
    "channel_max": ("channel_max", 512),
    "num_layers": ("layers", 14),
    "num_critical": ("critical_layers", 2),
    "first_cutoff": ("first_cutoff", 2.0),
    "first_stopband": ("first_stopband", 2**2.1),
    "last_stopband_rel": ("last_stopband", 2**0.3),
    "margin_size": ("margin", 10),
    "output_scale": ("output_scale", 0.25),
    "num_fp16_res": ("half_layers", 4),
    "conv_kernel": ("kernel", 3),
    "filter_size": ("filter_size", 6),
    "lrelu_upsampling": ("lrelu_upsampling", 2),
    "use_radial_filters": ("radial_filters", False),
}
_IGNORED = {"w_dim", "img_resolution", "img_channels", "magnitude_ema_beta", "conv_clamp"}


def stylegan3(G: Network) -> tuple[dict[str, Any], dict[str, Array]]:
    """The hyperparameters and tensors of a generator.

    Raises:
        ForeignFileError: it differs from ours in anything that matters.
    """
    if G.fact("", "img_channels") != COLOURS:
        raise unfit(f"it draws in {G.fact('', 'img_channels')!r:.20} colours")
    given = G.fact("synthesis", "_init_kwargs")
    if not isinstance(given, dict) or G.fact("synthesis", "_init_args") != ():
        raise unfit("it does not say how it was made")
    if strange := set(given) - set(_DEFAULTS) - _IGNORED:
        raise unfit(f"it was made with {min(map(str, strange))[:60]}")
    values = {ours: given.get(theirs, default) for theirs, (ours, default) in _DEFAULTS.items()}
    G.expect("conv_clamp", CLAMP if values["half_layers"] else None)
    return {"resolution": G.number("", "img_resolution"), **values, **mapped(G)}, dict(G.tensors)


def assembled(G: Network, judged: Judge | None) -> Found:
    """Our `stylegan3` of a generator and its discriminator."""
    values, tensors = stylegan3(G)
    networks = {"G": tensors}
    if judged is not None:
        values |= {"d_channel_base": judged.channel_base, "d_channel_max": judged.channel_max}
        values["std_group"] = judged.group
        networks["D"] = judged.tensors
    kind = "R" if values["radial_filters"] else "T"
    description = f"StyleGAN3-{kind} by NVIDIA's code, {values['resolution']} px"
    return Found("stylegan3", values, networks, G.number("", "c_dim"), description)
