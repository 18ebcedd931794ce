"""Integer labels as people use them: along an axis, compared with the classes, one by one."""

import numpy as np
import pytest

from gradcheck_sym import Labels, prove
from gradcheck_sym.errors import CodeError


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def picked(z, y):
    return -np.log(softmax(z)[np.arange(len(y)), y].reshape(-1, 1)).mean()


def along(z, y):
    return -np.log(np.take_along_axis(softmax(z), y[:, None], axis=1)).mean()


def along_and_squeezed(z, y):
    p = np.take_along_axis(softmax(z), y.reshape(-1, 1), axis=1).squeeze(1)
    return -np.log(p).mean()


def compared(z, y):
    return -(np.log(softmax(z)) * (y[:, None] == np.arange(z.shape[1]))).sum() / len(y)


def assigned(z, y):
    dz = softmax(z)
    dz[np.arange(len(y)), y] -= 1
    return dz / len(y)


def put_along(z, y):
    dz = softmax(z)
    here = np.take_along_axis(dz, y[:, None], axis=1)
    np.put_along_axis(dz, y[:, None], here - 1, axis=1)
    return dz / len(y)


def put_along_wrong(z, y):
    dz = softmax(z)
    np.put_along_axis(dz, y[:, None], 1.0, axis=1)
    return dz / len(y)


def subtracted(z, y):
    return (softmax(z) - (np.arange(z.shape[1]) == y[:, None])) / len(y)


LOSSES = [picked, along, along_and_squeezed, compared]


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("gradient", [assigned, put_along, subtracted])
def test_cross_entropy_is_proved_at_all_sizes(loss, gradient):
    if gradient is subtracted:
        assert prove(loss, gradient, z=("n", 3), y=Labels("n", 3)).proved
    else:
        assert prove(loss, gradient, z=("n", "t"), y=Labels("n", "t")).proved


def test_a_wrong_entry_at_the_label_is_refuted():
    report = prove(along, put_along_wrong, z=("n", 3), y=Labels("n", 3))
    assert report.refuted


def each(z, y):
    loss = 0.0
    for i in range(len(z)):
        p = np.exp(z[i]) / np.exp(z[i]).sum()
        loss -= np.log(p[y[i]])
    return loss / len(z)


def each_gradient(z, y):
    dz = np.zeros_like(z)
    for i, label in enumerate(y):
        p = np.exp(z[i]) / np.exp(z[i]).sum()
        for j in range(z.shape[1]):
            dz[i, j] = p[j] - (j == label)
    return dz / len(z)


def each_gradient_off_by_one(z, y):
    dz = each_gradient(z, y)
    dz[0, y[0]] -= 1
    return dz


class TestLoops:
    def test_a_loop_over_examples_is_proved(self):
        assert prove(each, each_gradient, z=(2, 3), y=Labels(2, 3)).proved

    def test_a_wrong_one_is_refuted(self):
        assert prove(each, each_gradient_off_by_one, z=(2, 3), y=Labels(2, 3)).refuted

    def test_columns_and_rows_that_one_label_picks(self):
        def loss(W, X, y):  # noqa: N803
            return sum((X[i] @ W[:, y[i]] - 1) ** 2 for i in range(len(X)))

        def gradient(W, X, y):  # noqa: N803
            dW = np.zeros_like(W)  # noqa: N806
            for i in range(len(X)):
                dW[:, y[i]] += 2 * (X[i] @ W[:, y[i]] - 1) * X[i]
            return dW

        def overwritten(W, X, y):  # noqa: N803
            dW = np.zeros_like(W)  # noqa: N806
            for i in range(len(X)):
                dW[:, y[i]] = 2 * (X[i] @ W[:, y[i]] - 1) * X[i]
            return dW

        shapes = {"W": (2, 3), "X": (2, 2), "y": Labels(2, 3)}
        assert prove(loss, gradient, **shapes).proved
        assert prove(loss, overwritten, **shapes).refuted  # where two labels are the same

    def test_rows_of_an_embedding(self):
        def loss(E, y):  # noqa: N803
            return sum((E[c] ** 2).sum() for c in y)

        def gradient(E, y):  # noqa: N803
            dE = np.zeros_like(E)  # noqa: N806
            for c in y:
                dE[c] += 2 * E[c]
            return dE

        assert prove(loss, gradient, E=(3, 4), y=Labels(2, 3)).proved

    def test_a_branch_by_a_label_is_refused_with_its_line(self):
        def loss(z, y):
            return sum(z[i, j] for i in range(2) for j in range(3) if j != y[i])

        with pytest.raises(CodeError, match=r"test_code_labels.py:\d+.*write np.where"):
            prove(loss, lambda z, y: z, z=(2, 3), y=Labels(2, 3))


