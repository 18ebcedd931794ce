"""Questions that people ask of themselves, each decided: borders, roots, products, hypotheses."""

from __future__ import annotations

import json
import shlex

import pytest

from gradcheck_sym.cli import run

HARDTANH = "2 2 2 --hidden 'maximum(-1, minimum(1, z))' --claim"
REACHED = "(delta_out @ W_out.T)"
RIGHT = "2 2 2 --claim 'A_h.T @ delta_out"
SINE = "m d t --n n --hidden 'sin(30*z)' --claim"
SNAKE = "m d t --n n --hidden 'z + sin(z)**2' --claim"
ROWS = "--assume 'Y.sum(axis=1) == 1'"

PROVED = {
    "a norm over itself, at all sizes": "m d t --n n --claim 'A_h.T @ delta_out * "
    "(np.sqrt((W_out**2).sum())/np.sqrt((W_out**2).sum()))'",
    "hardtanh by |z| < 1": f"{HARDTANH} 'W_h: X.T @ ({REACHED} * (np.abs(Z_h) < 1))'",
    "hardtanh by z² < 1": f"{HARDTANH} 'W_h: X.T @ ({REACHED} * (Z_h**2 < 1))'",
    "hardtanh by two comparisons": f"{HARDTANH} 'W_h: X.T @ ({REACHED} * ((Z_h>-1)*(Z_h<1)))'",
    "elu's slope by its value, at all sizes": "m d t --n n --hidden elu --claim "
    f"'W_h: X.T @ ({REACHED} * np.where(A_h > 0, 1, A_h + 1))'",
    "Huber by clipping": "2 2 2 --output-activation identity --loss "
    "'where(abs(a-y) < 1, (a-y)**2/2, abs(a-y) - 0.5)' "
    "--claim 'A_h.T @ np.maximum(-1, np.minimum(1, A_out-Y))'",
    "the absolute value of a product": f"{RIGHT} + "
    "(np.abs(Y*Z_out) - np.abs(Y)*np.abs(Z_out)).sum()'",
    "a root where there is none": "m t --n n --loss 'np.maximum(a-y,0)**1.5'",
    "a root of a product": "2 2 2 --loss 'sqrt(a*y)'",
    "logistic loss of signs": "2 2 2 --output-activation identity --loss 'log(1+exp(-y*a))' "
    "--assume 'Y**2 == 1' --claim 'A_h.T @ (sigmoid(A_out) - (1+Y)/2)'",
    "one output whose rows sum to 1": f"2 2 1 --output-activation softmax --loss ce {ROWS} "
    "--claim 'A_h.T @ (A_out - 1)'",
    "e^y of zeros and ones": "2 2 2 --assume 'Y**2 == Y' "
    "--claim 'A_h.T @ delta_out + (np.exp(Y) - 1 - Y*(np.exp(1)-1)).sum()'",
    "erf is odd": f"{RIGHT} + (erf(Z_out) + erf(-Z_out)).sum()'",
    "cos is even, and sin² + cos² = 1": f"{RIGHT} + (np.sin(Y)**2 + np.cos(-Y)**2 - 1).sum()'",
    "the sine and the cosine of 0": f"{RIGHT} * np.cos(0*n) + np.sin(Y - Y).sum()'",
    "three times an angle": f"{RIGHT} + (np.sin(3*Y) - 3*np.sin(Y) + 4*np.sin(Y)**3).sum()'",
    "an angle and half of it": f"{RIGHT} + (np.cos(Y) - 1 + 2*np.sin(Y/2)**2).sum()'",
    "the difference of two angles": f"{RIGHT} + (np.cos(Y - Z_out) - np.cos(Y)*np.cos(Z_out) "
    "- np.sin(Y)*np.sin(Z_out)).sum()'",
    "a sine layer of frequency 30": f"{SINE} 'W_h: X.T @ ({REACHED} * 30 * np.cos(30 * Z_h))'",
    "the same from X": f"{SINE} 'W_h: X.T @ ({REACHED} * 30 * np.cos(X @ W_h * 30))'",
    "snake by twice the angle": f"{SNAKE} 'W_h: X.T @ ({REACHED} * (1 + np.sin(2*Z_h)))'",
    "snake by twice the angle, from X": f"{SNAKE} 'W_h: X.T @ ({REACHED} * (1 + sin(2*X @ W_h)))'",
    "snake by products": f"{SNAKE} 'W_h: X.T @ ({REACHED} * (1 + 2*np.sin(Z_h)*np.cos(Z_h)))'",
    "a tangent by its value": "2 2 2 --hidden 'tan(z)' --claim "
    f"'W_h: X.T @ ({REACHED} * (1 + A_h**2))'",
    "a cosine's own slope, at all sizes": "m d t --n n --hidden 'cos(z)/2' --wrt all",
    "a bell": "2 2 2 --hidden '1/(1+z**2)' --wrt W_h",
    "mish": "2 2 2 --hidden 'z*tanh(log(1+exp(z)))' --wrt W_h",
    "one-hot labels": "2 2 2 --output-activation softmax --loss 'where(y == 1, -log(a), 0)' "
    f"{ROWS} --assume 'Y**2 == Y' --claim 'A_h.T @ (A_out - Y)'",
    "a stable sigmoid, whose cases meet at 0": "m d t --n n --claim 'A_h.T @ "
    "(np.where(Z_out >= 0, 1, np.exp(Z_out)) / (1 + np.exp(-np.abs(Z_out))) - Y)'",
    "a positive penalty": "2 2 --l2 --assume 'lam > 0' "
    "--claim 'X.T @ delta_out + W_out * np.sqrt(lam)**2'",
}
REFUTED = {
    "a sine layer without its frequency": f"{SINE} 'W_h: X.T @ ({REACHED} * np.cos(30 * Z_h))'",
    "a sine layer by the sine": f"{SINE} 'W_h: X.T @ ({REACHED} * 30 * np.sin(30 * Z_h))'",
    "a cosine's slope without the minus": "m d t --n n --hidden 'cos(z)' --claim "
    f"'W_h: X.T @ ({REACHED} * np.sin(Z_h))'",
    "snake by half of twice the angle": f"{SNAKE} 'W_h: X.T @ ({REACHED} * (1 + np.sin(Z_h)))'",
    "one of both, squared once": f"{RIGHT} + (np.sin(Y)**2 + np.cos(Y) - 1).sum()'",
    "elu's slope by its value, without the 1": "2 2 2 --hidden elu --claim "
    f"'W_h: X.T @ ({REACHED} * np.where(A_h > 0, 1, A_h))'",
    "a constant of the formula": "2 2 2 --claim 'A_h.T @ (np.where(Z_out > 20, 1, A_out) - Y)'",
    "a threshold of a hidden unit": "2 2 2 --hidden softplus --claim "
    f"'W_h: X.T @ ({REACHED} * np.where(Z_h > 20, 1, sigmoid(Z_h)))'",
}


