"""`ganvas runs measure`: how good the pictures of each checkpoint are, and which is the best."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from studio.cli.output import Output, output
from studio.cli.progress import Progress
from studio.cli.surroundings import AsJson, DeviceText, RunText, Surroundings

if TYPE_CHECKING:
    from studio.engine.measuring import Measurement, Score
    from studio.engine.runs import Run
    from studio.engine.scores import ScoreSheet

INTERRUPTED = 130


def measure(
    context: typer.Context,
    run: RunText,
    *,
    metric: Annotated[
        str,
        typer.Option(metavar="ID", help="One metric alone; it says which is the best from now on.", show_default="all"),
    ] = "",
    step: Annotated[
        int | None,
        typer.Option("--step", metavar="N", min=1, help="One checkpoint alone: see `ganvas show`.", show_default="all"),
    ] = None,
    images: Annotated[
        int | None,
        typer.Option(
            metavar="N", min=2, help="Pictures of each kind.", show_default="as before, or as the metric says"
        ),
    ] = None,
    data: Annotated[
        str, typer.Option(metavar="SOURCE", help="The real pictures.", show_default="those it was trained on")
    ] = "",
    again: Annotated[bool, typer.Option("--again", help="What has been measured already, too.")] = False,
    device: DeviceText = "auto",
    as_json: AsJson = False,
) -> None:
    """Score the pictures of every checkpoint against the data. The best one is kept while it is the best.

    Ctrl-C ends it; what has been measured stays. The run may be training.
    """
    from studio.engine.measuring import Measurement, chosen

    around = Surroundings.of(context)
    with output(json=as_json) as out:
        found = around.run(run)
        host = around.host()
        specs = chosen(host, metric)
        if step is not None:
            found.checkpoints.at(step)
        progress = Progress()
        try:
            asked = Measurement(
                found, host, around.home, specs, data=data, images=images, device=device, tell=progress.show
            )
            _warn(asked, out)
            scores = list(_told(asked, out, [step] if step is not None else None, again=again))
        except KeyboardInterrupt:
            progress.close()
            out.note("Ended; what has been measured is kept.")
            raise typer.Exit(INTERRUPTED) from None
        finally:
            progress.close()
        _end(out, found, metric, scores)


def _warn(asked: Measurement, out: Output) -> None:
    for refusal in asked.refusals:
        out.note(str(refusal))
    if asked.changed:
        out.note("These are not the pictures that the run was trained on, or they have changed since.")
    for title in asked.incomparable:
        out.note(f"Scores of {title} so far are of other pictures. They do not compare, and go with the first new one.")


def _told(asked: Measurement, out: Output, steps: list[int] | None, *, again: bool) -> list[Score]:
    scores = []
    for score in asked.scores(steps, again=again):
        scores.append(score)
        if score.value is None:
            out.note(f"Step {score.step:,}: {score.trouble}")
            continue
        if score.trouble:
            out.note(f"Step {score.step:,}: {score.metric} {score.value:.4g}, which is not kept. {score.trouble}")
        out.object(step=score.step, metric=score.metric, value=score.value, images=score.images)
    return scores


def _end(out: Output, run: Run, metric: str, scores: list[Score]) -> None:
    """Settles which is the best, and shows all that is known now.

    Raises:
        StudioError: nothing could be measured, or not all of it could be kept.
    """
    from studio.api.errors import StudioError

    if scores and all(score.value is None for score in scores):
        raise StudioError(f"Nothing could be measured in {run.name}.")
    if any(score.trouble for score in scores if score.value is not None):
        raise StudioError(f"Not every score of {run.name} could be kept.", "Note those above, or measure them again.")
    if metric:
        run.scores.choose(metric)
    sheet = run.scores.read()
    steps = [checkpoint.step for checkpoint in run.checkpoints.all()]
    best = sheet.best(steps)
    out.object(run=str(run.folder), best=best, best_by=sheet.best_by)
    _table(out, sheet, steps, best)


def _table(out: Output, sheet: ScoreSheet, steps: list[int], best: int | None) -> None:
    shown = list(sheet.metrics.values())
    if not shown or not steps:
        out.text("There is no checkpoint to measure yet. One is made after a minute, and when the run pauses.")
        return
    rows = [
        (
            f"{step:,}",
            *(f"{scores.values[step]:.4g}" if step in scores.values else "" for scores in shown),
            "the best" if step == best else "",
        )
        for step in steps
    ]
    out.table(("STEP", *(scores.title for scores in shown), ""), rows)
    direction = {True: "lower", False: "higher"}
    said = [
        f"{scores.title}: {direction[scores.lower_is_better]} is better, {scores.images:,} pictures."
        for scores in shown
    ]
    out.text(" ".join(said))
