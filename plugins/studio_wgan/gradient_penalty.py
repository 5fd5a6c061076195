"""WGAN-GP: algorithm 1 of Gulrajani et al. 2017 (1704.00028)."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.optim import Adam

from studio.api import DataInfo
from studio.nn.penalties import gradient_norms, interpolates, two_sided
from studio.nn.wgan_gp import ConvCritic, ConvGenerator, FcCritic, FcGenerator
from studio_wgan.hyperparameters import WganGpHyperparameters
from studio_wgan.model import WassersteinGan


class WganGp(WassersteinGan):
    """The critic's gradient is held to length 1 on the lines between real and generated pictures."""

    hp: WganGpHyperparameters

    def __init__(self, hp: WganGpHyperparameters, data: DataInfo) -> None:
        super().__init__(hp, data)
        self.G, self.D = _networks(hp)
        betas = (hp.beta1, hp.beta2)
        self.G_opt = Adam(self.G.parameters(), hp.lr, betas, fused=True)
        self.D_opt = Adam(self.D.parameters(), hp.lr, betas, fused=True)

    def critic_phase(self, real: Tensor) -> dict[str, Tensor]:
        """Real scores over generated ones, and the penalty."""
        fake = self.fake(real)
        norms = gradient_norms(self.D, interpolates(real, fake))
        # The critic has no batch norm, so real and generated may share one pass.
        real_scores, fake_scores = self.D(torch.cat([real, fake])).chunk(2)
        wasserstein = real_scores.mean() - fake_scores.mean()
        loss = self.hp.penalty * two_sided(norms) - wasserstein
        self.D_opt.zero_grad()
        torch.autograd.backward(loss)
        self.D_opt.step()
        return {
            "loss/critic": loss.detach(),
            "wasserstein": wasserstein.detach(),
            "gradient_norm": norms.detach().mean(),
        }


def _networks(hp: WganGpHyperparameters) -> tuple[nn.Module, nn.Module]:
    """G and the critic."""
    if hp.architecture == "mlp":
        return FcGenerator(hp.resolution, hp.z_dim, hp.hidden), FcCritic(hp.resolution, hp.hidden)
    G = ConvGenerator(hp.resolution, hp.z_dim, hp.width)
    return G, ConvCritic(hp.resolution, hp.width, hp.d_norm)
