"""Hyperparameters as declared data: the form, `--set`, the run file and the docs are all made from this."""

from __future__ import annotations

import typing
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, Self, get_args, get_origin

import annotated_types
import pydantic

from studio.api.errors import StudioError


def hyper(
    default: Any,
    description: str,
    *,
    source: str = "",
    ge: float | None = None,
    le: float | None = None,
    gt: float | None = None,
    lt: float | None = None,
    unit: str = "",
    title: str = "",
    log: bool = False,
    live: bool = False,
    advanced: bool = False,
) -> Any:
    """Declares one hyperparameter, as the default of a field of a `Hyperparameters` subclass.

    Args:
        default: the value where no preset says otherwise.
        description: one or two sentences for the tooltip, the command line and the docs.
        source: where the default comes from: paper and section, or reference code and file.
        ge, le, gt, lt: bounds, inclusive or exclusive.
        unit: `px`, `kimg`, `steps`, ...
        title: the form's label; from the field's name where empty.
        log: whether a slider should be logarithmic (needs a positive lower bound).
        live: whether it can change while training.
        advanced: whether the form folds it away.
    """
    extra = {"source": source, "unit": unit, "log": log, "live": live, "advanced": advanced}
    return pydantic.Field(
        default,
        title=title or None,
        description=description,
        ge=ge,
        le=le,
        gt=gt,
        lt=lt,
        json_schema_extra=typing.cast("dict[str, Any]", extra),
    )


@dataclass(frozen=True)
class HyperparameterInfo:
    """One hyperparameter, described.

    Attributes:
        name: the field's name, as in `--set name=value`.
        title: the form's label.
        kind: `int`, `float`, `bool`, `choice` or `text`.
        default: its default.
        minimum, maximum: bounds, None where open.
        exclusive_minimum, exclusive_maximum: whether the bound itself is out.
        choices: the values of a `choice`.
        unit, log, live, advanced, description, source: as given to `hyper`.
    """

    name: str
    title: str
    kind: Literal["int", "float", "bool", "choice", "text"]
    default: Any
    minimum: float | None
    maximum: float | None
    exclusive_minimum: bool
    exclusive_maximum: bool
    choices: tuple[str, ...]
    unit: str
    log: bool
    live: bool
    advanced: bool
    description: str
    source: str

    @property
    def range_text(self) -> str:
        """The bounds as a person reads them: `8 to 1024 px`, `above 0`, `one of bce, hinge`."""
        if self.kind == "choice":
            return "one of " + ", ".join(self.choices)
        if self.kind == "bool":
            return "true or false"
        if self.kind == "text":
            return "any text"
        return " ".join(part for part in (self._numbers(), self.unit) if part)

    def _numbers(self) -> str:
        low, high = self.minimum, self.maximum
        if low is None and high is None:
            return "any whole number" if self.kind == "int" else "any number"
        low_text = "" if low is None else ("above " if self.exclusive_minimum else "") + f"{low:.15g}"
        high_text = "" if high is None else ("below " if self.exclusive_maximum else "") + f"{high:.15g}"
        if low is None:
            return high_text if self.exclusive_maximum else f"at most {high_text}"
        if high is None:
            return low_text if self.exclusive_minimum else f"at least {low_text}"
        return f"{low_text} to {high_text}"


