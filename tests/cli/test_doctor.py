"""`ganvas doctor`: what it looks at, and what a report leaves out."""

from __future__ import annotations

import getpass
import platform
import sys
from pathlib import Path

import pytest

from studio import __version__
from studio.cli.redaction import without_paths
from tests.cli.conftest import Command


def test_the_machine_is_told_as_json(ganvas_with_run: Command, home: Path) -> None:
    (told,) = ganvas_with_run("doctor", "--json").objects
    assert told["ganvas"] == __version__
    assert told["home"] == str(home)
    assert "cpu" in told["devices"]
    assert told["runs"] == {"finished": 1}
    assert told["libraries"]["pydantic"][0].isdigit()
    assert {one["id"]: one["ok"] for one in told["plugins"]}.items() >= {"toy": True, "broken": False}.items()
    assert any("The plugin broken does not work." in one["problem"] for one in told["problems"])


def test_the_machine_is_told_to_people(ganvas: Command) -> None:
    said = ganvas("doctor")
    assert said.code == 0
    assert f"ganvas: {__version__}" in said.out
    assert "! The plugin broken does not work. It raised ValueError" in said.out


def test_a_report_holds_the_tracebacks_and_no_path(ganvas_with_run: Command, home: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.txt"
    said = ganvas_with_run("doctor", "--report", str(report))
    assert said.code == 0
    text = report.read_text("utf-8")
    assert "ValueError: bad weather" in text
    assert "shelf_broken.py" in text
    for private in (home, tmp_path, Path.home(), Path.cwd(), sys.prefix):
        assert str(private) not in text


def test_a_report_that_cannot_be_written_says_so(ganvas: Command, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    report = tmp_path / "file" / "report.txt"
    said = ganvas("doctor", "--report", str(report))
    assert said.code == 2
    assert said.err.startswith(f"{report} may not be written. ")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('File "/srv/jane/my pictures/plug.py", line 3', 'File "…/plug.py", line 3'),
        ("No such file: '/mnt/Holiday 2025/a cat.png'", "No such file: '…/a cat.png'"),
        (r"C:\Users\Jane\cats\tom.png is damaged", "…/tom.png is damaged"),
        (f"{Path.home()}/cats/tom.png is damaged", "~/…/tom.png is damaged"),
        (f"{Path.home() / 'tom.png'} is damaged", "~/…/tom.png is damaged"),
        ("5 of 10, and 1/2 of a step", "5 of 10, and 1/2 of a step"),
    ],
)
def test_paths_are_cut_to_their_ends(text: str, expected: str) -> None:
    assert without_paths(text) == expected


def test_modules_keep_their_place_in_a_package() -> None:
    entry = next(entry for entry in sys.path if entry.endswith("site-packages"))
    assert without_paths(f'File "{entry}/plug/model.py"') == 'File "<python>/plug/model.py"'


def test_the_names_of_person_and_machine_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getpass, "getuser", lambda: "jane")
    monkeypatch.setattr(platform, "node", lambda: "janes-laptop")
    assert without_paths("jane trained on janes-laptop") == "… trained on …"
