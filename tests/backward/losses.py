"""Losses and their gradients: plain NumPy."""

from __future__ import annotations

import numpy as np


def mse(pred, target):
    n, t = pred.shape
    return np.sum((pred - target) ** 2) / (n * t)


def mse_gradient(pred, target):
    return 2 * (pred - target) / pred.size


def mse_gradient_per_example(pred, target):
    """Wrong: the mean is over t outputs, too."""
    return 2 * (pred - target) / pred.shape[0]


def half_squares(pred, target):
    return 0.5 * np.sum(np.square(pred - target)) / len(pred)


def half_squares_gradient(pred, target):
    return (pred - target) / len(pred)


def half_squares_gradient_twice(pred, target):
    """Wrong: the half is for that."""
    return 2 * (pred - target) / len(pred)


def mae(pred, target):
    return np.mean(np.abs(pred - target))


def mae_gradient(pred, target):
    return np.sign(pred - target) / pred.size


def mae_gradient_unsigned(pred, target):
    """Wrong: as if the prediction were too large always."""
    return np.ones_like(pred) / pred.size + 0 * target


def rmse(pred, target):
    return np.sqrt(np.mean((pred - target) ** 2))


def rmse_gradient(pred, target):
    return (pred - target) / (pred.size * rmse(pred, target))


def rmse_gradient_no_root(pred, target):
    """Wrong: the root is not differentiated."""
    return (pred - target) / pred.size


def ridge(W, X, y, l2):
    residual = X.dot(W) - y
    return np.mean(residual**2) + l2 * np.sum(W**2)


def ridge_gradient(W, X, y, l2):
    residual = X.dot(W) - y
    return 2 * X.T.dot(residual) / len(residual) + 2 * l2 * W


def ridge_gradient_l2(W, X, y, l2):
    """Wrong: l2·w for a cost l2·Σw²."""
    residual = X.dot(W) - y
    return 2 * X.T.dot(residual) / len(residual) + l2 * W


def logistic(w, b, X, y):
    p = 1 / (1 + np.exp(-(X @ w + b)))
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def logistic_gradient(w, b, X, y):
    p = 1 / (1 + np.exp(-(X @ w + b)))
    error = p - y
    return {"dw": X.T @ error / X.shape[0], "db": np.mean(error)}


def logistic_gradient_sum(w, b, X, y):
    """Wrong: the bias is summed where the loss is a mean."""
    p = 1 / (1 + np.exp(-(X @ w + b)))
    error = p - y
    return {"dw": X.T @ error / X.shape[0], "db": np.sum(error)}


def bce(p, y):
    return -np.sum(y * np.log(p) + (1 - y) * np.log(1 - p)) / p.shape[0]


def bce_gradient(p, y):
    return (p - y) / (p * (1 - p)) / p.shape[0]


def bce_gradient_logits(p, y):
    """Wrong: that is the gradient by the logits."""
    return (p - y) / p.shape[0]


def bce_with_logits(z, y):
    return np.mean(np.maximum(z, 0) - z * y + np.log(1 + np.exp(-np.abs(z))))


def bce_with_logits_gradient(z, y):
    return (1 / (1 + np.exp(-z)) - y) / z.size


def bce_with_logits_gradient_slope(z, y):
    """Wrong: the sigmoid's slope once too often."""
    p = 1 / (1 + np.exp(-z))
    return (p - y) * p * (1 - p) / z.size


def softmax(z):
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    s = e / np.sum(e, axis=-1, keepdims=True)
    return s, s


def softmax_backward(dout, s):
    return s * (dout - np.sum(dout * s, axis=-1, keepdims=True))


def softmax_backward_diagonal(dout, s):
    """Wrong: p(1 − p), without what is beside the diagonal."""
    return dout * s * (1 - s)


def softmax_vector(z):
    e = np.exp(z)
    p = e / e.sum()
    return p, p


def softmax_vector_backward(dout, p):
    jacobian = np.diag(p) - np.outer(p, p)
    return jacobian @ dout


def softmax_vector_backward_sign(dout, p):
    """Wrong: a sign in the Jacobian."""
    jacobian = np.diag(p) + np.outer(p, p)
    return jacobian @ dout


def log_softmax(z):
    shifted = z - z.max(axis=1, keepdims=True)
    out = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return out, out


def log_softmax_backward(dout, out):
    return dout - np.exp(out) * dout.sum(axis=1, keepdims=True)


def log_softmax_backward_elementwise(dout, out):
    """Wrong: the sum over the row is missing."""
    return dout - np.exp(out) * dout


