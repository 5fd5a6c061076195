"""Metrics that are quick, and metrics that fail."""

from __future__ import annotations

from studio.api import MetricSpec, hookimpl

WHERE = "tests.cli.toy_metrics"


@hookimpl
def studio_metrics() -> list[MetricSpec]:
    return [
        MetricSpec("toy-distance", "Toy distance", True, f"{WHERE}:distance", images=6),
        MetricSpec("toy-contrast", "Toy contrast", False, f"{WHERE}:contrast", images=4),
        MetricSpec("toy-failing", "Failing", True, f"{WHERE}:failing"),
        MetricSpec("toy-endless", "Endless", True, f"{WHERE}:endless"),
        MetricSpec("toy-lacking", "Lacking", True, "tests.cli.toy_metrics_lacking:score", install="ganvas-toys[all]"),
        MetricSpec("toy-interrupted", "Interrupted", True, f"{WHERE}:interrupted"),
    ]
