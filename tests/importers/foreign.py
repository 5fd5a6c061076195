"""Files as NVIDIA's and rosinality's programs write them, made of our own networks' weights."""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping
from typing import Any

import numpy as np
from torch import nn

from tests.importers import assembler
from tests.importers.assembler import call, dict_of, name, number, persisted, text, tuple_of

SOURCE = "class Generator: ...\n"
FILTER = np.outer((1, 3, 3, 1), (1, 3, 3, 1)) / 64

Arrays = Mapping[str, np.ndarray[Any, Any]]


def arrays_of(network: nn.Module) -> dict[str, np.ndarray[Any, Any]]:
    """A network's state dict."""
    return {key: tensor.detach().numpy() for key, tensor in network.state_dict().items()}


def value(item: Any) -> bytes:
    """Python's plain values as opcodes."""
    match item:
        case bool():
            return b"\x88" if item else b"\x89"
        case None:
            return b"N"
        case int():
            return number(item)
        case float():
            return b"G" + struct.pack(">d", item)
        case str():
            return text(item)
        case dict():
            return dict_of({key: value(inner) for key, inner in item.items()})
        case tuple():
            return tuple_of(*map(value, item))
    return _tensor(np.asarray(item, np.float32))


def _tensor(array: np.ndarray[Any, Any]) -> bytes:
    """Four axes lie in memory as channels-last networks have them."""
    order = (0, 2, 3, 1) if array.ndim == 4 else tuple(range(array.ndim))
    laid = np.ascontiguousarray(array.transpose(order))
    stride = [0] * array.ndim
    for place, axis in enumerate(order):
        stride[axis] = laid.strides[place] // 4
    rebuilt = assembler.tensor(assembler.nested_storage(laid.ravel().tolist()), array.shape, tuple(stride))
    return call(name("torch._utils", "_rebuild_parameter"), rebuilt, b"\x88", call(name("collections", "OrderedDict")))


def module(class_name: str, facts: Mapping[str, Any], tensors: Arrays, parts: Mapping[str, bytes]) -> bytes:
    """A part of NVIDIA's networks."""
    state = {key: value(item) for key, item in facts.items()}
    state |= {"_parameters": value(dict(tensors)), "_buffers": b"}", "_modules": dict_of(dict(parts))}
    return persisted(class_name, state, SOURCE)


def tree(arrays: Arrays, classes: Mapping[str, str], facts: Mapping[str, Mapping[str, Any]], path: str = "") -> bytes:
    """A network of NVIDIA's from its state dict; `classes` and `facts` are found by patterns of dotted paths."""
    start = f"{path}." if path else ""
    inside = {key[len(start) :]: array for key, array in arrays.items() if key.startswith(start)}
    own = {key: array for key, array in inside.items() if "." not in key}
    names = dict.fromkeys(key.partition(".")[0] for key in inside if "." in key)
    parts = {part: tree(arrays, classes, facts, f"{start}{part}") for part in names}
    if path == "b4" and "conv" in names:
        parts["mbstd"] = module("MinibatchStdLayer", {"group_size": 4, "num_channels": 1}, {}, {})
    known = {
        key: item for pattern, found in facts.items() if re.fullmatch(pattern, path) for key, item in found.items()
    }
    kind = next(kind for pattern, kind in classes.items() if re.fullmatch(pattern, path))
    return module(kind, known, own, parts)


G_CLASSES = {
    "": "Generator",
    "mapping": "MappingNetwork",
    "synthesis": "SynthesisNetwork",
    r"synthesis\.input": "SynthesisInput",
    r".*affine|mapping\..*": "FullyConnectedLayer",
    r"synthesis\.b\d+": "SynthesisBlock",
    r".*conv\d|synthesis\.L.*": "SynthesisLayer",
    r".*torgb": "ToRGBLayer",
}
D_CLASSES = {
    "": "Discriminator",
    "b4": "DiscriminatorEpilogue",
    r"b\d+": "DiscriminatorBlock",
    r"b4\.(fc|out)|mapping\..*": "FullyConnectedLayer",
    "mapping": "MappingNetwork",
    r".*": "Conv2dLayer",
}


