"""What a fresh adversary got wrong out of the tool; docs/soundness.md lists it."""

from __future__ import annotations

import contextlib
import io
import json
import shlex
import warnings

import pytest
import sympy

from gradcheck_sym.cli import run

LOSS = "1 1 --output-activation identity --loss"
NOT_PROVED_EVERYWHERE = {
    "a loss that is NaN where a < 0": f"{LOSS} 'where(log(a) >= log(a), a*y, 0)' --claim 'X.T @ Y'",
    "a root that is": f"{LOSS} 'where(sqrt(a) == sqrt(a), a*y, 0)' --claim 'X.T @ Y'",
    "a domain that a product with 0 has": f"{LOSS} 'where(0*log(a)+1 > 1, 5*a, a*y)' "
    "--claim 'X.T @ Y'",
    "a quotient": f"{LOSS} 'where(1/a <= 1/a, a*y, 0)' --claim 'X.T @ Y'",
    "a claim": "2 2 2 --claim 'A_h.T @ np.where(np.log(Y) >= np.log(Y), A_out - Y, 0)'",
    "a claim by ==": "2 2 2 --claim 'A_h.T @ np.where(np.log(Y) == np.log(Y), A_out - Y, 7)'",
    "a claim by !=": "2 2 2 --claim 'A_h.T @ (A_out - Y + (np.log(Y) != np.log(Y)))'",
    "a claim that is NaN everywhere": "1 1 1 --claim 'A_h.T @ "
    "np.where(np.log(-1-Y**2) == np.log(-1-Y**2), A_out - Y, 3)'",
}
PROVED = {  # the audit contradicted these
    "a case whose border is 0": "2 2 2 --claim "
    "'A_h.T @ np.where(delta_out == A_out - Y, A_out - Y, 0)'",
    "the same by >": "2 2 2 --claim 'A_h.T @ np.where(A_out > sigmoid(Z_out), 0, A_out - Y)'",
    "a sign of 0": "2 2 2 --claim 'A_h.T @ (A_out - Y + np.sign(np.log(Y)-np.log(Y)))'",
}
REFUTED = {  # and these, which differ by less than it looks at
    "a term": "2 2 2 --claim 'A_h.T @ (A_out - Y) + 1e-30'",
    "an epsilon": "2 2 2 --claim "
    "'A_h.T @ ((A_out - Y)/(A_out*(1-A_out) + 1e-30)*(A_out*(1-A_out)))'",
}
KINKS = {
    "where(z > 0, z, z) + where(2*z > 0, 3*z, 0)": ("1", "4"),
    "abs(z) + abs(2*z)": ("-3", "3"),
    "maximum(z, 0) + minimum(2*z, 0)/2": ("1", "1"),
    "abs(z) - abs(2*z)/2 + z": ("1", "1"),
}
INSIDE = {  # where what is compared is told by cases itself: each border, and both slopes
    "clip(z, -1, 1)": ["-1: 0, 1", "1: 1, 0"],
    "maximum(-1, minimum(1, z))": ["1: 1, 0", "-1: 0, 1"],
    "clip(z, 1, -1)": ["1: 0, 0"],
    "minimum(abs(z), 6)": ["0: -1, 1", "6: 1, 0", "-6: 0, -1"],
    "z*clip(z + 3, 0, 6)/6": ["-3: 0, -1/2", "3: 3/2, 1"],
    "abs(abs(z) - 1)": ["0: 1, -1", "1: -1, 1", "-1: -1, 1"],
    "clip(abs(z) - 1, 0, 2)": ["0: 0, 0", "1: 0, 1", "-1: -1, 0", "3: 1, 0", "-3: 0, -1"],
    "minimum(maximum(z, 0.1*z), 6)": ["0: 1/10, 1", "6: 1, 0"],
}
NO_SLOPES = (
    "where(z>0, 0, 1/z)",
    "where(z>0, 1/z, 0)",
    "z*log(abs(z))",
    "where(z>0, z**2/z, z)",
    "where(z>1, sqrt(z-1), 0)",
)
MEETING = (
    "where(z > 0, z, exp(z)-1) + abs(sin(z))",
    "where(z > 2, z**2/4, z-1) + maximum(z, sqrt(4))",
    "where(z > 1, z, 0) + maximum(z, sqrt(1))",
)


