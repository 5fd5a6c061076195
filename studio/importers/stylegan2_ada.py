"""NVIDIA's StyleGAN2 (stylegan2-ada-pytorch, and stylegan3 with --cfg=stylegan2) as our `stylegan`.

Our networks have its names, shapes and gains (plugins/studio_stylegan/generator.py), so that what is left to do is to
read its hyperparameters off, and to see that nothing in it differs from ours.
"""

from __future__ import annotations

from math import isclose
from typing import Any

import numpy as np

from studio.importers.arrays import Array
from studio.importers.found import COLOURS, Found, unfit
from studio.importers.judge import Judge
from studio.importers.modules import Network
from studio.importers.widths import base_and_most

CLASSES = frozenset(
    {
        "Generator",
        "MappingNetwork",
        "SynthesisNetwork",
        "SynthesisBlock",
        "SynthesisLayer",
        "ToRGBLayer",
        "FullyConnectedLayer",
    }
)
CLAMP = 256
_MAPPING_SPEED = 0.01


def stylegan2(G: Network) -> tuple[dict[str, Any], dict[str, Array]]:
    """The hyperparameters and tensors of a generator.

    Raises:
        ForeignFileError: it differs from ours in anything that matters.
    """
    resolution = G.number("", "img_resolution")
    if G.fact("", "img_channels") != COLOURS or resolution < 8 or resolution & (resolution - 1):
        raise unfit(f"it draws {resolution} px in {G.fact('', 'img_channels')!r:.20} colours")
    sizes = [2**power for power in range(2, resolution.bit_length())]
    base, most = base_and_most({size: G.shape(f"synthesis.b{size}.conv1.weight")[0] for size in sizes})
    half = sum(G.fact(f"synthesis.b{size}", "use_fp16") is True for size in sizes)
    G.expect("architecture", "skip")
    G.expect("activation", "lrelu", "linear")
    G.expect("conv_clamp", CLAMP if half else None)
    noise = G.fact("synthesis.b4.conv1", "use_noise") is True
    G.expect("use_noise", noise)
    values = {
        "resolution": resolution,
        "channel_base": base,
        "channel_max": most,
        "half_layers": half,
        "noise": noise,
        **mapped(G),
    }
    tensors = G.without_filters()
    return values, tensors if noise else tensors | _silence(sizes)


def mapped(G: Network) -> dict[str, Any]:
    """The hyperparameters of a generator's mapping network, of StyleGAN2 and of StyleGAN3."""
    z_dim, w_dim, layers = G.number("", "z_dim"), G.number("", "w_dim"), G.number("mapping", "num_layers")
    _, inputs = G.shape("mapping.fc0.weight")
    if not isclose(G.fact("mapping.fc0", "weight_gain"), _MAPPING_SPEED / inputs**0.5, rel_tol=1e-5):
        raise unfit("its mapping network learnt at another speed")
    return {"z_dim": z_dim, "w_dim": w_dim, "mapping_layers": layers, "conditional": G.number("", "c_dim") > 0}


def assembled(G: Network, judged: Judge | None) -> Found:
    """Our `stylegan` of a generator and its discriminator."""
    values, tensors = stylegan2(G)
    networks = {"G": tensors}
    if judged is not None:
        if (judged.channel_base, judged.channel_max) != (values["channel_base"], values["channel_max"]):
            raise unfit("its discriminator has other widths than its generator")
        networks["D"] = judged.tensors
        values["std_group"] = judged.group
    return Found(
        "stylegan", values, networks, G.number("", "c_dim"), f"StyleGAN2 by NVIDIA's code, {values['resolution']} px"
    )


def _silence(sizes: list[int]) -> dict[str, Array]:
    """Noise of strength 0 for a network that has none."""
    layers = [(size, layer) for size in sizes for layer in ("conv0", "conv1") if (size, layer) != (4, "conv0")]
    strengths = {f"synthesis.b{size}.{layer}.noise_strength": np.zeros((), "f4") for size, layer in layers}
    consts = {f"synthesis.b{size}.{layer}.noise_const": np.zeros((size, size), "f4") for size, layer in layers}
    return strengths | consts