def cross_entropy(x, y):
    """cs231n's way: the loss and its gradient at once."""
    shifted = x - np.max(x, axis=1, keepdims=True)
    z = np.sum(np.exp(shifted), axis=1, keepdims=True)
    log_probs = shifted - np.log(z)
    probs = np.exp(log_probs)
    n = x.shape[0]
    loss = -np.sum(log_probs[np.arange(n), y]) / n
    dx = probs.copy()
    dx[np.arange(n), y] -= 1
    dx /= n
    return loss, dx


def cross_entropy_no_mean(x, y):
    """Wrong: the loss is a mean, and the gradient is that of the sum."""
    shifted = x - np.max(x, axis=1, keepdims=True)
    exps = np.exp(shifted)
    probs = exps / np.sum(exps, axis=1, keepdims=True)
    n = x.shape[0]
    loss = -np.log(probs[range(n), y]).mean()
    dx = probs.copy()
    dx[range(n), y] -= 1
    return loss, dx


def softmax_loss(z, y):
    e = np.exp(z - np.max(z, axis=1, keepdims=True))
    p = e / np.sum(e, axis=1, keepdims=True)
    return -np.sum(y * np.log(p)) / z.shape[0]


def softmax_loss_gradient(z, y):
    e = np.exp(z - np.max(z, axis=1, keepdims=True))
    p = e / np.sum(e, axis=1, keepdims=True)
    return (p * np.sum(y, axis=1, keepdims=True) - y) / z.shape[0]


def softmax_loss_gradient_classes(z, y):
    """Wrong: divided by the classes, and rows of y need not sum to 1."""
    e = np.exp(z - np.max(z, axis=1, keepdims=True))
    p = e / np.sum(e, axis=1, keepdims=True)
    return (p - y) / z.shape[1]


def smoothed(z, y, eps=0.1):
    n, t = z.shape
    logp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    q = np.full((n, t), eps / t)
    q[np.arange(n), y] += 1 - eps
    return -(q * logp).sum() / n


def smoothed_gradient(z, y, eps=0.1):
    n, t = z.shape
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    onehot = np.zeros((n, t))
    onehot[np.arange(n), y] = 1
    return (p - (1 - eps) * onehot - eps / t) / n


def smoothed_gradient_hard(z, y):
    """Wrong: the gradient of hard labels."""
    n, t = z.shape
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    onehot = np.zeros((n, t))
    onehot[np.arange(n), y] = 1
    return (p - onehot) / n


def nll(log_p, y):
    n = log_p.shape[0]
    return -log_p[np.arange(n), y].sum() / n


def nll_gradient(log_p, y):
    n = log_p.shape[0]
    d = np.zeros_like(log_p)
    d[np.arange(n), y] = -1 / n
    return d


def nll_gradient_probabilities(log_p, y):
    """Wrong: the gradient of a softmax in front of it."""
    n = log_p.shape[0]
    d = np.exp(log_p)
    d[np.arange(n), y] -= 1
    return d / n


def focal(p, y, gamma=2):
    n = p.shape[0]
    pt = p[np.arange(n), y]
    return -np.sum((1 - pt) ** gamma * np.log(pt)) / n


def focal_gradient(p, y, gamma=2):
    n = p.shape[0]
    pt = p[np.arange(n), y]
    d = np.zeros_like(p)
    d[np.arange(n), y] = gamma * (1 - pt) ** (gamma - 1) * np.log(pt) - (1 - pt) ** gamma / pt
    return d / n


def focal_gradient_weight(p, y, gamma=2):
    """Wrong: the weight is taken for a constant."""
    n = p.shape[0]
    pt = p[np.arange(n), y]
    d = np.zeros_like(p)
    d[np.arange(n), y] = -((1 - pt) ** gamma) / pt
    return d / n


def binary_focal(z, y):
    p = 1 / (1 + np.exp(-z))
    return -np.mean(y * (1 - p) ** 2 * np.log(p) + (1 - y) * p**2 * np.log(1 - p))


def binary_focal_gradient(z, y):
    p = 1 / (1 + np.exp(-z))
    on = (1 - p) ** 2 * (2 * p * np.log(p) + p - 1)
    off = p**2 * (p - 2 * (1 - p) * np.log(1 - p))
    return (y * on + (1 - y) * off) / z.size


def binary_focal_gradient_bce(z, y):
    """Wrong: the gradient without the weights."""
    p = 1 / (1 + np.exp(-z))
    return (p - y) / z.size


def svm(x, y):
    """cs231n's way: all margins at once."""
    n = x.shape[0]
    correct = x[np.arange(n), y]
    margins = np.maximum(0, x - correct[:, np.newaxis] + 1.0)
    margins[np.arange(n), y] = 0
    loss = np.sum(margins) / n
    positive = np.sum(margins > 0, axis=1)
    dx = np.zeros_like(x)
    dx[margins > 0] = 1
    dx[np.arange(n), y] -= positive
    dx /= n
    return loss, dx


