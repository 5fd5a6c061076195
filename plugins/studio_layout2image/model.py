"""layout2image: Zhao, Meng, Yin and Sigal 2019 (1811.11389, section 3).

Each step makes two pictures of every layout. The reconstruction has each object's z drawn from what E sees in its crop
of the real picture; the other has z from N(0, 1), which E must find again in the crops of what was made.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, l1_loss
from torch.optim import Adam

from studio.api import Batch, DataInfo, GanModel
from studio.nn.cropping import crop
from studio.nn.decay import linear_decay, set_learning_rate
from studio.nn.freezing import frozen
from studio.nn.losses import bce_discriminator, bce_generator
from studio_layout2image.crop_encoder import CropEncoder, draw, kl_divergence
from studio_layout2image.discriminators import ImageDiscriminator, ObjectDiscriminator
from studio_layout2image.generator import LayoutGenerator
from studio_layout2image.hyperparameters import Layout2ImageHyperparameters
from studio_layout2image.objects import Objects, pack, shuffled


@dataclass(frozen=True)
class Drawing:
    """What one step draws, with the graph to G and E.

    Attributes:
        objects: the O objects of N layouts.
        real: pictures (N, 3, H, W).
        made: (2 N, 3, H, W), the reconstructions, then the pictures of drawn z.
        real_crops: (O, 3, crop, crop).
        made_crops: (2 O, 3, crop, crop), in the order of `made`.
        mu, logvar: (O, z_dim), q(z | real crop, label).
        z: (O, z_dim), drawn from N(0, 1).
    """

    objects: Objects
    real: Tensor
    made: Tensor
    real_crops: Tensor
    made_crops: Tensor
    mu: Tensor
    logvar: Tensor
    z: Tensor


class Layout2Image(GanModel):
    """G and E learn together; D_image sees pictures, D_object objects."""

    hp: Layout2ImageHyperparameters

    def __init__(self, hp: Layout2ImageHyperparameters, data: DataInfo) -> None:
        super().__init__(hp, data)
        classes = len(data.labels)
        self.G = LayoutGenerator(
            hp.resolution,
            classes,
            embedding=hp.embedding,
            z_dim=hp.z_dim,
            width=hp.width,
            object_width=hp.object_width or hp.width,
            hidden=hp.hidden or hp.width,
            lstm_layers=hp.lstm_layers,
            residual_blocks=hp.residual_blocks,
            forget_bias=hp.forget_bias,
            bounded=hp.bounded,
        )
        self.E = CropEncoder(hp.crop, classes, hp.z_dim, hp.width)
        self.D_image = ImageDiscriminator(hp.resolution, hp.width)
        self.D_object = ObjectDiscriminator(hp.crop, classes, hp.width)
        betas = (hp.beta1, hp.beta2)
        self.G_opt = Adam(self._weights_of_g(), hp.lr, betas, fused=True)
        self.D_image_opt = Adam(self.D_image.parameters(), hp.lr, betas, fused=True)
        self.D_object_opt = Adam(self.D_object.parameters(), hp.lr, betas, fused=True)

    def _weights_of_g(self) -> list[dict[str, Any]]:
        """G's and E's in one group; G's last convolution in one of its own where it learns at another rate."""
        weights = [*self.G.parameters(), *self.E.parameters()]
        if self.hp.last_lr == 1:
            return [{"params": weights}]
        last = [*self.G.decoder.last.parameters()]
        others = [weight for weight in weights if not any(weight is one for one in last)]
        return [{"params": others}, {"params": last, "lr": self.hp.last_lr * self.hp.lr}]

    def training_step(self, batch: Batch) -> Iterator[dict[str, Tensor]]:
        """Both Ds, then G and E, on the same two drawings. D_image takes no part where its game weighs nothing.

        With `game_every` above 1, the steps between only reconstruct.
        """
        self._set_learning_rates()
        if (self.clock.step + 1) % self.hp.game_every:
            yield self.reconstruction_phase(batch)
            return
        drawing = self.draw(batch)
        if self.hp.image_adversarial:
            yield self.image_phase(drawing)
        yield self.object_phase(drawing)
        yield self.generator_phase(drawing)

    def draw(self, batch: Batch) -> Drawing:
        """Both pictures of every layout."""
        objects, real = shuffled(batch), batch.images
        real_crops = self.crops(real, objects)
        mu, logvar = self.E(real_crops, objects.labels)
        z = torch.randn_like(mu)
        paths = [self.G(objects, draw(mu, logvar)), self.G(objects, z)]
        made_crops = torch.cat([self.crops(made, objects) for made in paths])
        return Drawing(objects, real, torch.cat(paths), real_crops, made_crops, mu, logvar, z)

    def crops(self, images: Tensor, objects: Objects) -> Tensor:
        """Each object cut out of its picture, (O, 3, crop, crop)."""
        return crop(images[objects.picture], objects.boxes, self.hp.crop)

    def image_phase(self, drawing: Drawing) -> dict[str, Tensor]:
        """D_image tells pictures from both kinds of made ones, which count half each."""
        logits = self.D_image(torch.cat([drawing.real, drawing.made.detach()]))
        count = len(drawing.real)
        loss = self.hp.image_adversarial * bce_discriminator(logits[:count], logits[count:])
        self.D_image_opt.zero_grad()
        torch.autograd.backward(loss)
        self.D_image_opt.step()
        return {"loss/D_image": loss.detach()}

    def object_phase(self, drawing: Drawing) -> dict[str, Tensor]:
        """D_object does so with objects, and learns their labels from real ones."""
        logits, classes = self.D_object(torch.cat([drawing.real_crops, drawing.made_crops.detach()]))
        count = len(drawing.objects)
        adversarial = bce_discriminator(logits[:count], logits[count:])
        label = cross_entropy(classes[:count], drawing.objects.labels)
        loss = self.hp.object_adversarial * adversarial + self.hp.classification * label
        self.D_object_opt.zero_grad()
        torch.autograd.backward(loss)
        self.D_object_opt.step()
        return {"loss/D_object": adversarial.detach(), "loss/D_label": label.detach()}

    def reconstruction_phase(self, batch: Batch) -> dict[str, Tensor]:
        """G and E lower the two losses that need no D and no drawn z."""
        objects = shuffled(batch)
        mu, logvar = self.E(self.crops(batch.images, objects), objects.labels)
        made = self.G(objects, draw(mu, logvar))
        kl, difference = kl_divergence(mu, logvar), l1_loss(made, batch.images)
        self.G_opt.zero_grad()
        torch.autograd.backward(self.hp.kl * kl + self.hp.image_l1 * difference)
        self.G_opt.step()
        return {"loss/kl": kl.detach(), "loss/image_l1": difference.detach()}

    def generator_phase(self, drawing: Drawing) -> dict[str, Tensor]:
        """G and E lower the six losses together."""
        hp = self.hp
        with frozen(self.D_image), frozen(self.D_object):
            parts = self.generator_losses(drawing)
        loss = (
            hp.kl * parts["kl"]
            + hp.image_l1 * parts["image_l1"]
            + hp.z_l1 * parts["z_l1"]
            + hp.object_adversarial * parts["G_object"]
            + hp.classification * parts["G_label"]
        )
        if "G_image" in parts:
            loss = loss + hp.image_adversarial * parts["G_image"]
        self.G_opt.zero_grad()
        torch.autograd.backward(loss)
        self.G_opt.step()
        return {"loss/G": loss.detach(), **{f"loss/{name}": part.detach() for name, part in parts.items()}}

    def generator_losses(self, drawing: Drawing) -> dict[str, Tensor]:
        """The six losses, unweighted. Both kinds of made pictures and objects count half each.

        The one that asks D_image is left out where it weighs nothing.
        """
        labels = drawing.objects.labels
        found, _ = self.E(drawing.made_crops[len(labels) :], labels)
        logits, classes = self.D_object(drawing.made_crops)
        asked = {"G_image": bce_generator(self.D_image(drawing.made))} if self.hp.image_adversarial else {}
        return {
            "kl": kl_divergence(drawing.mu, drawing.logvar),
            "image_l1": l1_loss(drawing.made[: len(drawing.real)], drawing.real),
            "z_l1": l1_loss(found, drawing.z),
            **asked,
            "G_object": bce_generator(logits),
            "G_label": cross_entropy(classes, labels.repeat(2)),
        }

    @property
    def learning_rate(self) -> float:
        """`lr`, falling in a straight line to 0 from `lr_decay_start` of the steps on."""
        return float(self.hp.lr * linear_decay(self.clock.step, self.clock.steps, self.hp.lr_decay_start))

    def _set_learning_rates(self) -> None:
        set_learning_rate((self.G_opt, self.D_image_opt, self.D_object_opt), self.learning_rate)
        for group in self.G_opt.param_groups[1:]:
            group["lr"] = self.hp.last_lr * self.learning_rate

    @property
    def object_labels(self) -> tuple[str, ...]:
        """What may stand in a box."""
        return self.data.labels

    @property
    def object_z_dim(self) -> int:
        """Length of one object's z, drawn from N(0, 1)."""
        return self.hp.z_dim

    def render_layout(self, boxes: Tensor, labels: Tensor, z: Tensor, present: Tensor) -> Tensor:
        """Pictures (N, 3, H, W) in [-1, 1] from boxes (N, K, 4), labels (N, K), z (N, K, z_dim) and present (N, K).

        Objects are fused in the order given, which matters a little where boxes overlap. Absent ones, whatever they
        say, change nothing.
        """
        objects = pack(boxes, labels, present)
        pictures: Tensor = self.ema["G"](objects, z[objects.picture, objects.slot])
        return pictures.clamp(-1, 1)
