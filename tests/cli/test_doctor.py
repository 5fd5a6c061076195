"""`ganvas doctor`: what it looks at, and what a report leaves out."""

from __future__ import annotations

import getpass
import shutil
import sys
from pathlib import Path

import pytest

from studio import __version__
from studio.cli.log_tails import LONGEST_LINE, TAIL_BYTES
from tests.cli.conftest import TRAINED, Command, call


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


@pytest.mark.parametrize("below", ["", "below"])
def test_a_home_that_is_a_file_is_a_problem(
    installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, below: str
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("GANVAS_HOME", str(tmp_path / "file" / below))
    said = call("--safe-mode", "doctor")
    assert said.code == 0
    assert f"! {tmp_path / 'file'} is no folder, and the home cannot be made there. Set GANVAS_HOME" in said.out
    assert "Nothing is missing." not in said.out


TRACEBACK = """2026-11-22 10:02:03,004 ERROR MainThread studio: Unforeseen
Traceback (most recent call last):
  File "/home/jane/my venv/lib/python3.11/site-packages/PIL/Image.py", line 3498, in open
    raise UnidentifiedImageError(msg)
PIL.UnidentifiedImageError: cannot identify image file '/media/Anna\\'s disk/Wedding of Anna (2)/kiss & ride.JPG'
2026-11-22 10:02:04,005 WARNING ganvas-job studio.data: There are no pictures in /mnt/Wedding of Anna. Choose another.
2026-11-22 10:02:05,006 INFO MainThread studio.engine.runs: The run in D:\\Runs of Jane\\portraits is damaged.
Fatal Python error: Segmentation fault
  File "C:\\Users\\Jane\\AppData\\Lib\\site-packages\\torch\\nn\\functional.py", line 7 in conv2d
"""


def write_log(folder: Path, name: str, text: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.txt").write_text(text, "utf-8")


def test_a_report_holds_the_ends_of_the_newest_logs_and_no_name(
    ganvas_with_run: Command, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(getpass, "getuser", lambda: "jane")
    for hour in range(10, 20):
        write_log(home / "logs", f"20261122-{hour}0000", f"window of {hour}\n")
        write_log(home / "logs" / "engine", f"20261122-{hour}0000-ab", f"engine of {hour}\n")
    write_log(home / "logs", "20261122-120000", f"window of 12\n{TRACEBACK}")
    report = tmp_path / "report.txt"
    assert ganvas_with_run("doctor", "--report", str(report)).code == 0
    text = report.read_text("utf-8")
    there = [f"{whose} of {hour}" for whose in ("window", "engine") for hour in range(10, 20)]
    assert [one for one in there if one in text] == [
        "window of 12",  # which ends with a crash of Python
        "window of 18",
        "window of 19",
        "engine of 18",
        "engine of 19",
    ]
    for useful in ("Segmentation fault", "<python>/torch/nn/functional.py", "<python>/PIL/Image.py", ", line 3498"):
        assert useful in text
    assert "cannot identify image file '….JPG'" in text
    for private in ("jane", "anna", "wedding", "kiss", "portraits", "media", str(tmp_path).lower()):
        assert private not in text.lower(), private


def test_names_that_a_person_gave_to_data_and_runs_are_left_out_wherever_they_are(
    ganvas_with_run: Command, home: Path, tmp_path: Path, pictures: Path
) -> None:
    kites = tmp_path / "Kites of Zoë"
    shutil.copytree(pictures, kites)
    trained = ganvas_with_run(*TRAINED, "--data", str(kites), "--out", str(home / "runs" / "Zoë sets sail"))
    assert trained.code == 0, trained.err
    write_log(home / "logs", "20261122-100000", "Looked at Kites of Zoë, then at Zoë sets sail. All is well.\n")
    report = tmp_path / "report.txt"
    ganvas_with_run("doctor", "--report", str(report))
    text = report.read_text("utf-8")
    assert "Looked at …, then at …. All is well." in text
    assert "Zoë" not in text


def test_a_report_is_small_however_long_the_logs_are(ganvas_with_run: Command, home: Path, tmp_path: Path) -> None:
    for hour in range(10, 20):
        lines = "".join(f"line {number} of /home/jane/{'x' * 50}\n" for number in range(20_000))
        write_log(home / "logs", f"20261122-{hour}0000", f"{lines}{'y' * 5000}\nthe end of {hour}\n")
    report = tmp_path / "report.txt"
    assert ganvas_with_run("doctor", "--report", str(report)).code == 0
    text = report.read_text("utf-8")
    assert "the end of 19" in text
    assert len(text) < 5 * TAIL_BYTES + 8000
    assert all(len(line) < LONGEST_LINE + 20 for line in text.splitlines())


def test_a_log_that_cannot_be_read_is_said(ganvas: Command, home: Path, tmp_path: Path) -> None:
    (home / "logs" / "20261122-100000.txt").mkdir(parents=True)
    ganvas("doctor", "--report", str(tmp_path / "report.txt"))
    assert "It cannot be read: " in (tmp_path / "report.txt").read_text("utf-8")
