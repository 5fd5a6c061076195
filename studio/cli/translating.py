"""`ganvas translate`: pictures of one's own, in the other domain."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from studio.cli.output import Output, output
from studio.cli.progress import Progress
from studio.cli.surroundings import DeviceText, RunText, StepNumber, Surroundings

if TYPE_CHECKING:
    import numpy as np

    from studio.data.file_stack import FileStack
    from studio.engine.translating import Translator

ENDING = ".png"


def translate(
    context: typer.Context,
    run: RunText,
    *,
    given: Annotated[Path, typer.Option("--input", metavar="PATH", help="A picture, or a folder or zip of them.")],
    out: Annotated[Path, typer.Option(metavar="PATH", help="A picture, or a folder for one PNG each.")],
    direction: Annotated[
        str | None, typer.Option(metavar="D", help="Such as A->B; the first that the model knows, if left out.")
    ] = None,
    seed: Annotated[int, typer.Option(metavar="S", min=0, help="Of dropout, where the model keeps it.")] = 0,
    step: StepNumber = None,
    device: DeviceText = "auto",
) -> None:
    """Translate pictures into the other domain.

    The middle square of each is taken, at the resolution of the run. A file that cannot be read is named and left out.
    """
    from studio.cli.pictures import check_target, is_one_picture, save

    around = Surroundings.of(context)
    with output(json=False) as lines:
        out = out.expanduser()
        pictures = _pictures(given.expanduser())
        check_target(out, len(pictures))
        found = around.run(run)
        from studio.engine.translating import Translator

        translator = Translator(found, around.host(), direction, seed=seed, device=device, step=step)
        made = _translated(pictures, translator, lines)
        if is_one_picture(out):
            lines.text(_as_one(out, made))
            return
        count = 0
        for key, picture in made:
            save(out / key, picture)
            count += 1
        lines.text(f"Wrote {count} {'picture' if count == 1 else 'pictures'} to {out}, {translator.direction}.")


def _pictures(path: Path) -> FileStack:
    """A picture, or those of a folder or a zip."""
    from studio.api.errors import StudioError
    from studio.data.file_stack import FileStack
    from studio.data.folder import FolderFiles
    from studio.data.zipped import ZipFiles

    if path.is_dir():
        return FileStack(FolderFiles(path))
    if not path.exists():
        raise StudioError(f"There is nothing at {path}.", "Give a picture, or a folder or zip of them.")
    if path.suffix.lower() == ".zip":
        return FileStack(ZipFiles(path))
    files = FolderFiles(path.parent, only=path.name)
    return FileStack(files, files.paths)


def _translated(pictures: FileStack, translator: Translator, lines: Output) -> Iterator[tuple[str, np.ndarray]]:
    """Each picture that can be read, under a file name of its own."""
    from studio.api.errors import StudioError

    names = _names([pictures.key(index) for index in range(len(pictures))])
    progress = Progress()
    done = 0
    reasons: list[str] = []
    try:
        for index, name in enumerate(names):
            try:
                picture = pictures.picture(index, translator.resolution)
            except StudioError as error:
                reasons.append(f"{pictures.key(index)}: {error.message}")
                continue
            yield name, translator.translate(picture)
            done += 1
            progress.show("Translating", index + 1, len(names))
    finally:
        progress.close()
    if not done:
        raise StudioError(f"Not one picture can be read. {reasons[0]}", "Choose other pictures.")
    for reason in reasons:
        lines.text(f"Left out {reason}")


def _names(keys: list[str]) -> list[str]:
    """Each input's path with .png behind its stem; the second of one stem keeps its own ending before that."""
    taken: set[str] = set()
    names = []
    for key in keys:
        name = str(Path(key).with_suffix(ENDING))
        names.append(name if name not in taken else f"{key}{ENDING}")
        taken.add(names[-1])
    return names


def _as_one(out: Path, made: Iterator[tuple[str, np.ndarray]]) -> str:
    import numpy as np

    from studio.cli.pictures import write_pictures

    return write_pictures(out, iter([np.stack([picture for _, picture in made])]))
