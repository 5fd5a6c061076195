"""StyleGAN3 (Karras et al. 2021, 2106.12423): a generator without aliases, trained as StyleGAN2 is."""

from __future__ import annotations

from studio_stylegan.discriminator import Discriminator
from studio_stylegan.model import StyleGan2
from studio_stylegan.style3_hyperparameters import StyleGan3Hyperparameters
from studio_stylegan.style3_networks import Generator


class StyleGan3(StyleGan2):
    """As the reference trains it, but for one thing: it blurs what D sees in the first 200 kimg of configuration R."""

    hp: StyleGan3Hyperparameters

    def make_G(self, label_count: int) -> Generator:
        """The generator."""
        return Generator(self.hp, label_count)

    def make_D(self, label_count: int) -> Discriminator:
        """StyleGAN2's discriminator, of widths of its own."""
        hp = self.hp
        return Discriminator(
            hp.resolution,
            channel_base=hp.d_channel_base,
            channel_max=hp.d_channel_max,
            group=hp.std_group,
            half_layers=hp.half_layers,
            label_count=label_count,
        )
