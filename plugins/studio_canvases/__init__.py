"""The canvases that come with the studio. Their widgets are imported when they are first shown."""

from collections.abc import Iterable

from studio.api import CanvasSpec, ImageTranslation, LatentSampling, LayoutRendering, Realism, StyleMixing, hookimpl


@hookimpl
def studio_canvases() -> Iterable[CanvasSpec]:
    """Places to play with whatever a trained model can do."""
    yield CanvasSpec(
        id="latent",
        title="Latent",
        requires=(LatentSampling,),
        widget="studio.gui.canvases.latent:LatentCanvas",
        summary="Explore z: seeds, sliders, truncation, and the way between two pictures",
        document="studio.edit.latent:LatentDocument",
    )
    yield CanvasSpec(
        id="walk",
        title="Walk",
        requires=(LatentSampling,),
        widget="studio.gui.canvases.walk:WalkCanvas",
        summary="Walk from picture to picture, and make a film of it",
        document="studio.edit.walk:WalkDocument",
    )
    yield CanvasSpec(
        id="mixing",
        title="Mixing",
        requires=(LatentSampling, StyleMixing),
        widget="studio.gui.canvases.mixing:MixingCanvas",
        summary="Mix styles: rows by columns, layer by layer, with as much of each as you like",
        document="studio.edit.mixing:MixDocument",
    )
    yield CanvasSpec(
        id="inpaint",
        title="Inpaint",
        requires=(LatentSampling, Realism),
        widget="studio.gui.canvases.inpaint:InpaintCanvas",
        summary="Paint over a part of a picture; the model fills it with what fits around it",
        document="studio.edit.inpaint:InpaintDocument",
    )
    yield CanvasSpec(
        id="layout",
        title="Layout",
        requires=(LayoutRendering,),
        widget="studio.gui.canvases.layout:LayoutCanvas",
        summary="Draw boxes and say what they hold; give each object other looks",
        document="studio.edit.layout:LayoutDocument",
    )
    yield CanvasSpec(
        id="translate",
        title="Translate",
        requires=(ImageTranslation,),
        widget="studio.gui.canvases.translate:TranslateCanvas",
        summary="Turn pictures of one kind into another: drop them, or draw and watch it follow",
        document="studio.edit.translation:TranslationDocument",
    )
