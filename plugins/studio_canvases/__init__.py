"""The canvases that come with the studio. Their widgets are imported when they are first shown."""

from collections.abc import Iterable

from studio.api import CanvasSpec, LatentSampling, hookimpl


@hookimpl
def studio_canvases() -> Iterable[CanvasSpec]:
    """Places to play with whatever a trained model can do."""
    yield CanvasSpec(
        id="latent",
        title="Latent",
        requires=(LatentSampling,),
        widget="studio.gui.canvases.latent:LatentCanvas",
        summary="Explore z: seeds, sliders, truncation, and the way between two pictures",
    )
