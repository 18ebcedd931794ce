"""What is made of sines and cosines: plain NumPy."""

from __future__ import annotations

import numpy as np


def siren(x, w, b, omega):
    z = omega * (x @ w + b)
    return np.sin(z), (x, w, z, omega)


def siren_backward(dout, cache):
    x, w, z, omega = cache
    dz = dout * np.cos(z) * omega
    return dz @ w.T, x.T @ dz, dz.sum(axis=0)


def siren_backward_frequency(dout, cache):
    """Wrong: the frequency is left out."""
    x, w, z, _ = cache
    dz = dout * np.cos(z)
    return dz @ w.T, x.T @ dz, dz.sum(axis=0)


def sine_layer(x, w, b):
    return np.sin(30.0 * (x @ w + b)), (x, w, b)


def sine_layer_backward(dout, cache):
    x, w, b = cache
    dz = 30.0 * np.cos(30.0 * (x @ w + b)) * dout
    return np.dot(dz, w.T), np.dot(x.T, dz), np.sum(dz, axis=0)


def sine_layer_backward_value(dout, cache):
    """Wrong: the slope is taken from the value as if it were tanh's."""
    x, w, b = cache
    dz = 30.0 * (1 - np.sin(30.0 * (x @ w + b)) ** 2) * dout
    return np.dot(dz, w.T), np.dot(x.T, dz), np.sum(dz, axis=0)


def snake(x, a):
    return x + np.sin(a * x) ** 2 / a, (x, a)


def snake_backward(dout, cache):
    x, a = cache
    s = np.sin(2 * a * x)
    return dout * (1 + s), (dout * (x * s / a - np.sin(a * x) ** 2 / a**2)).sum(axis=0)


def snake_backward_products(dout, cache):
    x, a = cache
    s, c = np.sin(a * x), np.cos(a * x)
    return dout * (1 + 2 * s * c), (dout * s * (2 * a * x * c - s) / a**2).sum(axis=0)


def snake_backward_half(dout, cache):
    """Wrong: sin · cos for sin 2ax, which is twice that."""
    x, a = cache
    s = np.sin(a * x) * np.cos(a * x)
    return dout * (1 + s), (dout * (x * s / a - np.sin(a * x) ** 2 / a**2)).sum(axis=0)


def cosine_gate(x):
    gate = (1 - np.cos(np.pi * x)) / 2
    return x * gate, (x, gate)


def cosine_gate_backward(dout, cache):
    x, gate = cache
    return dout * (gate + x * np.pi / 2 * np.sin(np.pi * x))


def cosine_gate_backward_sign(dout, cache):
    """Wrong: the slope of −cos is sin, and not −sin."""
    x, gate = cache
    return dout * (gate - x * np.pi / 2 * np.sin(np.pi * x))


def tangent(x):
    t = np.tan(x)
    return t, t


def tangent_backward(dout, t):
    return dout * (1 + t**2)


def tangent_backward_minus(dout, t):
    """Wrong: tanh's slope."""
    return dout * (1 - t**2)


def encoded(x, w):
    """NeRF's encoding of positions, in octaves, before a layer."""
    parts = [x] + [f(2.0**k * np.pi * x) for k in range(3) for f in (np.sin, np.cos)]
    e = np.concatenate(parts, axis=1)
    return e @ w, (x, e, w)


def encoded_backward(dout, cache):
    x, e, w = cache
    de = dout @ w.T
    d = x.shape[1]
    dx = de[:, :d].copy()
    for k in range(3):
        c = 2.0**k * np.pi
        at = d * (1 + 2 * k)
        dx += c * np.cos(c * x) * de[:, at : at + d]
        dx -= c * np.sin(c * x) * de[:, at + d : at + 2 * d]
    return dx, e.T @ dout


def encoded_backward_sign(dout, cache):
    """Wrong: the cosine's slope has no minus."""
    x, e, w = cache
    de = dout @ w.T
    d = x.shape[1]
    dx = de[:, :d].copy()
    for k in range(3):
        c = 2.0**k * np.pi
        at = d * (1 + 2 * k)
        dx += c * np.cos(c * x) * de[:, at : at + d]
        dx += c * np.sin(c * x) * de[:, at + d : at + 2 * d]
    return dx, e.T @ dout


