"""The convolutional LSTM against the recurrence written out, on sequences of different lengths."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from studio.nn.convlstm import ConvLstm, ConvLstmCell


def by_hand(cell: ConvLstmCell, sequence: Tensor) -> list[Tensor]:
    """The hidden states of one sequence (T, C, H, W), gate by gate."""
    h = c = torch.zeros(cell.hidden, *sequence.shape[2:], dtype=sequence.dtype)
    states = []
    for x in sequence:
        i, f, o, g = cell.gates(torch.cat([x, h])[None])[0].split(cell.hidden)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        h = o.sigmoid() * c.tanh()
        states.append(h)
    return states


def packed(sequences: list[Tensor]) -> tuple[Tensor, list[int]]:
    """All first maps, all second ones, and so on; the sequences are given longest first."""
    steps = [[sequence[t] for sequence in sequences if len(sequence) > t] for t in range(len(sequences[0]))]
    return torch.stack([x for step in steps for x in step]), [len(step) for step in steps]


def sequences(*lengths: int) -> list[Tensor]:
    torch.manual_seed(1)
    return [torch.randn(length, 2, 4, 5, dtype=torch.float64) for length in lengths]


def lstm(*hidden: int) -> ConvLstm:
    torch.manual_seed(0)
    return ConvLstm(2, hidden, kernel=3).double()


def test_a_cell_of_one_pixel_is_the_recurrence_in_numbers() -> None:
    cell = ConvLstmCell(1, 1, kernel=1).double()
    # Rows are the gates i, f, o, g; columns the weights of x and h.
    weights = torch.tensor([[0.5, 1.0], [-1.0, 0.25], [2.0, -0.5], [1.5, 0.75]], dtype=torch.float64)
    biases = torch.tensor([0.1, 0.2, -0.3, 0.4], dtype=torch.float64)
    with torch.no_grad():
        cell.gates.weight.copy_(weights[:, :, None, None])
        assert cell.gates.bias is not None
        cell.gates.bias.copy_(biases)
    states = cell(torch.tensor([0.7, -1.2], dtype=torch.float64).view(2, 1, 1, 1), [1, 1])
    # i = s(.45), o = s(1.1), g = tanh(1.45): c = i g = .5465..., h = o tanh(c).
    first = torch.tensor(0.45).double().sigmoid() * torch.tensor(1.45).double().tanh()
    h = torch.tensor(1.1).double().sigmoid() * first.tanh()
    i, f, o, g = weights @ torch.stack([torch.tensor(-1.2).double(), h]) + biases
    second = f.sigmoid() * first + i.sigmoid() * g.tanh()
    torch.testing.assert_close(states.flatten(), torch.stack([h, o.sigmoid() * second.tanh()]))


def test_packed_sequences_are_the_recurrence_one_by_one() -> None:
    cell, given = lstm(3).cells[0], sequences(4, 2, 2, 1)
    assert isinstance(cell, ConvLstmCell)
    maps, sizes = packed(given)
    assert sizes == [4, 3, 1, 1]
    expected, _ = packed([torch.stack(by_hand(cell, sequence)) for sequence in given])
    torch.testing.assert_close(cell(maps, sizes), expected)


def test_layers_are_stacked_and_the_last_state_of_each_sequence_comes_out() -> None:
    network, given = lstm(4, 3, 3), sequences(3, 1, 1)
    expected = []
    for maps in given:
        states = maps
        for cell in network.cells:
            assert isinstance(cell, ConvLstmCell)
            states = torch.stack(by_hand(cell, states))
        expected.append(states[-1])
    maps, sizes = packed(given)
    torch.testing.assert_close(network(maps, sizes, 3), torch.stack(expected))


def test_a_sequence_does_not_see_the_others() -> None:
    network, given = lstm(3), sequences(3, 2)
    together = network(*packed(given), 2)
    torch.testing.assert_close(together[:1], network(*packed(given[:1]), 1))
    torch.testing.assert_close(together[1:], network(*packed(given[1:]), 1))


def test_empty_sequences_end_at_zero() -> None:
    network, given = lstm(3), sequences(2)
    states = network(*packed(given), 3)
    assert states[0].any()
    assert not states[1:].any()
    nothing = network(torch.zeros(0, 2, 4, 5, dtype=torch.float64), [], 2)
    assert nothing.shape == (2, 3, 4, 5)
    assert not nothing.any()


def test_gradients_are_those_of_the_recurrence() -> None:
    network, given = lstm(3), sequences(3, 1)
    cell = network.cells[0]
    assert isinstance(cell, ConvLstmCell)
    weights = list(network.parameters())
    ours = torch.autograd.grad(network(*packed(given), 2).square().sum(), weights)
    by_recurrence = sum(by_hand(cell, sequence)[-1].square().sum() for sequence in given)
    for mine, theirs in zip(ours, torch.autograd.grad(by_recurrence, weights), strict=True):  # type: ignore[arg-type]
        torch.testing.assert_close(mine, theirs)


def test_a_forget_bias_is_added_to_the_forget_gates_alone() -> None:
    torch.manual_seed(0)
    plain = ConvLstm(2, (4, 3))
    torch.manual_seed(0)
    biased = ConvLstm(2, (4, 3), forget_bias=2.0)
    for without, with_bias in zip(plain.cells, biased.cells, strict=True):
        assert isinstance(without, ConvLstmCell)
        assert isinstance(with_bias, ConvLstmCell)
        assert torch.equal(with_bias.gates.weight, without.gates.weight)
        added = (with_bias.gates.bias - without.gates.bias).view(4, -1)  # type: ignore[operator]
        torch.testing.assert_close(added, torch.tensor([0.0, 2, 0, 0])[:, None].expand_as(added))


def test_weights_start_as_one_convolutions() -> None:
    torch.manual_seed(0)
    cell = ConvLstmCell(6, 2)
    torch.manual_seed(0)
    torch.testing.assert_close(cell.gates.weight, nn.Conv2d(8, 8, 5).weight)