def asked(command, capsys):
    code = run([*shlex.split(command), "--format", "json"])
    return code, json.loads(capsys.readouterr().out)["claims"][0]


@pytest.mark.parametrize("command", NOT_PROVED_EVERYWHERE.values(), ids=NOT_PROVED_EVERYWHERE)
def test_nan_is_not_equal_to_nan(command, capsys):
    _, said = asked(command, capsys)
    assert said["verdict"] != "proved" or said["conditions"]


@pytest.mark.parametrize("command", PROVED.values(), ids=PROVED)
def test_a_value_that_is_hardly_known_contradicts_no_proof(command, capsys):
    assert asked(command, capsys)[0] == 0


@pytest.mark.parametrize("command", REFUTED.values(), ids=REFUTED)
def test_a_difference_that_is_not_looked_at_contradicts_no_refutation(command, capsys):
    assert asked(command, capsys)[0] == 1


@pytest.mark.parametrize(("hidden", "slopes"), KINKS.items(), ids=KINKS)
def test_borders_that_are_multiples_are_one(hidden, slopes, capsys):
    network = "1 1 1 --output-activation identity --loss half_mse --wrt W_h --hidden"
    _, said = asked(f"{network} '{hidden}'", capsys)
    (kink,) = said["kinks"]
    assert (kink["below"], kink["above"]) == slopes


@pytest.mark.parametrize(("hidden", "told"), INSIDE.items(), ids=INSIDE)
def test_borders_of_borders_are_told(hidden, told, capsys):
    network = "1 1 1 --output-activation identity --loss half_mse --wrt W_h --hidden"
    _, said = asked(f"{network} '{hidden}'", capsys)
    z = sympy.Symbol("z")
    found = []
    for kink in said["kinks"]:
        (root,) = sympy.solve(kink["where"].replace("Z_h[1, 1]", "z"), z)
        found.append(f"{root}: {kink['below']}, {kink['above']}")
    assert found == told
    assert len(said["conditions"]) <= len(told)


OF_LABELS = [  # where labels decide which border is where, or what is there
    "maximum(abs(a), maximum(y, 0))",
    "abs(clip(a, -1, 1) - clip(y, -1, 1))",
    "maximum(maximum(a, -1), maximum(y, -1))",
    "minimum(where(a >= y, y, a), maximum(2, a))",
    "abs(abs(a) - y)",
    "maximum(minimum(a, 2), minimum(y, 2))",
    "clip(minimum(a, y), -1, 1)",
    "where(y > 0, abs(a), 3*a)",
]


@pytest.mark.parametrize("loss", OF_LABELS)
def test_nothing_is_said_for_all_labels_that_holds_for_some(loss, capsys):
    _, said = asked(f"{LOSS} '{loss}'", capsys)
    assert {kink["kind"] for kink in said["kinks"]} <= {"unknown", "region"}


@pytest.mark.parametrize(
    ("loss", "kinds"),
    [
        ("where(a>0, y**2-y, 0) + a", ["unknown"]),  # no jump for the labels 0 and 1,
        ("y*abs(a-1) + (1-y)*a**2", ["unknown"]),  # and a derivative for the label 0
        ("abs(a)*y", ["unknown"]),
        ("y*maximum(0, 1-a) + (1-y)*maximum(0, 1+a)", ["unknown", "unknown"]),
        ("abs(a-y) + y*a", ["kink"]),
        ("where(a>y, y+1, y)", ["jump"]),
    ],
)
def test_a_label_may_make_slopes_and_values_equal(loss, kinds, capsys):
    _, said = asked(f"{LOSS} '{loss}'", capsys)
    assert [kink["kind"] for kink in said["kinks"]] == kinds


@pytest.mark.parametrize(
    "loss",
    [
        *OF_LABELS[:4],
        "maximum(0, 1-y*a) + maximum(0, 1+a)",  # at y = −1 both borders are one,
        "abs(a-1) + abs(a-y)",  # as they are here at y = 1,
        "where(a>0, where(a>y, a, 2*a), 3*a)",  # and here at y = 0
        "where(a>1, 2*a, a) + where(a>y, 3*a, 0)",
    ],
)
def test_no_slopes_where_another_border_is_there_for_some_labels(loss, capsys):
    assert run([*LOSS.split(), loss]) == 0
    assert "at the kink" not in capsys.readouterr().out