def nvidia(G: nn.Module, D: nn.Module, facts: Mapping[str, Any], classes: int = 0, **changes: Any) -> bytes:
    """A pickle of NVIDIA's with a generator, what is known of it, and a discriminator."""
    about = {"c_dim": classes, "img_channels": 3, "img_resolution": facts["resolution"]}
    theirs = {
        "": {**about, "z_dim": facts["z_dim"], "w_dim": facts["w_dim"], **changes},
        "mapping": {"num_layers": facts["mapping_layers"]},
        r"mapping\.fc0": {"weight_gain": 0.01 / (facts["z_dim"] + (facts["w_dim"] if classes else 0)) ** 0.5},
        "synthesis": {"_init_args": (), "_init_kwargs": facts.get("made_with", {})},
        r"synthesis\.b\d+": {"use_fp16": False, "architecture": "skip"},
        r"synthesis\.b\d+\.conv\d": {"use_noise": True, "activation": "lrelu", "conv_clamp": None},
    }
    judged = {"": about, r"b\d+": {"architecture": "resnet"}, "mapping": {"num_layers": 8}}
    weights = arrays_of(G)
    if "synthesis.b8.conv0.weight" in weights:
        weights["synthesis.b8.conv0.resample_filter"] = FILTER
    pickled = {"G_ema": tree(weights, G_CLASSES, theirs), "D": tree(arrays_of(D), D_CLASSES, judged)}
    easy = call(name("dnnlib.util", "EasyDict")) + text("path") + text("pictures.zip") + b"s"
    return assembler.pickle_of(dict_of({**pickled, "training_set_kwargs": easy, "augment_pipe": b"N"}), 4)


def rosinality(G: Arrays, D: Arrays) -> dict[str, dict[str, np.ndarray[Any, Any]]]:
    """`g_ema` and `d` under rosinality's names."""
    theirs: dict[str, np.ndarray[Any, Any]] = {}
    noise = 0
    for key, array in G.items():
        if found := re.fullmatch(r"mapping\.fc(\d+)\.(\w+)", key):
            theirs[f"style.{int(found[1]) + 1}.{found[2]}"] = array
        elif found := re.fullmatch(r"synthesis\.b(\d+)\.(conv\d|torgb)\.(.+)", key):
            level, part, rest = int(found[1]).bit_length() - 4, found[2], found[3]
            place = f"convs.{2 * level + int(part[-1])}" if part != "torgb" else f"to_rgbs.{level}"
            place = {"convs.-1": "conv1", "to_rgbs.-1": "to_rgb1"}.get(place, place)
            if rest == "noise_const":
                theirs[f"noises.noise_{noise}"] = array[None, None]
                noise += 1
            elif rest == "weight":
                theirs[f"{place}.conv.weight"] = array[None]
            elif rest.startswith("affine"):
                theirs[f"{place}.conv.modulation.{rest[7:]}"] = array
            elif rest == "noise_strength":
                theirs[f"{place}.noise.weight"] = array[None]
            else:
                theirs[f"{place}.bias" if part == "torgb" else f"{place}.activate.bias"] = (
                    array[None, :, None, None] if part == "torgb" else array
                )
    theirs["input.input"] = G["synthesis.b4.const"][None]
    theirs["convs.0.conv.blur.kernel"] = 4 * FILTER
    return {"g_ema": theirs, "d": _judge(D)}


def _judge(D: Arrays) -> dict[str, np.ndarray[Any, Any]]:
    largest = max(int(key[1 : key.index(".")]) for key in D)
    names = {"conv0": ("conv1.0", "conv1.1"), "conv1": ("conv2.1", "conv2.2"), "skip": ("skip.1", "")}
    last = {"conv": ("final_conv.0", "final_conv.1"), "fc": ("final_linear.0",) * 2, "out": ("final_linear.1",) * 2}
    theirs = {}
    for key, array in D.items():
        block, part, kind = key.split(".")
        if part == "fromrgb":
            place = ("convs.0.0", "convs.0.1")
        elif block == "b4":
            place = last[part]
        else:
            index = largest.bit_length() - int(block[1:]).bit_length() + 1
            place = tuple(f"convs.{index}.{one}" for one in names[part])  # type: ignore[assignment]
        theirs[f"{place[kind == 'bias']}.{kind}"] = array
    return theirs
