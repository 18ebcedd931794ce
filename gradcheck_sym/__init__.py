"""Proves gradients of neural networks, entry by entry, instead of sampling them.

    from gradcheck_sym import Network, check
    report = check(Network(2, 2, 2))

The names are loaded on first use, because importing all of it takes longer than most proofs.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from gradcheck_sym.version import __version__

if TYPE_CHECKING:
    from gradcheck_sym.argument import check
    from gradcheck_sym.code.proving import prove, prove_slope, prove_vjp
    from gradcheck_sym.code.report import CodeReport
    from gradcheck_sym.code.shapes import Value
    from gradcheck_sym.errors import GradcheckError
    from gradcheck_sym.mlp.claim import Claim
    from gradcheck_sym.mlp.formula import formula
    from gradcheck_sym.mlp.network import Network
    from gradcheck_sym.report import Report
    from gradcheck_sym.saving import save
    from gradcheck_sym.trace.labels import Labels
    from gradcheck_sym.verdict import Proved, Refuted, Undecided

_HOMES = {
    "Network": "mlp.network",
    "check": "argument",
    "prove": "code.proving",
    "prove_slope": "code.proving",
    "prove_vjp": "code.proving",
    "CodeReport": "code.report",
    "Labels": "trace.labels",
    "Value": "code.shapes",
    "Claim": "mlp.claim",
    "formula": "mlp.formula",
    "Report": "report",
    "save": "saving",
    "Proved": "verdict",
    "Refuted": "verdict",
    "Undecided": "verdict",
    "GradcheckError": "errors",
}

__all__ = [
    "Claim",
    "CodeReport",
    "GradcheckError",
    "Labels",
    "Network",
    "Proved",
    "Refuted",
    "Report",
    "Undecided",
    "Value",
    "__version__",
    "check",
    "formula",
    "prove",
    "prove_slope",
    "prove_vjp",
    "save",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
