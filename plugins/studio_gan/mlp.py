"""The first GAN (Goodfellow et al. 2014, 1406.2661), set as its code is (goodfeli/adversarial, mnist.yaml)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from torch import Tensor
from torch.optim import SGD

from studio.api import Batch, DataInfo, LatentSpace
from studio.nn.mlp import MlpDiscriminator, MlpGenerator
from studio_gan.hyperparameters import MlpGanHyperparameters
from studio_gan.model import Gan

_MIN_LR = 1e-6


class MlpGan(Gan):
    """Multilayer perceptrons and SGD.

    The code halves D's loss (AdversaryCost2: d_obj) and so does `d_scale`; what is plotted is the sum. It starts G's
    output at the mean picture, which is not known here when G is built.
    """

    hp: MlpGanHyperparameters
    d_scale: ClassVar[float] = 0.5

    def __init__(self, hp: MlpGanHyperparameters, data: DataInfo) -> None:
        super().__init__(hp, data)
        self.G = MlpGenerator(hp.resolution, hp.z_dim, hp.hidden)
        self.D = MlpDiscriminator(hp.resolution, hp.units, **({} if hp.dropout else {"pixel_dropout": 0, "dropout": 0}))
        self.G_opt = SGD(self.G.parameters(), hp.lr, hp.momentum)
        self.D_opt = SGD(self.D.parameters(), hp.lr, hp.momentum)

    @property
    def latent_space(self) -> LatentSpace:
        """z is U(-1, 1)."""
        return LatentSpace(self.hp.z_dim, "uniform")

    def training_step(self, batch: Batch) -> Iterator[dict[str, Tensor]]:
        """One update of D and one of G, with this step's learning rate and momentum."""
        self._follow_schedule()
        yield from super().training_step(batch)

    def _follow_schedule(self) -> None:
        """Decays the learning rate (pylearn2's ExponentialDecay) and grows the momentum (MomentumAdjustor)."""
        hp, step = self.hp, self.clock.step
        grown = min(step / hp.momentum_steps, 1.0)
        for optimizer in (self.G_opt, self.D_opt):
            for group in optimizer.param_groups:
                group["lr"] = max(hp.lr * hp.lr_decay**-step, _MIN_LR)
                group["momentum"] = (1 - grown) * hp.momentum + grown * hp.final_momentum
