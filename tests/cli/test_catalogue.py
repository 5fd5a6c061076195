"""`ganvas plugins`, `ganvas models` and `ganvas models show`."""

from __future__ import annotations

from tests.cli.conftest import Command


def test_plugins_are_listed_as_json_with_why_they_failed(ganvas: Command) -> None:
    said = ganvas("plugins", "--json")
    assert said.code == 0
    assert said.err == ""
    by_id = {one["id"]: one for one in said.objects}
    assert by_id["gan"].items() >= {"status": "ok", "distribution": "ganvas", "error": ""}.items()
    assert by_id["toy"].items() >= {"status": "ok", "version": "3.1", "models": ["toy"]}.items()
    assert by_id["broken"]["status"] == "failed"
    assert by_id["broken"]["models"] == []
    assert by_id["broken"]["error"] == "It raised ValueError while it was imported: bad weather."


def test_plugins_are_listed_for_people(ganvas: Command) -> None:
    said = ganvas("plugins")
    rows = [line.split() for line in said.out.splitlines()]
    assert ["toy", "ok", "ganvas-toy", "3.1", "toy"] in rows
    assert "broken: It raised ValueError while it was imported: bad weather." in said.out
    assert "Traceback" not in said.out
    assert "Traceback" in ganvas("plugins", "--details").out


def test_safe_mode_leaves_others_plugins_out(ganvas: Command) -> None:
    ids = [one["id"] for one in ganvas("--safe-mode", "plugins", "--json").objects]
    assert "gan" in ids
    assert "toy" not in ids


def test_models_are_listed_as_json(ganvas: Command) -> None:
    (toy,) = [one for one in ganvas("models", "--json").objects if one["id"] == "toy"]
    assert toy == {
        "id": "toy",
        "title": "Toy",
        "data": "unlabelled",
        "capabilities": ["LatentSampling"],
        "presets": ["quick", "paper"],
        "plugin": "toy",
    }


def test_models_are_listed_for_people_who_hear_of_what_failed(ganvas: Command) -> None:
    said = ganvas("models")
    assert "Toy" in said.out
    assert said.err == "Failed to load: broken. `ganvas plugins` says why.\n"


def test_a_model_is_shown_with_every_hyperparameter(ganvas: Command) -> None:
    (shown,) = ganvas("models", "show", "toy", "--json").objects
    assert ganvas("models", "--json", "show", "toy").objects == [shown]
    assert shown["presets"] == ["quick", "paper"]
    assert shown["preset_values"]["paper"]["steps"] == 50
    lr = next(one for one in shown["hyperparameters"] if one["name"] == "lr")
    assert lr.items() >= {"default": 0.001, "minimum": 0.0, "exclusive_minimum": True, "maximum": 1.0}.items()
    assert lr.items() >= {"live": True, "source": "A paper, section 1", "unit": ""}.items()
    assert {"resolution", "batch", "ema_kimg", "log_every", "sample_every", "checkpoint_every"} <= {
        one["name"] for one in shown["hyperparameters"]
    }


def test_a_model_is_shown_for_people(ganvas: Command) -> None:
    out = ganvas("models", "show", "toy").out
    rows = {line.split()[0]: line.split() for line in out.splitlines() if line.strip()}
    assert rows["lr"] == ["lr", "0.001", "0.01", "above", "0", "to", "1", "live"]
    assert rows["resolution"] == ["resolution", "64", "8", "16", "8", "to", "1024", "px"]
    assert rows["send"][1:] == ["nothing", "one", "of", "nothing,", "SIGINT,", "SIGTERM"]
    assert "Learning rate. [A paper, section 1]" in out
    assert "50 steps" in out


def test_an_unknown_model_is_answered_with_the_nearest(ganvas: Command) -> None:
    said = ganvas("models", "show", "tov")
    assert said.code == 2
    assert said.out == ""
    assert said.err.startswith("There is no model 'tov'. Did you mean toy? There is: ")
    assert said.err.count("\n") == 1