@pytest.mark.parametrize(
    "hidden", ["clip(abs(clip(z,-2,2)),-1,1)", "minimum(1, abs(clip(minimum(3, z), 0, 3)))"]
)
def test_borders_in_borders_in_borders_come_to_an_end(hidden, capsys):
    network = "1 1 1 --output-activation identity --loss mse --wrt W_h --hidden"
    assert asked(f"{network} '{hidden}'", capsys)[0] == 0


@pytest.mark.parametrize("hidden", NO_SLOPES)
def test_nothing_is_said_of_slopes_where_a_branch_is_not_defined(hidden, capsys):
    network = "1 1 1 --output-activation identity --loss half_mse --wrt W_h --hidden"
    code, said = asked(f"{network} '{hidden}'", capsys)
    assert code == 0
    assert said["conditions"]
    assert said["kinks"] == []


@pytest.mark.parametrize("hidden", MEETING)
def test_nothing_is_said_of_slopes_where_two_borders_may_meet(hidden, capsys):
    network = "1 1 1 --output-activation identity --loss half_mse --wrt W_h --hidden"
    code, said = asked(f"{network} '{hidden}'", capsys)
    assert code == 0
    assert said["conditions"]
    assert said["kinks"] == []


def test_borders_that_are_apart_by_their_values_are_two(capsys):
    network = "1 1 1 --output-activation identity --loss half_mse --wrt W_h --hidden"
    _, said = asked(f"{network} 'maximum(z, 0) + maximum(z, exp(1) - 1)'", capsys)
    assert [(kink["below"], kink["above"]) for kink in said["kinks"]] == [("0", "1"), ("1", "2")]


def test_an_axis_of_one_index_does_not_make_entries_differ(capsys):
    code, said = asked("3 40 1 --claim 'A_h.T @ (A_out + Y)'", capsys)
    assert code == 1
    assert len({json.dumps(e["evidence"]["counterexample"]["claim"]) for e in said["entries"]}) == 1


def test_a_derivation_that_cannot_be_made_simple_is_shown_as_it_is(capsys):
    command = "1 1 1 --output-activation identity --loss mse --wrt W_h --steps --timeout 1 --hidden"
    code = run([*shlex.split(command), "log(z+sqrt(z**2+1))"])
    assert code == 3
    assert "undecided" in capsys.readouterr().out


def test_a_norm_in_the_place_of_a_sum_is_wrong_at_every_entry(capsys):
    """An error of another kind: √Σ w² for Σ |w|, which agree where one weight alone is not 0."""
    claim = "A_h.T @ (A_out - Y) + np.abs(W_out).sum() - np.sqrt((W_out**2).sum())"
    code, said = asked(f"2 2 2 --claim '{claim}'", capsys)
    assert code == 1
    assert said["counts"]["refuted"] == 4


@pytest.mark.parametrize(
    "loss",
    [
        *("abs(a-1e-50)", "where(a>1e-41,a,0)", "log(1+exp(1e30*a-1))", "1/(a-1e-41)"),
        *("1e90*a**3+1e-90*a", "sqrt(1e-90+(a+1e-45)**2)"),
    ],
)
def test_a_border_as_fine_as_the_audits_step_contradicts_no_proof(loss, capsys):
    network = f"--output-activation identity --loss '{loss}'"
    assert asked(f"2 2 {network}", capsys)[0] == 0
    # by a bias a is 0 at the point where all inputs are, right beside the border
    assert asked(f"1 1 {network} --bias --wrt b_out --audit", capsys)[0] == 0


@pytest.mark.parametrize(
    "command",
    [
        "2 2 --output-activation identity --loss 'maximum(sqrt(a),a)'",
        "2 2 2 --hidden 'minimum(z,sqrt(z))' --wrt W_h",
        "2 2 --output-activation 'maximum(z,sqrt(z))' --loss mse",
    ],
)
def test_a_case_that_compares_a_root_with_its_square_comes_to_an_end(command, capsys):
    assert asked(command, capsys)[0] == 0


