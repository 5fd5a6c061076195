"""What others' programs write becomes our networks, weight for weight; what is not quite ours is refused by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from studio.api import DataInfo, DataKind, StudioError
from studio.importers.architectures import recognised
from studio.importers.confined import read_foreign
from studio.importers.errors import ForeignFileError
from studio.importers.found import Found
from studio.importers.nvidia import UNKNOWN_CODE
from studio.importers.reading import read_file
from studio.importers.rosinality import WITHOUT_D, WITHOUT_MEAN
from studio_stylegan import STYLEGAN2, STYLEGAN3
from studio_stylegan.model import StyleGan2
from studio_stylegan.style3_model import StyleGan3
from tests.importers import assembler, foreign
from tests.plugins.stylegan2_kit import labelled, small_of

UNLABELLED = DataInfo(DataKind.UNLABELLED, 0, 8)
SMALL3: dict[str, Any] = {
    "resolution": 16,
    "z_dim": 6,
    "w_dim": 8,
    "mapping_layers": 2,
    "channel_base": 128,
    "channel_max": 12,
    "d_channel_base": 128,
    "d_channel_max": 8,
    "layers": 5,
    "margin": 3,
}
MADE3 = {"channel_base": 128, "channel_max": 12, "num_layers": 5, "margin_size": 3, "num_fp16_res": 0}


def stylegan2(**values: Any) -> StyleGan2:
    return small_of(labelled() if values.get("conditional") else UNLABELLED, z_dim=8, **values)


def stylegan3(**values: Any) -> StyleGan3:
    torch.manual_seed(0)
    hp = STYLEGAN3.hyperparameters.build({**SMALL3, **values}.items())
    return StyleGan3(hp, DataInfo(DataKind.UNLABELLED, 0, 16))  # type: ignore[arg-type]


def facts(model: StyleGan2, **more: Any) -> dict[str, Any]:
    return {**model.hp.model_dump(), **more}


def read(path: Path, data: bytes) -> Found:
    path.write_bytes(data)
    return recognised(read_file(path))


def same(found: Found, **networks: nn.Module) -> None:
    for name, network in networks.items():
        wanted = foreign.arrays_of(network)
        assert found.networks[name].keys() == wanted.keys()
        for key, array in wanted.items():
            np.testing.assert_array_equal(found.networks[name][key], array, err_msg=key)


@pytest.mark.parametrize("classes", [0, 3])
def test_nvidias_stylegan2_is_ours(classes: int, tmp_path: Path) -> None:
    model = stylegan2(conditional=classes > 0)
    found = read(tmp_path / "net.pkl", foreign.nvidia(model.G, model.D, facts(model), classes))
    assert (found.model, found.classes, found.notes) == ("stylegan", classes, (UNKNOWN_CODE,))
    same(found, G=model.G, D=model.D)
    hp = STYLEGAN2.hyperparameters.build(found.hyperparameters.items())
    names = ("resolution", "z_dim", "w_dim", "mapping_layers", "channel_max", "std_group", "noise", "conditional")
    assert {name: getattr(hp, name) for name in names} == {name: getattr(model.hp, name) for name in names}


@pytest.mark.parametrize("radial", [False, True])
def test_nvidias_stylegan3_is_ours(radial: bool, tmp_path: Path) -> None:
    model = stylegan3(radial_filters=radial, kernel=1 if radial else 3)
    made = {**MADE3, "use_radial_filters": radial, "conv_kernel": 1 if radial else 3}
    found = read(tmp_path / "net.pkl", foreign.nvidia(model.G, model.D, facts(model, made_with=made)))
    assert found.model == "stylegan3"
    assert f"StyleGAN3-{'R' if radial else 'T'}" in found.description
    same(found, G=model.G, D=model.D)
    built = STYLEGAN3.hyperparameters.build(found.hyperparameters.items())
    assert {key: getattr(built, key) for key in SMALL3} == SMALL3


def as_torch_file(groups: dict[str, dict[str, np.ndarray[Any, Any]]]) -> bytes:
    storages: dict[str, list[float]] = {}
    dicts = {}
    for group, arrays in groups.items():
        tensors = {}
        for name, array in arrays.items():
            key = str(len(storages))
            storages[key] = np.asarray(array, np.float32).ravel().tolist()
            stride = tuple(step // 4 for step in np.empty(array.shape, np.float32).strides)
            tensors[name] = assembler.floats(key, storages[key], array.shape, stride)
        dicts[group] = assembler.dict_of(tensors)
    args = (
        assembler.call(assembler.name("argparse", "Namespace"))
        + assembler.dict_of({"size": assembler.number(8)})
        + b"b"
    )
    return assembler.legacy(assembler.dict_of({**dicts, "args": args}), storages)


def test_rosinalitys_stylegan2_is_ours(tmp_path: Path) -> None:
    model = stylegan2(channel_max=32, channel_base=256)
    groups = foreign.rosinality(foreign.arrays_of(model.G), foreign.arrays_of(model.D))
    found = read(tmp_path / "net.pt", as_torch_file(groups))
    mean = found.networks["G"]["mapping.w_avg"]
    assert found.notes == (WITHOUT_MEAN,)
    z = torch.randn(4096, 8, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        np.testing.assert_allclose(mean, model.G.mapping(z).mean(dim=0), atol=0.1)
    model.G.mapping.w_avg.copy_(torch.from_numpy(mean))
    same(found, G=model.G, D=model.D)
    alone = read(tmp_path / "alone.pt", as_torch_file({"g_ema": groups["g_ema"]}))
    assert WITHOUT_D in alone.notes
    assert set(alone.networks) == {"G"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"img_channels": 1}, "draws 8 px in 1 colours"),
        ({"c_dim": 5}, "do not go together"),
        ({"architecture": "resnet"}, "architecture is 'resnet'"),
        ({"activation": "swish"}, "activation is 'swish'"),
    ],
)
def test_another_architecture_is_refused_by_name(changes: dict[str, Any], words: str, tmp_path: Path) -> None:
    model = stylegan2()
    with pytest.raises(ForeignFileError, match=words):
        read(tmp_path / "net.pkl", foreign.nvidia(model.G, model.D, facts(model), **changes))


def test_a_fork_is_refused_by_name(tmp_path: Path) -> None:
    model = stylegan2()
    data = foreign.nvidia(model.G, model.D, facts(model))
    forked = data.replace(assembler.text("SynthesisBlock"), assembler.text("AttentionBlock"))
    with pytest.raises(ForeignFileError, match="it has a AttentionBlock, as some forks"):
        read(tmp_path / "net.pkl", forked)


def test_other_filters_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = stylegan2()
    monkeypatch.setattr(foreign, "FILTER", np.full((4, 4), 1 / 16))
    with pytest.raises(ForeignFileError, match=r"resample_filter is not \[1, 3, 3, 1\]"):
        read(tmp_path / "net.pkl", foreign.nvidia(model.G, model.D, facts(model)))


def test_it_is_read_in_another_process(tmp_path: Path) -> None:
    model = stylegan2(conditional=True)
    path = tmp_path / "net.pkl"
    path.write_bytes(foreign.nvidia(model.G, model.D, facts(model), 3))
    found = read_foreign(path)
    assert (found.model, found.labels, found.source) == ("stylegan", ("0", "1", "2"), "net.pkl")
    assert found.info == DataInfo(DataKind.LABELLED, 0, 8, labels=("0", "1", "2"))
    assert found.tensors == len(model.G.state_dict()) + len(model.D.state_dict())
    np.testing.assert_array_equal(found.networks["D"]["b4.out.weight"], model.D.b4.out.weight.detach())


def test_a_refusal_comes_back_from_the_other_process(tmp_path: Path) -> None:
    path = tmp_path / "net.pkl"
    path.write_bytes(assembler.pickle_of(assembler.call(assembler.name("os", "system"), assembler.text("touch OWNED"))))
    with pytest.raises(ForeignFileError, match=r"asks for 'os\.system'"):
        read_foreign(path)
    with pytest.raises(ForeignFileError, match="was not read after 0.01 seconds"):
        read_foreign(path, time_limit=0.01)
    with pytest.raises(StudioError, match="There is no file"):
        read_foreign(tmp_path / "nothing.pkl")