class Hyperparameters(pydantic.BaseModel):
    """What every model can be told. Subclass it and declare more with `hyper`, each an `int`, a `float`, a `bool`, a
    `str` or a `Literal`: what forms and the command line can offer. Where one may be off, let a value such as 0 say so.

    Instances are frozen and always valid. Checks across fields are pydantic's `model_validator`s.

    Raises:
        TypeError: when a subclass is made with a field of another type.
    """

    model_config = pydantic.ConfigDict(frozen=True, extra="forbid", validate_default=True, allow_inf_nan=False)

    resolution: int = hyper(64, "Height and width of the pictures.", ge=8, le=1024, unit="px")
    batch: int = hyper(64, "Pictures in one batch.", ge=1, le=4096, unit="pictures")
    ema_kimg: float = hyper(
        10.0,
        "Half-life of the weight average that pictures are made with; 0 uses the newest weights.",
        source="StyleGAN2-ADA, train.py: ema_kimg",
        ge=0,
        le=1000,
        unit="kimg",
        title="EMA half-life",
        advanced=True,
    )
    ema_rampup: float = hyper(
        0.05,
        "Early on, the half-life is at most this share of the pictures seen so far, so that the average is not stuck "
        "at its beginning; 0 switches that off.",
        source="StyleGAN2-ADA, train.py: ema_rampup",
        ge=0,
        le=1,
        title="EMA ramp-up",
        advanced=True,
    )
    log_every: int = hyper(10, "Steps between two points of the plots.", ge=1, le=10_000, unit="steps", advanced=True)
    sample_every: int = hyper(
        0,
        "Steps between two sample grids; 0 makes one every few seconds and spends at most 2% of the time on them.",
        ge=0,
        le=1_000_000,
        unit="steps",
        live=True,
        advanced=True,
    )
    checkpoint_every: int = hyper(
        0,
        "Steps between two checkpoints; 0 saves every ten minutes.",
        ge=0,
        le=1_000_000,
        unit="steps",
        live=True,
        advanced=True,
    )

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        for name, field in cls.model_fields.items():
            if not _is_offered(field.annotation):
                said = getattr(field.annotation, "__name__", str(field.annotation))
                raise TypeError(f"{name} is a {said}; a hyperparameter is an int, a float, a bool, a str or a Literal.")

    @classmethod
    def describe(cls) -> tuple[HyperparameterInfo, ...]:
        """Every hyperparameter, the model's own first, then the shared ones, each in the order of declaration."""
        shared = Hyperparameters.model_fields
        own = [name for name in cls.model_fields if name not in shared]
        return tuple(_describe(name, cls.model_fields[name]) for name in [*own, *shared])

    @classmethod
    def build(cls, values: Iterable[tuple[str, Any]]) -> Self:
        """Validated hyperparameters from names and values; values may be text, as typed.

        Raises:
            StudioError: an unknown name, or a value out of bounds; says the bounds.
        """
        given = dict(values)
        for name in given:
            if name not in cls.model_fields:
                raise StudioError(
                    f"There is no hyperparameter {name!r}.", f"Choose from: {', '.join(cls.model_fields)}."
                )
        typed = {name: _chosen(value, cls.model_fields[name].annotation) for name, value in given.items()}
        try:
            return cls.model_validate(typed)
        except pydantic.ValidationError as error:
            raise cls._explain(error) from None

    def changed(self, **values: Any) -> Self:
        """A copy with some values replaced, validated.

        Raises:
            StudioError: as `build`.
        """
        return type(self).build({**self.model_dump(), **values}.items())

    @classmethod
    def _explain(cls, error: pydantic.ValidationError) -> StudioError:
        first = error.errors(include_url=False)[0]
        if not first["loc"]:
            return StudioError(first["msg"].removeprefix("Value error, "))
        name = str(first["loc"][0])
        info = _describe(name, cls.model_fields[name])
        return StudioError(f"{name} cannot be {first['input']!r}.", f"It takes {info.range_text}.")


def _is_offered(annotation: Any) -> bool:
    return annotation in (int, float, bool, str) or get_origin(annotation) is Literal


def _chosen(value: Any, annotation: Any) -> Any:
    """The choice that a text means: `16` of `Literal[4, 16]` is the number."""
    if not isinstance(value, str) or get_origin(annotation) is not Literal:
        return value
    return {str(choice): choice for choice in get_args(annotation)}.get(value, value)


def _describe(name: str, field: pydantic.fields.FieldInfo) -> HyperparameterInfo:
    extra: Any = field.json_schema_extra or {}
    kind, choices = _kind(field.annotation)
    low: float | None = None
    high: float | None = None
    low_out = high_out = False
    for constraint in field.metadata:
        match constraint:
            case annotated_types.Ge(ge=value):
                low = typing.cast("float", value)
            case annotated_types.Gt(gt=value):
                low, low_out = typing.cast("float", value), True
            case annotated_types.Le(le=value):
                high = typing.cast("float", value)
            case annotated_types.Lt(lt=value):
                high, high_out = typing.cast("float", value), True
    return HyperparameterInfo(
        name=name,
        title=field.title or name.replace("_", " ").capitalize(),
        kind=kind,
        default=field.get_default(call_default_factory=True),
        minimum=low,
        maximum=high,
        exclusive_minimum=low_out,
        exclusive_maximum=high_out,
        choices=choices,
        unit=extra.get("unit", ""),
        log=extra.get("log", False),
        live=extra.get("live", False),
        advanced=extra.get("advanced", False),
        description=field.description or "",
        source=extra.get("source", ""),
    )


def _kind(annotation: Any) -> tuple[Literal["int", "float", "bool", "choice", "text"], tuple[str, ...]]:
    if get_origin(annotation) is Literal:
        return "choice", tuple(str(value) for value in get_args(annotation))
    if annotation is bool:
        return "bool", ()
    if annotation is int:
        return "int", ()
    if annotation is float:
        return "float", ()
    return "text", ()