def verdict(command, capsys):
    run([*shlex.split(command), "--format", "json", "-q"])
    return json.loads(capsys.readouterr().out)["verdict"]


@pytest.mark.parametrize("command", PROVED.values(), ids=PROVED)
def test_what_is_right_is_proved(command, capsys):
    assert verdict(command, capsys) == "proved"


@pytest.mark.parametrize("command", REFUTED.values(), ids=REFUTED)
def test_what_is_wrong_is_refuted(command, capsys):
    assert verdict(command, capsys) == "refuted"


ARRAYS = ("X", "Z_h", "A_h", "Z_out", "A_out")


@pytest.mark.parametrize("wrt", ARRAYS)
@pytest.mark.parametrize("network", ["2 2 2 --n 2 --mean", "m d t --n n --bias"])
@pytest.mark.parametrize(
    "rules",
    ["", "--output-activation softmax --loss mse", "--hidden relu --output-activation tanh"],
)
def test_the_gradient_by_any_array_is_the_textbooks(wrt, network, rules, capsys):
    assert verdict(f"{network} {rules} --wrt {wrt}", capsys) == "proved"


@pytest.mark.parametrize(
    "claim",
    [
        "X: delta_h @ W_h.T + X",
        "Z_out: A_out - 2 * Y",
        "Z_h: delta_out @ W_out.T",
        "A_h: delta_out @ W_out.T * 2",
        "A_out: (A_out - Y) / A_out",
    ],
)
def test_what_is_no_gradient_by_an_array_is_refuted_and_reproduced(claim, tmp_path):
    script = tmp_path / "shown.py"
    assert run(["2", "2", "2", "--claim", claim, "--reproduce", str(script)]) == 1
    printed: list[float] = []
    exec(script.read_text("utf-8"), {"print": lambda *values: printed.extend(values)})
    assert abs(printed[0] - printed[1]) > 0.01


def test_there_are_no_steps_by_what_is_no_parameter(capsys):
    assert run(["2", "2", "2", "--wrt", "Z_out", "--steps"]) == 2
    assert "--steps tells the derivation by weights and biases" in capsys.readouterr().err
