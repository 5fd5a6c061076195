"""A convolutional LSTM over sequences of feature maps of different lengths (ConvLSTM, 1506.04214, equation 3).

Sequences travel packed, as in PyTorch's `PackedSequence`: the longest first, and all first maps before all second ones.
The input's share of the gates is then one convolution for all maps at once, a step is one convolution for all
sequences that are that long, and none is spent on what is not there. No sequence sees another.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d

State = tuple[Tensor, Tensor]


class ConvLstmCell(nn.Module):
    """One layer, without peepholes: i, f, o = sigmoid, g = tanh of one convolution of [x, h]; c' = f c + i g and
    h' = o tanh(c').

    As in zhaobozb/layout2im (generator.py: ConvLSTMCell), which leaves out the paper's peephole terms.
    """

    def __init__(self, inputs: int, hidden: int, kernel: int = 5, forget_bias: float = 0.0) -> None:
        """`kernel` is odd: maps keep their size. `forget_bias` is added to the bias that f starts with."""
        super().__init__()
        self.inputs, self.hidden = inputs, hidden
        self.gates = nn.Conv2d(inputs + hidden, 4 * hidden, kernel, padding=kernel // 2)
        assert self.gates.bias is not None
        with torch.no_grad():
            self.gates.bias[hidden : 2 * hidden] += forget_bias

    def forward(self, maps: Tensor, sizes: Sequence[int]) -> Tensor:
        """The hidden states (O, hidden, H, W) of packed maps (O, inputs, H, W), in the same order."""
        weight, padding = self.gates.weight, self.gates.padding
        of_inputs = conv2d(maps, weight[:, : self.inputs], self.gates.bias, padding=padding)
        of_hidden = weight[:, self.inputs :].contiguous()
        outputs: list[Tensor] = []
        state: State | None = None
        for gates in torch.split(of_inputs, list(sizes)):
            if state is not None:
                h, c = state[0][: len(gates)], state[1][: len(gates)]
                state = _update(gates + conv2d(h, of_hidden, padding=padding), c)
            else:
                state = _update(gates, None)
            outputs.append(state[0])
        return torch.cat(outputs)


class ConvLstm(nn.Module):
    """Layers of `ConvLstmCell`, each fed with the hidden states of the one before."""

    def __init__(self, inputs: int, hidden: Sequence[int], kernel: int = 5, forget_bias: float = 0.0) -> None:
        """`hidden`: channels of each layer's state."""
        super().__init__()
        channels = pairwise([inputs, *hidden])
        self.cells = nn.ModuleList(ConvLstmCell(*layer, kernel, forget_bias) for layer in channels)
        self.hidden = hidden[-1]

    def forward(self, maps: Tensor, sizes: Sequence[int], count: int) -> Tensor:
        """What the last layer's hidden state is at the end of each sequence.

        Args:
            maps: (O, inputs, H, W), packed.
            sizes: how many sequences have a first map, a second one, and so on: never rising, none of them 0, O in all.
            count: how many sequences there are; those beyond `sizes[0]` are empty.

        Returns:
            (count, hidden, H, W), the longest sequence first; 0 where a sequence is empty.
        """
        if not sizes:
            return maps.new_zeros(count, self.hidden, *maps.shape[2:])
        for cell in self.cells:
            maps = cell(maps, sizes)
        steps = torch.split(maps, list(sizes))
        lasts = [step[after:] for step, after in zip(steps, [*sizes[1:], 0], strict=True)]
        empty = maps.new_zeros(count - sizes[0], *maps.shape[1:])
        return torch.cat([*lasts[::-1], empty])


def _update(gates: Tensor, c: Tensor | None) -> State:
    """h' and c' from the sum of the gates' convolutions; without c, from a state of 0."""
    i, f, o, g = gates.chunk(4, dim=1)
    new = torch.sigmoid(i) * torch.tanh(g)
    c = new if c is None else torch.addcmul(new, torch.sigmoid(f), c)
    return torch.sigmoid(o) * torch.tanh(c), c