FACTOR = "2 2 q1 --n k1 --mean --claim 'A_h.T @ (A_out - Y)'"
DIAGNOSED = {
    "of a formula that is no derivative": (
        "2 2 2 --output-activation softmax --loss ce --claim '(A_h.T @ delta_out).T'",
        "the claim has (A_h.T @ delta_out).T where A_h.T @ delta_out belongs, "
        "if each row of Y sums to 1: A_h.T @ delta_out",
    ),
    "of one that is, by a hypothesis": (
        "2 2 2 --output-activation softmax --loss ce --assume 'Y.sum(axis=1) == 1' "
        "--claim '(A_h.T @ delta_out).T'",
        "the claim is the transpose of the derivative",
    ),
    "by the user's name of n": (FACTOR, "the claim is k1 × the derivative"),
    "by the user's name of t": (
        "q1 2 k1 --n n --claim 'A_h.T @ (A_out-Y)/k1'",
        "the claim is 1/k1 × the derivative",
    ),
    "of a term that is missing": (
        "2 2 2 --claim 'A_h.T @ A_out'",
        "the claim lacks the term - Y",
    ),
    "of one that is not what is missing": (
        "2 2 2 --output-activation identity --loss mse --claim 'A_h.T @ A_out'",
        "the claim has A_out where delta_out belongs",
    ),
}
PRINTED = {
    "a size that has another name": (FACTOR, [0.25, 0.5]),
    "an integer to a negative power": (
        "2 2 2 --claim 'A_h.T @ (delta_out * np.power(2,-1)*3)'",
        [0.25, 0.375],
    ),
    "a bracket to a negative power": (
        "2 2 2 --claim 'A_h.T @ (delta_out * np.where(Y > 5, 2, 2)**-1*3)'",
        [0.25, 0.375],
    ),
}
TOO_COARSE = {
    "decimals": "2 2 2 --claim 'A_h.T @ (delta_out + np.where(0.1+0.2==0.3,1,0))'",
    "overflow": "2 2 2 --output-activation tanh --loss mse "
    "--claim 'A_h.T @ (delta_out + np.where(Z_out>500,1,0))'",
}


@pytest.mark.parametrize(("command", "sentence"), DIAGNOSED.values(), ids=DIAGNOSED)
def test_a_diagnosis_is_about_the_derivative(command, sentence, capsys):
    assert asked(command, capsys)[1]["diagnosis"] == sentence


def printed(command, folder):
    """What the script in NumPy prints."""
    script = folder / "shown.py"
    assert run([*shlex.split(command), "--reproduce", str(script)]) == 1
    line = script.read_text("utf-8")
    with contextlib.redirect_stdout(io.StringIO()) as out, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(line, {})
    return out.getvalue()


@pytest.mark.parametrize(("command", "numbers"), PRINTED.values(), ids=PRINTED)
def test_the_script_prints_the_two_sides(command, numbers, tmp_path):
    assert list(map(float, printed(command, tmp_path).split())) == numbers


@pytest.mark.parametrize("command", TOO_COARSE.values(), ids=TOO_COARSE)
def test_the_script_says_where_floats_do_not_reach(command, tmp_path):
    assert "floats do not reach here" in printed(command, tmp_path)


NOWHERE = {
    "2 2 2 --hidden '1/(z-z)' --wrt W_h": (3, "defined nowhere"),
    "2 2 2 --hidden 'log(z-z)'": (3, "defined nowhere"),
    "2 2 2 --hidden 'z/(0*z)'": (2, "it divides by 0 everywhere"),
    f"{LOSS} '1/(a-a)'": (3, "defined nowhere"),
    f"{LOSS} '1/(y-y)*a'": (2, "it divides by 0 everywhere"),
    f"{LOSS} 'where(y>0,a,a/log(1))'": (2, "in a case of it, it divides by 0 everywhere"),
}


@pytest.mark.parametrize(("command", "said"), NOWHERE.items(), ids=NOWHERE)
def test_what_is_defined_nowhere_is_said_to_be(command, said, capsys):
    code = run(shlex.split(command))
    shown = capsys.readouterr()
    assert code == said[0]
    assert said[1] in " ".join((shown.out + shown.err).split())
    assert len(shown.err.splitlines()) == (1 if code == 2 else 0)