def test_weights_of_classes_by_comparisons():
    def loss(s, y):
        return (((y == 0) + 3.0 * (y == 1)) * s).sum()

    def gradient(s, y):
        return np.where(y == 1, 3.0, 1.0)

    def wrong(s, y):
        return np.where(y != 1, 3.0, 1.0)

    assert prove(loss, gradient, s=("n",), y=Labels("n", 2)).proved
    assert prove(loss, wrong, s=("n",), y=Labels("n", 2)).refuted


def test_the_last_entry_of_rows_that_sum_to_1():
    def loss(z, Y):  # noqa: N803
        return (Y * z).sum()

    def right(z, Y):  # noqa: N803
        return np.stack([Y[:, 0], Y[:, 1], 1 - Y[:, 0] - Y[:, 1]], axis=1)

    def wrong(z, Y):  # noqa: N803
        return np.stack([Y[:, 0], Y[:, 1], 1 - Y[:, 0]], axis=1)

    shapes = {"z": ("n", 3), "Y": ("n", 3), "assume": ["Y.sum(axis=1) == 1"]}
    assert prove(loss, right, **shapes).proved
    report = prove(loss, wrong, **shapes)
    assert report.refuted
    assert "Y[1,2] = 1" in str(report)  # which neither side speaks of there
    assert prove(loss, right, **{**shapes, "assume": "Y.sum(axis=1) == 1"}).proved


def test_focal_loss_by_the_probability_of_the_label():
    """Whose proof takes that a product of two entries of a one-hot row is 0."""

    def loss(z, y, gamma=2.0):
        p = softmax(z)[np.arange(len(y)), y]
        return -((1 - p) ** gamma * np.log(p)).sum()

    def by(factor):
        def gradient(z, y, gamma=2.0):
            p = softmax(z)
            q = p[np.arange(len(y)), y]
            onehot = np.zeros_like(z)
            onehot[np.arange(len(y)), y] = 1
            slope = factor * (1 - q) ** (gamma - 1) * np.log(q) * q - (1 - q) ** gamma
            return slope[:, None] * (onehot - p)

        return gradient

    shapes = {"z": ("n", "t"), "y": Labels("n", "t")}
    assert prove(loss, by(2.0), **shapes).proved
    assert prove(loss, by(1.0), **shapes).refuted


def test_a_class_that_neither_side_speaks_of_is_tried():
    def loss(x, y):
        return (x * (y == 0)).sum()

    def gradient(x, y):
        return (y != 1) * 1.0

    assert prove(loss, gradient, x=("n",), y=Labels("n", 2)).proved
    assert prove(loss, gradient, x=("n",), y=Labels("n", 3)).refuted


def test_each_label_is_an_object_of_its_own():
    def loss(x, y):
        return 1e8 + (2.0 if y[0] is y[0] else 3.0) * x.sum()

    assert prove(loss, lambda x, y: np.full_like(x, 2.0), x=("n",), y=Labels(2, 3)).refuted
    assert prove(loss, lambda x, y: np.full_like(x, 3.0), x=("n",), y=Labels(2, 3)).proved