def fourier_loss(x, B, y):
    """Fourier features of a projection, in a loss."""
    p = 2 * np.pi * (x @ B)
    return ((np.cos(p) + np.sin(p) - y) ** 2).mean()


def fourier_loss_gradient(x, B, y):
    p = 2 * np.pi * (x @ B)
    c, s = np.cos(p), np.sin(p)
    dp = 2 * (c + s - y) * (c - s) / y.size
    return 2 * np.pi * dp @ B.T, 2 * np.pi * x.T @ dp


def fourier_loss_gradient_pi(x, B, y):
    """Wrong: 2π is not differentiated through."""
    p = 2 * np.pi * (x @ B)
    c, s = np.cos(p), np.sin(p)
    dp = 2 * (c + s - y) * (c - s) / y.size
    return dp @ B.T, x.T @ dp


def rotary(x, theta):
    """Each pair of halves turned by an angle of its own."""
    half = x.shape[1] // 2
    a, b = x[:, :half], x[:, half:]
    cos, sin = np.cos(theta), np.sin(theta)
    return np.concatenate([a * cos - b * sin, a * sin + b * cos], axis=1), (x, theta)


def rotary_backward(dout, cache):
    x, theta = cache
    half = x.shape[1] // 2
    a, b = x[:, :half], x[:, half:]
    da, db = dout[:, :half], dout[:, half:]
    cos, sin = np.cos(theta), np.sin(theta)
    dx = np.concatenate([da * cos + db * sin, db * cos - da * sin], axis=1)
    return dx, da * (-a * sin - b * cos) + db * (a * cos - b * sin)


def rotary_backward_forth(dout, cache):
    """Wrong: the gradient is turned on, and not back."""
    x, theta = cache
    half = x.shape[1] // 2
    a, b = x[:, :half], x[:, half:]
    da, db = dout[:, :half], dout[:, half:]
    cos, sin = np.cos(theta), np.sin(theta)
    dx = np.concatenate([da * cos - db * sin, db * cos + da * sin], axis=1)
    return dx, da * (-a * sin - b * cos) + db * (a * cos - b * sin)


def turned(x, cos, sin):
    """The same with both tables given."""
    half = x.shape[-1] // 2
    flipped = np.concatenate([-x[:, half:], x[:, :half]], axis=1)
    return x * cos + flipped * sin, (x, cos, sin, flipped)


def turned_backward(dout, cache):
    x, cos, sin, flipped = cache
    half = x.shape[-1] // 2
    ds = dout * sin
    dx = dout * cos + np.concatenate([ds[:, half:], -ds[:, :half]], axis=1)
    return dx, dout * x, dout * flipped


def turned_backward_order(dout, cache):
    """Wrong: the halves are flipped as on the way there."""
    x, cos, sin, flipped = cache
    half = x.shape[-1] // 2
    ds = dout * sin
    dx = dout * cos + np.concatenate([-ds[:, half:], ds[:, :half]], axis=1)
    return dx, dout * x, dout * flipped


def length(r, theta):
    """The squared length of what has polar coordinates: r² whatever the angle is."""
    x, y = r * np.cos(theta), r * np.sin(theta)
    return (x**2 + y**2).sum() / 2


def length_gradient(r, theta):
    return r, np.zeros_like(theta)


def length_gradient_angle(r, theta):
    """Wrong: the angle does not matter."""
    return r, r**2 * np.sin(theta) * np.cos(theta)


def chained(x, t, s):
    """Turned by t and then by s is turned by t + s."""
    a, b = x[:, :1], x[:, 1:]
    a, b = a * np.cos(t) - b * np.sin(t), a * np.sin(t) + b * np.cos(t)
    return np.concatenate([a * np.cos(s) - b * np.sin(s), a * np.sin(s) + b * np.cos(s)], 1), (t, s)


def chained_backward(dout, cache):
    t, s = cache
    a, b = dout[:, :1], dout[:, 1:]
    c, d = np.cos(t + s), np.sin(t + s)
    return np.concatenate([a * c + b * d, b * c - a * d], axis=1)


def chained_backward_difference(dout, cache):
    """Wrong: the angles are subtracted."""
    t, s = cache
    a, b = dout[:, :1], dout[:, 1:]
    c, d = np.cos(t - s), np.sin(t - s)
    return np.concatenate([a * c + b * d, b * c - a * d], axis=1)
