"""NVIDIA's discriminator, the same in StyleGAN2 with ADA and in StyleGAN3, as ours."""

from __future__ import annotations

from dataclasses import dataclass

from studio.importers.arrays import Array
from studio.importers.found import COLOURS, unfit
from studio.importers.modules import Network
from studio.importers.widths import base_and_most

CLASSES = frozenset(
    {
        "Discriminator",
        "DiscriminatorBlock",
        "DiscriminatorEpilogue",
        "MinibatchStdLayer",
        "MappingNetwork",
        "FullyConnectedLayer",
        "Conv2dLayer",
    }
)
_MAPPING_LAYERS = 8


@dataclass(frozen=True)
class Judge:
    """A discriminator.

    Attributes:
        tensors: its weights by our names.
        channel_base, channel_max: its widths.
        group: how many pictures it compares with each other.
    """

    tensors: dict[str, Array]
    channel_base: int
    channel_max: int
    group: int


def judge(network: Network, resolution: int, classes: int, clamp: float | None) -> Judge:
    """The discriminator of a generator of this resolution, these classes and this clamp.

    Raises:
        ForeignFileError: it differs from ours in anything that matters.
    """
    network.expect("architecture", "resnet")
    network.expect("activation", "lrelu", "linear")
    network.expect("conv_clamp", clamp, besides="skip")
    network.expect("num_channels", 1)
    if network.class_name != "Discriminator":
        raise unfit(f"its discriminator is a {network.class_name[:60]}")
    facts = [network.fact("", name) for name in ("img_resolution", "c_dim", "img_channels")]
    if facts != [resolution, classes, COLOURS]:
        raise unfit("its generator and its discriminator do not go together")
    if classes and network.number("mapping", "num_layers") != _MAPPING_LAYERS:
        raise unfit("its discriminator maps labels in another way")
    sizes = [2**power for power in range(3, resolution.bit_length())]
    channels = {size // 2: network.shape(f"b{size}.conv1.weight")[0] for size in sizes}
    channels[resolution] = network.shape(f"b{resolution}.conv0.weight")[0]
    base, most = base_and_most(channels)
    return Judge(network.without_filters(), base, most, network.number("b4.mbstd", "group_size"))
