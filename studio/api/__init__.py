"""All that a plugin may import, with `studio.nn`: stable, documented, free of Qt and, at import, of torch."""

from studio.api.canvas import CanvasSpec, Document, LongRequest, Progress, RenderRequest
from studio.api.capabilities import (
    Encoding,
    ImageTranslation,
    Inpainting,
    LatentSampling,
    LatentSpace,
    LayoutRendering,
    Realism,
    StyleMixing,
    TextPrompt,
)
from studio.api.data import (
    Batch,
    DataInfo,
    DataKind,
    DatasetSpec,
    LayoutSource,
    PictureSource,
    PlacedObject,
    SidedSource,
)
from studio.api.errors import StudioError
from studio.api.files import ExporterSpec, ImportedModel, ImporterSpec
from studio.api.hooks import API_VERSION, ENTRY_POINT_GROUP, hookimpl, hookspec
from studio.api.hyperparameters import HyperparameterInfo, Hyperparameters, hyper
from studio.api.metrics import MetricSpec
from studio.api.model import Clock, GanModel, ModelSpec, Preset

__all__ = [
    "API_VERSION",
    "ENTRY_POINT_GROUP",
    "Batch",
    "CanvasSpec",
    "Clock",
    "DataInfo",
    "DataKind",
    "DatasetSpec",
    "Document",
    "Encoding",
    "ExporterSpec",
    "GanModel",
    "HyperparameterInfo",
    "Hyperparameters",
    "ImageTranslation",
    "ImportedModel",
    "ImporterSpec",
    "Inpainting",
    "LatentSampling",
    "LatentSpace",
    "LayoutRendering",
    "LayoutSource",
    "LongRequest",
    "MetricSpec",
    "ModelSpec",
    "PictureSource",
    "PlacedObject",
    "Preset",
    "Progress",
    "Realism",
    "RenderRequest",
    "SidedSource",
    "StudioError",
    "StyleMixing",
    "TextPrompt",
    "hookimpl",
    "hookspec",
    "hyper",
]