def svm_one(x, y):
    """Wrong: the right class loses 1, and not 1 for each margin."""
    n = x.shape[0]
    correct = x[np.arange(n), y]
    margins = np.maximum(0, x - correct[:, np.newaxis] + 1.0)
    margins[np.arange(n), y] = 0
    loss = np.sum(margins) / n
    dx = np.zeros_like(x)
    dx[margins > 0] = 1
    dx[np.arange(n), y] -= 1
    dx /= n
    return loss, dx


def svm_weights(W, X, y, reg):
    n = X.shape[0]
    scores = X.dot(W)
    correct = scores[np.arange(n), y].reshape(-1, 1)
    margin = np.maximum(0, scores - correct + 1)
    margin[np.arange(n), y] = 0
    loss = margin.sum() / n + reg * np.sum(W * W)
    binary = (margin > 0).astype(float)
    binary[np.arange(n), y] = -binary.sum(axis=1)
    dW = X.T.dot(binary) / n + 2 * reg * W
    return loss, dW


def svm_weights_reg(W, X, y, reg):
    """Wrong: reg·W for reg·ΣW²."""
    n = X.shape[0]
    scores = X.dot(W)
    correct = scores[np.arange(n), y].reshape(-1, 1)
    margin = np.maximum(0, scores - correct + 1)
    margin[np.arange(n), y] = 0
    loss = margin.sum() / n + reg * np.sum(W * W)
    binary = (margin > 0).astype(float)
    binary[np.arange(n), y] = -binary.sum(axis=1)
    dW = X.T.dot(binary) / n + reg * W
    return loss, dW


def hinge(score, y):
    return np.mean(np.maximum(0, 1 - y * score))


def hinge_gradient(score, y):
    return np.where(y * score < 1, -y, 0) / score.shape[0]


def hinge_gradient_all(score, y):
    """Wrong: the margin is not asked."""
    return -y / score.shape[0]


def squared_hinge(score, y):
    return np.sum(np.maximum(0, 1 - y * score) ** 2)


def squared_hinge_gradient(score, y):
    return -2 * y * np.maximum(0, 1 - y * score)


def squared_hinge_gradient_linear(score, y):
    """Wrong: the slope of the plain hinge, doubled."""
    return -2 * y * (y * score < 1)


def huber(pred, target, delta=1.0):
    r = pred - target
    small = np.abs(r) <= delta
    return np.mean(np.where(small, 0.5 * r**2, delta * (np.abs(r) - 0.5 * delta)))


def huber_gradient(pred, target, delta=1.0):
    r = pred - target
    return np.where(np.abs(r) <= delta, r, delta * np.sign(r)) / r.size


def huber_gradient_clip(pred, target, delta=1.0):
    return np.clip(pred - target, -delta, delta) / pred.size


def huber_gradient_double(pred, target, delta=1.0):
    """Wrong: the half is for that."""
    r = pred - target
    return np.where(np.abs(r) <= delta, 2 * r, delta * np.sign(r)) / r.size


def log_cosh(pred, target):
    return np.sum(np.log(np.cosh(pred - target)))


def log_cosh_gradient(pred, target):
    return np.tanh(pred - target)


def log_cosh_gradient_cosh(pred, target):
    """Wrong: the chain rule half done."""
    return 1 / np.cosh(pred - target)


def kl(p, q):
    return np.sum(p * np.log(p / q)) / p.shape[0]


def kl_gradient(p, q):
    return (np.log(p) - np.log(q) + 1) / p.shape[0], -p / q / p.shape[0]


def kl_gradient_no_one(p, q):
    """Wrong: the p before the logarithm is taken for a constant in the second term."""
    return (np.log(p) - np.log(q)) / p.shape[0], -p / q / p.shape[0]


def gaussian_kl(mu, logvar):
    return -0.5 * np.sum(1 + logvar - mu**2 - np.exp(logvar))


def gaussian_kl_gradient(mu, logvar):
    return mu, 0.5 * (np.exp(logvar) - 1)


def gaussian_kl_gradient_variance(mu, logvar):
    """Wrong: the gradient by the variance."""
    return mu, 0.5 * (1 - 1 / np.exp(logvar))


def dice(p, y, eps=1e-6):
    inter = np.sum(p * y)
    return 1 - (2 * inter + eps) / (np.sum(p) + np.sum(y) + eps)


def dice_gradient(p, y, eps=1e-6):
    inter = np.sum(p * y)
    total = np.sum(p) + np.sum(y) + eps
    return -(2 * y * total - (2 * inter + eps)) / total**2


def dice_gradient_constant_total(p, y, eps=1e-6):
    """Wrong: the denominator depends on p, too."""
    total = np.sum(p) + np.sum(y) + eps
    return -2 * y / total


