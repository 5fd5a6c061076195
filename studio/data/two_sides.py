"""Two stacks of pictures that belong together: pairs, or two domains."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from studio.api.data import DataKind, PictureSource
from studio.api.errors import StudioError
from studio.data.decode import Part, is_two_squares, original_size
from studio.data.file_stack import FileStack
from studio.data.files import Files, is_picture_name, left_out, readable, shared_depth
from studio.data.skipped import Skipped

NAMES = (("a", "b"), ("traina", "trainb"))
HELD_OUT = frozenset({"test", "val", "testa", "testb", "vala", "valb"})
TRAIN = "train"
PROBES = 8
PAIRED_REMEDY = (
    "Make two folders in it, A and B, with the same file names; or pictures that are twice as wide as tall, A beside B."
)
UNPAIRED_REMEDY = "Make two folders in it, A and B, one for each kind of picture."


@dataclass(frozen=True)
class TwoSides:
    """Pairs, or two domains.

    Attributes:
        name: what a person calls them.
        kind: paired or unpaired.
        domains: what the sides are called.
        sides: their pictures.
        left_out: files that are not used.
    """

    name: str
    kind: DataKind
    domains: tuple[str, str]
    sides: tuple[PictureSource, PictureSource]
    left_out: tuple[Skipped, ...] = ()

    @property
    def fingerprint(self) -> str:
        """Of both sides and how they belong together."""
        told = f"{self.kind} {self.domains} {' '.join(side.fingerprint for side in self.sides)}"
        return hashlib.sha256(told.encode()).hexdigest()


def has_pairs(files: Files) -> bool:
    """Whether a place has two folders of which most file names match."""
    folders = _folders(files)
    if folders is None:
        return False
    a, b = (_by_stem(paths) for paths in folders.values())
    return 2 * len(a.keys() & b.keys()) > min(len(a), len(b))


def has_sides(files: Files) -> bool:
    """Whether a place has folders that are called A and B."""
    return _folders(files) is not None


def has_halves(files: Files) -> bool:
    """Whether most of the first pictures of a place are two squares side by side."""
    sizes = []
    for path in [path for path in files.paths if is_picture_name(path)][:PROBES]:
        with contextlib.suppress(StudioError):
            sizes.append(original_size(files.open(path)))
    return 2 * sum(map(is_two_squares, sizes)) > len(sizes)


def paired(files: Files) -> TwoSides:
    """Pairs: of two folders by file name, or pictures that hold both sides.

    Raises:
        StudioError: there are none.
    """
    folders = _folders(files)
    if folders is None:
        return _halves(files)
    a, b = (_by_stem(paths) for paths in folders.values())
    both = sorted(a.keys() & b.keys())
    if not both:
        raise StudioError(f"No two file names in the two folders of {files.title} are the same.", PAIRED_REMEDY)
    alone = [path for side, other in ((a, b), (b, a)) for stem, path in side.items() if stem not in other]
    lonely = tuple(Skipped(readable(path), "It has no partner of the same name.") for path in sorted(alone))
    sides = (FileStack(files, [a[stem] for stem in both]), FileStack(files, [b[stem] for stem in both]))
    return TwoSides(files.name, DataKind.PAIRED, _domains(folders), sides, (*left_out(files), *lonely))


def unpaired(files: Files) -> TwoSides:
    """Two domains: of two folders.

    Raises:
        StudioError: there are no two folders.
    """
    folders = _folders(files) or _any_two(files)
    if folders is None:
        raise StudioError(f"{files.title} does not hold two folders of pictures.", UNPAIRED_REMEDY)
    a, b = folders.values()
    sides = (FileStack(files, a), FileStack(files, b))
    return TwoSides(files.name, DataKind.UNPAIRED, _domains(folders), sides, left_out(files))


def _halves(files: Files) -> TwoSides:
    pictures = _for_training([path for path in files.paths if is_picture_name(path)], 0)
    if not pictures or not has_halves(files):
        raise StudioError(f"There are no pairs in {files.title}.", PAIRED_REMEDY)
    sides = (FileStack(files, pictures, Part.LEFT), FileStack(files, pictures, Part.RIGHT))
    return TwoSides(files.name, DataKind.PAIRED, ("A", "B"), sides, left_out(files))


def _folders(files: Files) -> Mapping[str, list[PurePosixPath]] | None:
    """The pictures of two folders called A and B, or trainA and trainB."""
    found = _by_folder(files)
    lower = {name.lower(): name for name in found}
    for a, b in NAMES:
        if a in lower and b in lower:
            return {lower[a]: found[lower[a]], lower[b]: found[lower[b]]}
    return None


def _any_two(files: Files) -> Mapping[str, list[PurePosixPath]] | None:
    """The pictures of the only two folders, whatever they are called."""
    found = {name: paths for name, paths in _by_folder(files).items() if name.lower() not in HELD_OUT}
    return found if len(found) == 2 else None


def _by_folder(files: Files) -> dict[str, list[PurePosixPath]]:
    """Pictures by the folder they are in, below what all have in common."""
    pictures = [path for path in files.paths if is_picture_name(path)]
    depth = shared_depth(pictures)
    found: dict[str, list[PurePosixPath]] = {}
    for path in pictures:
        if len(path.parts) > depth + 1:
            found.setdefault(path.parts[depth], []).append(path)
    return {name: _for_training(paths, depth + 1) for name, paths in found.items()}


def _for_training(paths: list[PurePosixPath], depth: int) -> list[PurePosixPath]:
    """Those in a folder `train` at `depth`, where there is one beside folders of what is held out."""
    names = {path.parts[depth].lower() for path in paths if len(path.parts) > depth + 1}
    if TRAIN not in names or not names <= {TRAIN, *HELD_OUT}:
        return paths
    return [path for path in paths if len(path.parts) > depth + 1 and path.parts[depth].lower() == TRAIN]


def _by_stem(paths: Sequence[PurePosixPath]) -> dict[str, PurePosixPath]:
    """Paths below their folder without the ending, which may differ: a photograph and its drawing."""
    depth = shared_depth(paths)
    return {str(PurePosixPath(*path.parts[depth:]).with_suffix("")): path for path in paths}


def _domains(folders: Mapping[str, object]) -> tuple[str, str]:
    a, b = folders
    return ("A", "B") if (a.lower(), b.lower()) in NAMES else (a, b)
