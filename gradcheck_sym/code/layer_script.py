"""How an object was run, as lines of Python that do it again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gradcheck_sym.code.context import CONTEXTS, is_context, lines
from gradcheck_sym.code.methods import backward_name, checked, entry, forward_name
from gradcheck_sym.code.outputs import total
from gradcheck_sym.code.passing import arguments, commas, copies, in_script, only_entry, unpacked
from gradcheck_sym.code.script import SEED


@dataclass(frozen=True)
class LayerScript:
    """An object with forward and backward, whose weights and gradients are attributes."""

    layer: Any  # the class, or an object
    made: str  # what it is made with, in brackets; empty for an object
    upstreams: tuple[str, ...]
    passed: tuple[str, ...]  # to forward
    places: Mapping[str, str]
    weights: Mapping[str, Sequence[str]] = field(default_factory=dict)  # .W, .params[0]
    args: tuple[str, ...] = ()  # of backward, as they are written
    numbers: Mapping[str, str] = field(default_factory=dict)  # weights that are, and their types
    later: tuple[str, ...] = ()  # what backward alone is passed
    kept: str | None = None  # where forward leaves the output, if it returns nothing

    @property
    def functions(self) -> tuple[Any, ...]:
        """The class, or the object."""
        return (self.layer,)

    @property
    def checked(self) -> Callable[..., Any]:
        """What gives the gradients."""
        found: Callable[..., Any] = checked(self.layer)
        return found

    @property
    def runs_apart(self) -> bool:
        """Backward uses what forward kept."""
        return False

    def lines(self, inputs: list[str], names: Sequence[str]) -> Iterator[str]:
        """A new object each time, with these weights."""
        made = f"_made({commas(inputs)})"
        (layer,) = names
        if is_context(self.layer):
            yield from lines(layer)
            layer = CONTEXTS
        yield from self._making(inputs, layer)
        yield f"def _value({commas(inputs)}):"
        yield from (f"    {line}" for line in self._valued(made))
        yield ""
        yield f"_layer = {made}"
        yield from self._differentiated()

    @property
    def _forward(self) -> str | None:
        return forward_name(self.layer)

    def _valued(self, made: str) -> Iterator[str]:
        passed = arguments(entry(self.layer), self.passed)
        if self.kept is None:
            yield f"result = {made}.{self._forward}({passed})"
        else:
            yield f"layer = {made}"
            yield f"layer.{self._forward}({passed})"
            yield f"result = layer{self.kept}"
        yield "outputs = result if isinstance(result, tuple) else (result,)"
        yield f"return {total([*map(in_script, self.upstreams)], 'outputs')}"

    def _differentiated(self) -> Iterator[str]:
        yield f"_inputs = {copies(self.passed)}"
        called = f"_layer.{self._forward}({unpacked('_inputs', entry(self.layer), self.passed)})"
        if any("_cache" in arg or "_results" in arg for arg in self.args):
            yield f"_results = {called}" if self.kept is None else called
            if self.kept is not None:
                yield f"_results = _layer{self.kept}"
            yield "_results = _results if isinstance(_results, tuple) else (_results,)"
            yield f"_rest = _results[{max(len(self.upstreams), 1)}:]"
            yield "_cache = _rest[0] if len(_rest) == 1 else tuple(_rest)"
        else:
            yield called
        if self.later:
            yield f"_inputs.update({copies(self.later).removeprefix('dict(')}"
        yield f"_returned = _layer.{backward_name(self.layer)}({', '.join(self.args)})"

    def _making(self, inputs: list[str], layer: str) -> Iterator[str]:
        yield f"def _made({commas(inputs)}):"
        yield f"    {SEED}"
        yield f"    layer = {layer}{self.made}" if self.made else f"    layer = deepcopy({layer})"
        for name, places in self.weights.items():
            value = f"{self.numbers.get(name, 'deepcopy')}({in_script(name)})"
            yield f"    {' = '.join(f'layer{place}' for place in places)} = {value}"
        yield "    return layer"
        yield ""

    def place(self, wrt: str) -> str:
        """Returned, or left in an attribute."""
        return self.places[wrt]


@dataclass(frozen=True)
class LossScript(LayerScript):
    """An object with a loss that gives its gradients, too."""

    @property
    def checked(self) -> Callable[..., Any]:
        """What gives the gradients."""
        found: Callable[..., Any] = self.layer.loss
        return found

    def _valued(self, made: str) -> Iterator[str]:
        loss = f"{made}.loss({arguments(self.layer.loss, self.passed)})[0]"
        yield f"return {only_entry(loss)}"

    def _differentiated(self) -> Iterator[str]:
        yield f"_, *_rest = _layer.loss({arguments(self.layer.loss, self.passed)})"
        yield "_returned = _rest[0] if len(_rest) == 1 else tuple(_rest)"