def contrastive(a, b, same, margin=1.0):
    dist = np.sqrt(np.sum((a - b) ** 2, axis=1))
    gap = np.maximum(margin - dist, 0)
    return np.mean(same * dist**2 + (1 - same) * gap**2) / 2


def contrastive_gradient(a, b, same, margin=1.0):
    diff = a - b
    dist = np.sqrt(np.sum(diff**2, axis=1))
    gap = np.maximum(margin - dist, 0)
    factor = same - (1 - same) * gap / dist
    da = diff * factor[:, None] / a.shape[0]
    return da, -da


def contrastive_gradient_sign(a, b, same, margin=1.0):
    """Wrong: the pairs that differ are drawn together, too."""
    diff = a - b
    dist = np.sqrt(np.sum(diff**2, axis=1))
    gap = np.maximum(margin - dist, 0)
    factor = same + (1 - same) * gap / dist
    da = diff * factor[:, None] / a.shape[0]
    return da, -da


def triplet(anchor, positive, negative):
    near = np.sum((anchor - positive) ** 2, axis=1)
    far = np.sum((anchor - negative) ** 2, axis=1)
    return np.sum(np.maximum(near - far + 0.2, 0))


def triplet_gradient(anchor, positive, negative):
    near = np.sum((anchor - positive) ** 2, axis=1)
    far = np.sum((anchor - negative) ** 2, axis=1)
    active = (near - far + 0.2 > 0)[:, None]
    da = 2 * (negative - positive) * active
    dp = 2 * (positive - anchor) * active
    dn = 2 * (anchor - negative) * active
    return da, dp, dn


def triplet_gradient_swapped(anchor, positive, negative):
    """Wrong: the anchor is driven the other way."""
    near = np.sum((anchor - positive) ** 2, axis=1)
    far = np.sum((anchor - negative) ** 2, axis=1)
    active = (near - far + 0.2 > 0)[:, None]
    da = 2 * (positive - negative) * active
    dp = 2 * (positive - anchor) * active
    dn = 2 * (anchor - negative) * active
    return da, dp, dn


def cosine(a, b):
    na = np.linalg.norm(a, axis=1, keepdims=True)
    nb = np.linalg.norm(b, axis=1, keepdims=True)
    out = np.sum(a * b, axis=1, keepdims=True) / (na * nb)
    return out, (a, b, na, nb, out)


def cosine_backward(dout, cache):
    a, b, na, nb, out = cache
    da = dout * (b / (na * nb) - out * a / na**2)
    db = dout * (a / (na * nb) - out * b / nb**2)
    return da, db


def cosine_backward_norms(dout, cache):
    """Wrong: the norms are taken for constants."""
    a, b, na, nb, _ = cache
    return dout * b / (na * nb), dout * a / (na * nb)


def center(x, centers, y):
    diff = x - centers[y]
    return 0.5 * np.sum(diff**2) / x.shape[0]


def center_gradient(x, centers, y):
    diff = x - centers[y]
    dcenters = np.zeros_like(centers)
    np.add.at(dcenters, y, -diff)
    return diff / x.shape[0], dcenters / x.shape[0]


def center_gradient_one_hot(x, centers, y):
    t = centers.shape[0]
    onehot = np.eye(t)[y]
    diff = x - onehot @ centers
    return diff / x.shape[0], -onehot.T @ diff / x.shape[0]


def center_gradient_sum(x, centers, y):
    """Wrong: the centres are not divided by n."""
    onehot = np.eye(centers.shape[0])[y]
    diff = x - onehot @ centers
    return diff / x.shape[0], -onehot.T @ diff


def poisson(log_rate, y):
    return np.mean(np.exp(log_rate) - y * log_rate)


def poisson_gradient(log_rate, y):
    return (np.exp(log_rate) - y) / log_rate.size


def poisson_gradient_rate(log_rate, y):
    """Wrong: the gradient by the rate."""
    return (1 - y / np.exp(log_rate)) / log_rate.size


def elastic(W, X, Y, l1, l2):
    n = X.shape[0]
    error = X @ W - Y
    return np.sum(error**2) / (2 * n) + l1 * np.abs(W).sum() + l2 / 2 * (W**2).sum()


def elastic_gradient(W, X, Y, l1, l2):
    n = X.shape[0]
    error = X @ W - Y
    grad = X.T @ error
    grad /= n
    grad += l1 * np.sign(W)
    grad += l2 * W
    return grad


def elastic_gradient_flat(W, X, Y, l1, l2):
    """Wrong: the penalty on |W| has no sign."""
    n = X.shape[0]
    error = X @ W - Y
    grad = X.T @ error / n
    grad += l1
    grad += l2 * W
    return grad
