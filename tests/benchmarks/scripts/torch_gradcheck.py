"""What people use today: torch.autograd.gradcheck on the hand-written backward pass.

    python torch_gradcheck.py M D T N

J is a function of W_out alone: A_h is computed once, at one random point in double precision,
with weights scaled as at the start of a training so that no sigmoid saturates. gradcheck is
called with its default settings, which perturb each weight (`fast_mode` tries one random
direction instead); it raises where the two derivatives differ by more than its tolerance.
"""

import sys
from typing import Any

import torch


class OutputLoss(torch.autograd.Function):
    """The cross-entropy J as a function of W_out (d×t), with the source's gradient by hand."""

    @staticmethod
    def forward(ctx: Any, w_out: torch.Tensor, a_h: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        """J = −Σ y ln a_out + (1 − y) ln(1 − a_out)."""
        a_out = torch.sigmoid(a_h @ w_out)
        ctx.save_for_backward(a_h, a_out, y)
        return -(y * torch.log(a_out) + (1 - y) * torch.log(1 - a_out)).sum()

    @staticmethod
    def backward(ctx: Any, *upstream: torch.Tensor) -> tuple[torch.Tensor, None, None]:
        """(A_h)ᵀ δ_out; A_h and Y need no gradient."""
        a_h, a_out, y = ctx.saved_tensors
        return upstream[0] * (a_h.T @ (a_out - y)), None, None


def passed(m: int, d: int, t: int, n: int) -> bool:
    """What gradcheck says at one random point of a network m-d-t with n examples."""
    torch.manual_seed(0)
    torch.set_default_dtype(torch.float64)
    x, y = torch.randn(n, m), torch.rand(n, t).round()
    w_h, w_out = torch.randn(m, d) / m**0.5, torch.randn(d, t) / d**0.5
    a_h = torch.sigmoid(x @ w_h)
    w_out.requires_grad_()
    return bool(torch.autograd.gradcheck(OutputLoss.apply, (w_out, a_h, y)))


if __name__ == "__main__":
    sys.exit(not passed(*map(int, sys.argv[1:])))
