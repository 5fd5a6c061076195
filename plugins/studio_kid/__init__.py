"""KID-lite0: how far generated pictures are from real ones, as EfficientNet-lite0 sees them."""

from __future__ import annotations

from collections.abc import Iterable

from studio.api import MetricSpec, hookimpl

KID_LITE0 = MetricSpec(
    id="kid-lite0",
    title="KID-lite0",
    lower_is_better=True,
    metric="studio_kid.kid:kid_lite0",
    images=500,
    install="ganvas[metrics]",
)


@hookimpl
def studio_metrics() -> Iterable[MetricSpec]:
    """KID with features that come in a package, without a download."""
    return (KID_LITE0,)
