"""A picture that was made somewhere else, as a source of styles."""

from __future__ import annotations

from studio.api.errors import StudioError
from studio.edit.documents import EditEnvelope
from studio.edit.latent import LatentDocument
from studio.edit.mixing import MixDocument


def seed_of(envelope: EditEnvelope) -> int:
    """The seed whose style a saved picture has: one of the latent canvas, or a row of the mixing canvas as it was.

    Raises:
        StudioError: it has no style of one seed alone.
    """
    if envelope.canvas == "latent":
        latent = LatentDocument.from_json(envelope.document)
        if latent.t is None and latent.point == type(latent.point)(latent.seed):
            return latent.seed
    if envelope.canvas == "mixing":
        mixture = MixDocument.from_json(envelope.document)
        if all(layer.column is None or not layer.weight for layer in mixture.layers):
            return mixture.rows[mixture.row]
    raise StudioError(
        "This picture is more than a seed's, so it has no style to take.",
        "Drop one that a seed made and nothing was changed in.",
    )
