"""The corpus: which functions belong together, of what shapes, and what is wrong of which."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from gradcheck_sym import CodeReport, Labels, prove, prove_vjp
from tests.backward import activations as a
from tests.backward import attention as at
from tests.backward import convolution as c
from tests.backward import idioms as i
from tests.backward import layers as la
from tests.backward import losses as lo
from tests.backward import networks as ne
from tests.backward import normalisation as no
from tests.backward import recurrent as r
from tests.backward import waves as w

NUMBERS = {"n": 2, "d": 3, "t": 3, "e": 2, "m": 2, "f": 2, "b": 2, "c": 2}
OTHER = {"n": 3, "d": 2, "t": 2, "e": 3, "m": 3, "f": 3, "b": 1, "c": 3}


@dataclass(frozen=True)
class Row:
    """Functions, shapes, and the inputs whose gradients are wrong; all others are right.

    `backward` is None for a class, and for a loss that returns its gradients itself.
    """

    forward: Any
    backward: Callable[..., Any] | None
    shapes: Mapping[str, Any]
    wrong: tuple[str, ...] = ()
    right: tuple[str, ...] = ()
    loss: bool = False
    assume: tuple[str, ...] = ()
    outputs: int = 1

    @property
    def name(self) -> str:
        function = self.backward or self.forward
        module = function.__module__.rpartition(".")[2]
        over = f"{self.forward.__name__}/" if self.backward else ""
        return f"{module}.{over}{function.__name__}"

    @property
    def expected(self) -> dict[str, str]:
        return dict.fromkeys(self.right, "proved") | dict.fromkeys(self.wrong, "refuted")

    def shapes_at(self, numbers: Mapping[str, int]) -> dict[str, Any]:
        """The shapes, with numbers for some of the names."""

        def put(size: Any) -> Any:
            return numbers.get(size, size)

        return {
            name: Labels(put(shape.count), put(shape.classes))
            if isinstance(shape, Labels)
            else tuple(map(put, shape))
            if isinstance(shape, tuple)
            else put(shape)
            for name, shape in self.shapes.items()
        }

    @property
    def has_names(self) -> bool:
        return self.shapes_at(NUMBERS) != self.shapes

    def report(self, numbers: Mapping[str, int] | None = None) -> CodeReport:
        ask = prove if self.loss else prove_vjp
        both = (self.forward, self.backward) if self.backward else (self.forward,)
        return ask(*both, assume=self.assume, **self.shapes_at(numbers or {}))


ROWS: list[Row] = []


def _names(names: str) -> tuple[str, ...]:
    return tuple(names.split())


def add(
    forward: Any,
    backward: Any,
    wrong: Any = None,
    by: str = "x",
    at_fault: str = "",
    *,
    loss: bool = False,
    assume: str = "",
    outputs: int = 1,
    **shapes: Any,
) -> None:
    """A right half or several, then one wrong half or several, and the inputs it is wrong for.

    `by` are the inputs that gradients are returned for; where nothing else is said, the wrong
    half is wrong for all of them.
    """
    assumed = (assume,) if assume else ()
    rights = backward if isinstance(backward, tuple) else (backward,)
    wrongs = wrong if isinstance(wrong, tuple) else (wrong,) if wrong else ()
    fault = _names(at_fault or by)
    others = tuple(name for name in _names(by) if name not in fault)
    said = [((), _names(by), half) for half in rights] + [(fault, others, half) for half in wrongs]
    ROWS.extend(
        Row(forward, half, shapes, faulty, fine, loss, assumed, outputs)
        for faulty, fine, half in said
    )


def add_class(
    right: Any, wrong: Any, by: str, at_fault: str, *, outputs: int = 1, **shapes: Any
) -> None:
    """A class that is right, and one that is not."""
    fault = _names(at_fault)
    ROWS.append(Row(right, None, shapes, (), _names(by), outputs=outputs))
    others = tuple(name for name in _names(by) if name not in fault)
    ROWS.append(Row(wrong, None, shapes, fault, others, outputs=outputs))


def add_loss(right: Any, wrong: Any, by: str, at_fault: str = "", **shapes: Any) -> None:
    """Losses that return their gradients themselves, one right and one wrong."""
    fault = _names(at_fault or by)
    ROWS.append(Row(right, None, shapes, (), _names(by), loss=True))
    others = tuple(name for name in _names(by) if name not in fault)
    ROWS.append(Row(wrong, None, shapes, fault, others, loss=True))


# fmt: off
ND: dict[str, Any] = {"x": ("n", "d")}

# Activations
add(a.relu, (a.relu_backward, a.relu_backward_in_place), a.relu_backward_by_size, **ND)
add(a.leaky_relu, a.leaky_relu_backward, a.leaky_relu_backward_no_slope, **ND)
add(a.elu, a.elu_backward, a.elu_backward_no_alpha, **ND)
add(a.elu_bounded, a.elu_bounded_backward, a.elu_bounded_backward_output, **ND)
add(a.selu, a.selu_backward, a.selu_backward_no_scale, **ND)
add(a.sigmoid, a.sigmoid_backward, a.sigmoid_backward_of_sigmoid, **ND)
add(a.tanh, a.tanh_backward, **ND)
add(a.tanh_layer, a.tanh_layer_backward, a.tanh_layer_backward_twice, **ND)
add(a.hard_tanh, a.hard_tanh_backward, a.hard_tanh_backward_one_side, **ND)
add(a.hard_sigmoid, a.hard_sigmoid_backward, a.hard_sigmoid_backward_at_three, **ND)
add(a.hard_swish, a.hard_swish_backward, a.hard_swish_backward_gate, **ND)
add(a.relu6, a.relu6_backward, a.relu6_backward_open, **ND)
add(a.softplus, a.softplus_backward, a.softplus_backward_flipped, **ND)
add(a.softplus_stable, (a.softplus_stable_backward, a.softplus_backward),
    a.softplus_backward_flipped, **ND)
add(a.softplus_split, a.softplus_backward, a.softplus_backward_flipped, **ND)
add(a.softsign, a.softsign_backward, a.softsign_backward_no_square, **ND)
add(a.log_sigmoid, a.log_sigmoid_backward, a.log_sigmoid_backward_sigmoid, **ND)
add(a.gelu, a.gelu_backward, a.gelu_backward_no_density, **ND)
add(a.gelu_tanh, a.gelu_tanh_backward, a.gelu_tanh_backward_rounded, **ND)
add(a.quick_gelu, a.quick_gelu_backward, a.quick_gelu_backward_swish, **ND)
add(a.swish, a.swish_backward, a.swish_backward_mean, "x beta", "beta", x=("n", "d"), beta=())
add(a.silu, a.silu_backward, a.silu_backward_sigmoid, **ND)
add(a.mish, (a.mish_backward, a.mish_backward_closed), a.mish_backward_no_sigmoid, **ND)
add(a.squareplus, a.squareplus_backward, a.squareplus_backward_no_root, **ND)
add(a.gaussian, a.gaussian_backward, a.gaussian_backward_sign, **ND)
add(a.prelu, a.prelu_backward, a.prelu_backward_all, "x a", "a", x=("n", "d"), a=("d",))
add(a.srelu, a.srelu_backward, a.srelu_backward_slopes, "x tl al tr ar", "tl tr",
    x=("n", "d"), tl=("d",), al=("d",), tr=("d",), ar=("d",))

# Losses
PAIR: dict[str, Any] = {"pred": ("n", "t"), "target": ("n", "t")}
ZY: dict[str, Any] = {"z": ("n", "t"), "y": Labels("n", "t")}
add(lo.mse, lo.mse_gradient, lo.mse_gradient_per_example, "pred", loss=True, **PAIR)
add(lo.half_squares, lo.half_squares_gradient, lo.half_squares_gradient_twice, "pred",
    loss=True, **PAIR)
add(lo.mae, lo.mae_gradient, lo.mae_gradient_unsigned, "pred", loss=True, **PAIR)
add(lo.rmse, lo.rmse_gradient, lo.rmse_gradient_no_root, "pred", loss=True, **PAIR)
add(lo.ridge, lo.ridge_gradient, lo.ridge_gradient_l2, "W", loss=True,
    W=("d",), X=("n", "d"), y=("n",), l2=())
add(lo.logistic, lo.logistic_gradient, lo.logistic_gradient_sum, "w b", "b", loss=True,
    w=("d",), b=(), X=("n", "d"), y=("n",))
add(lo.bce, lo.bce_gradient, lo.bce_gradient_logits, "p", loss=True, p=("n", "t"), y=("n", "t"))
add(lo.bce_with_logits, lo.bce_with_logits_gradient, lo.bce_with_logits_gradient_slope, "z",
    loss=True, z=("n", "t"), y=("n", "t"))
add(lo.softmax, lo.softmax_backward, lo.softmax_backward_diagonal, "z", z=("n", "t"))
add(lo.softmax_vector, lo.softmax_vector_backward, lo.softmax_vector_backward_sign, "z", z=("t",))
add(lo.log_softmax, lo.log_softmax_backward, lo.log_softmax_backward_elementwise, "z",
    z=("n", "t"))
add_loss(lo.cross_entropy, lo.cross_entropy_no_mean, "x", x=("n", "t"), y=Labels("n", "t"))
add(lo.softmax_loss, lo.softmax_loss_gradient, lo.softmax_loss_gradient_classes, "z", loss=True,
    z=("n", "t"), y=("n", "t"))
add(lo.smoothed, lo.smoothed_gradient, lo.smoothed_gradient_hard, "z", loss=True, **ZY)
add(lo.nll, lo.nll_gradient, lo.nll_gradient_probabilities, "log_p", loss=True,
    log_p=("n", "t"), y=Labels("n", "t"))
add(lo.focal, lo.focal_gradient, lo.focal_gradient_weight, "p", loss=True,
    p=("n", "t"), y=Labels("n", "t"))
add(lo.binary_focal, lo.binary_focal_gradient, lo.binary_focal_gradient_bce, "z", loss=True,
    z=("n", "t"), y=("n", "t"))
add_loss(lo.svm, lo.svm_one, "x", x=("n", "t"), y=Labels("n", "t"))
add_loss(lo.svm_weights, lo.svm_weights_reg, "W", W=("d", "t"), X=("n", "d"), y=Labels("n", "t"),
         reg=())
add(lo.hinge, lo.hinge_gradient, lo.hinge_gradient_all, "score", loss=True, score=("n",), y=("n",))
add(lo.squared_hinge, lo.squared_hinge_gradient, lo.squared_hinge_gradient_linear, "score",
    loss=True, score=("n",), y=("n",))
add(lo.huber, (lo.huber_gradient, lo.huber_gradient_clip), lo.huber_gradient_double, "pred",
    loss=True, **PAIR)
add(lo.log_cosh, lo.log_cosh_gradient, lo.log_cosh_gradient_cosh, "pred", loss=True, **PAIR)
add(lo.kl, lo.kl_gradient, lo.kl_gradient_no_one, "p q", "p", loss=True,
    p=("n", "t"), q=("n", "t"))
add(lo.gaussian_kl, lo.gaussian_kl_gradient, lo.gaussian_kl_gradient_variance, "mu logvar",
    "logvar", loss=True, mu=("n", "d"), logvar=("n", "d"))
add(lo.dice, lo.dice_gradient, lo.dice_gradient_constant_total, "p", loss=True,
    p=("n", "t"), y=("n", "t"))
add(lo.contrastive, lo.contrastive_gradient, lo.contrastive_gradient_sign, "a b", loss=True,
    a=("n", "d"), b=("n", "d"), same=("n",))
add(lo.triplet, lo.triplet_gradient, lo.triplet_gradient_swapped, "anchor positive negative",
    "anchor", loss=True, anchor=("n", "d"), positive=("n", "d"), negative=("n", "d"))
add(lo.cosine, lo.cosine_backward, lo.cosine_backward_norms, "a b", a=("n", "d"), b=("n", "d"))
add(lo.center, (lo.center_gradient, lo.center_gradient_one_hot), lo.center_gradient_sum,
    "x centers", "centers", loss=True, x=("n", "d"), centers=("t", "d"), y=Labels("n", "t"))
add(lo.poisson, lo.poisson_gradient, lo.poisson_gradient_rate, "log_rate", loss=True,
    log_rate=("n", "t"), y=("n", "t"))
add(lo.elastic, lo.elastic_gradient, lo.elastic_gradient_flat, "W", loss=True,
    W=("d", "t"), X=("n", "d"), Y=("n", "t"), l1=(), l2=())

# Layers
XWB: dict[str, Any] = {"x": ("n", "d"), "w": ("d", "t"), "b": ("t",)}
add(la.affine, la.affine_backward, la.affine_backward_mean, "x w b", "b", **XWB)
add(la.affine, (), la.affine_backward_divided, "x w b", "w", **XWB)
add(la.affine_columns, la.affine_columns_backward, la.affine_columns_backward_flat, "X W b", "b",
    X=("d", "n"), W=("t", "d"), b=("t", 1))
add(la.affine_flat, la.affine_flat_backward, la.affine_flat_backward_doubled, "x w b", "x",
    x=("n", 2, 2), w=(4, "t"), b=("t",))
add(la.affine_relu, la.affine_relu_backward, la.affine_relu_backward_unmasked, "x w b", "b", **XWB)
add(la.bilinear, la.bilinear_backward, la.bilinear_backward_transposed, "x a y",
    x=("n", "d"), a=("d", "d"), y=("n", "d"))
add(la.embedding, la.embedding_backward, la.embedding_backward_mean, "W",
    W=("t", "d"), y=Labels("n", "t"))
add(la.embedding_one_hot, la.embedding_one_hot_backward, la.embedding_one_hot_backward_rows,
    "onehot W", "W", onehot=("n", "t"), W=("t", "d"))
add(la.scale_shift, la.scale_shift_backward, la.scale_shift_backward_scaled, "x gamma beta",
    "beta", x=("n", "d"), gamma=("d",), beta=("d",))
add(la.residual, la.residual_backward, la.residual_backward_no_skip, "x w v", "x",
    x=("n", "d"), w=("d", "e"), v=("e", "d"))
add(la.gated, la.gated_backward, la.gated_backward_one_way, "x w v", "x",
    x=("n", "d"), w=("d", "t"), v=("d", "t"))
add(la.low_rank, la.low_rank_backward, la.low_rank_backward_unscaled, "x w a b", "x a b",
    x=("n", "d"), w=("d", "t"), a=("d", "f"), b=("f", "t"))

# Normalisation and dropout
XGB: dict[str, Any] = {"x": ("n", "d"), "gamma": ("d",), "beta": ("d",), "eps": ()}
EPS = "eps > 0"
add(no.batchnorm, no.batchnorm_backward,
    (no.batchnorm_backward_no_mean, no.batchnorm_backward_frozen),
    "x gamma beta", "x", assume=EPS, **XGB)
add(no.batchnorm_staged, no.batchnorm_staged_backward, no.batchnorm_staged_backward_half,
    "x gamma beta", "x", assume=EPS, **XGB)
add(no.batchnorm_paper, no.batchnorm_paper_backward, no.batchnorm_paper_backward_m,
    "x gamma beta", "x", assume=EPS, **XGB)
add(no.layernorm, no.layernorm_backward,
    (no.layernorm_backward_gamma_late, no.layernorm_backward_axis),
    "x gamma beta", "x", assume=EPS, **XGB)
add(no.layernorm_sequence, no.layernorm_sequence_backward,
    no.layernorm_sequence_backward_one_axis, "x gamma beta", "gamma", assume=EPS,
    x=("n", "m", "d"), gamma=("d",), beta=("d",), eps=())
add(no.rmsnorm, no.rmsnorm_backward,
    (no.rmsnorm_backward_weight_twice, no.rmsnorm_backward_frozen), "x weight", "x", assume=EPS,
    x=("n", "d"), weight=("d",), eps=())
add(no.groupnorm, no.groupnorm_backward, no.groupnorm_backward_all, "x gamma beta", "x",
    assume=EPS, x=("n", "c", "m"), gamma=("c", "m"), beta=("c", "m"), eps=())
add(no.groupnorm_images, no.groupnorm_images_backward, no.groupnorm_images_backward_count,
    "x gamma beta", "x", x=(2, 4, 1, 2), gamma=(1, 4, 1, 1), beta=(1, 4, 1, 1))
add(no.instancenorm, no.instancenorm_backward, no.instancenorm_backward_rows, assume=EPS,
    x=("n", "t", "e", "m"), eps=())
add(no.standardise, no.standardise_backward, no.standardise_backward_mean, **ND)
add(no.l2_normalise, no.l2_normalise_backward, no.l2_normalise_backward_norm, **ND)
add(no.weight_norm, no.weight_norm_backward, no.weight_norm_backward_length, "v g", "v",
    v=("t", "d"), g=("t", 1))
add(no.dropout, no.dropout_backward, no.dropout_backward_unscaled,
    x=("n", "d"), mask=("n", "d"), p=())
add(no.dropout_drawn, no.dropout_drawn_backward, no.dropout_drawn_backward_again, **ND)

# Recurrent steps
add(r.rnn, r.rnn_backward, r.rnn_backward_at_the_activation, "x prev_h Wx Wh b",
    x=("n", "d"), prev_h=("n", "e"), Wx=("d", "e"), Wh=("e", "e"), b=("e",))
add(r.rnn, (), r.rnn_backward_state, "x prev_h Wx Wh b", "Wh",
    x=("n", "d"), prev_h=("n", "e"), Wx=("d", "e"), Wh=("e", "e"), b=("e",))
add(r.lstm, r.lstm_backward, r.lstm_backward_gate, "x prev_h prev_c Wx Wh b",
    "x prev_h Wx Wh b",
    x=("n", "d"), prev_h=("n", 2), prev_c=("n", 2), Wx=("d", 8), Wh=(2, 8), b=(8,))
add(r.lstm_step, r.lstm_step_backward, r.lstm_step_backward_cell, "x prev_h prev_c Wx Wh b",
    "x prev_h Wx Wh b", outputs=2,
    x=("n", "d"), prev_h=("n", 2), prev_c=("n", 2), Wx=("d", 8), Wh=(2, 8), b=(8,))
add(r.cell, r.cell_backward, r.cell_backward_swapped, "c f i g o", outputs=2,
    **dict.fromkeys("cfigo", ("n", "d")))
add_class(r.Centred, r.CentredTwice, "x", "x", outputs=2, **ND)
add(r.lstm_gates, r.lstm_gates_backward, r.lstm_gates_backward_output, "x h c Wi Wf Wo Wg",
    "x h c Wi Wf Wg", x=("n", "d"), h=("n", "e"), c=("n", "e"),
    Wi=("d", "e"), Wf=("d", "e"), Wo=("d", "e"), Wg=("d", "e"))
add(r.gru, r.gru_backward, r.gru_backward_reset, "x h Wz Uz Wr Ur Wn Un", "Un",
    x=("n", "d"), h=("n", "e"), Wz=("d", "e"), Uz=("e", "e"), Wr=("d", "e"), Ur=("e", "e"),
    Wn=("d", "e"), Un=("e", "e"))
add(r.rnn_sequence, r.rnn_sequence_backward, r.rnn_sequence_backward_truncated, "x h0 Wx Wh",
    x=("n", 2, "d"), h0=("n", "e"), Wx=("d", "e"), Wh=("e", "e"))
add(r.lstm_sequence, r.lstm_sequence_backward, r.lstm_sequence_backward_cell, "x h0 Wx Wh b",
    x=("n", 2, "d"), h0=("n", 2), Wx=("d", 8), Wh=(2, 8), b=(8,))

# Attention
QKV: dict[str, Any] = {"q": ("n", "d"), "k": ("m", "d"), "v": ("m", "t")}
add(at.attention, at.attention_backward,
    (at.attention_backward_unscaled, at.attention_backward_diagonal), "q k v", "q k", **QKV)
add(at.batched, at.batched_backward, at.batched_backward_swapped, "q k v", "k",
    q=("b", "m", "d"), k=("b", "m", "d"), v=("b", "m", "d"))
add(at.heads, at.heads_backward, at.heads_backward_sum, "q k v", "q k",
    q=("b", "e", "m", "d"), k=("b", "e", "m", "d"), v=("b", "e", "m", "t"))
add(at.two_heads, at.two_heads_backward, at.two_heads_backward_swapped, "x Wq Wk Wv Wo", "x Wk",
    x=("n", 4), Wq=(4, 4), Wk=(4, 4), Wv=(4, 4), Wo=(4, 4))
add(at.self_attention, at.self_attention_backward, at.self_attention_backward_values,
    "x Wq Wk Wv", "x", x=("n", "d"), Wq=("d", "f"), Wk=("d", "f"), Wv=("d", "t"))
add(at.causal, at.causal_backward, at.causal_backward_future, "q k v", "v",
    q=(3, "d"), k=(3, "d"), v=(3, "t"))
add(at.linear_attention, at.linear_attention_backward, at.linear_attention_backward_keys, "q k v",
    "k", q=("n", "d"), k=("m", "d"), v=("m", "d"))

# Convolution and pooling, at numbers
add(c.conv_loops, c.conv_loops_backward, c.conv_loops_backward_overwritten, "x w b", "x",
    x=(1, 1, 3, 3), w=(1, 1, 2, 2), b=(1,))
add(c.conv_im2col, c.conv_im2col_backward, c.conv_im2col_backward_order, "x w b", "w",
    x=(1, 2, 3, 3), w=(2, 2, 2, 2), b=(2,))
add(c.conv1d, c.conv1d_backward, c.conv1d_backward_flipped, "x w", "x", x=("n", 5), w=(3,))
add(c.conv_windows, c.conv_windows_backward, c.conv_windows_backward_unflipped, "x w", "x",
    x=(3, 4), w=(2, 2))
add(c.depthwise, c.depthwise_backward, c.depthwise_backward_last, "x w", "w",
    x=("t", 4, 4), w=("t", 2, 2))
add(c.max_pool, c.max_pool_backward, c.max_pool_backward_everywhere, x=("n", 4))
add(c.max_pool_loops, c.max_pool_loops_backward, c.max_pool_loops_backward_least, x=(2, 4))
add(c.avg_pool, c.avg_pool_backward, c.avg_pool_backward_sum, x=("n", "t", 4, 4))
add(c.global_pool, c.global_pool_backward, c.global_pool_backward_rows, x=("n", "t", "e", "m"))
add(c.upsample, c.upsample_backward, c.upsample_backward_corner, x=(2, 3))
add(c.pixels_to_channels, c.pixels_to_channels_backward, c.pixels_to_channels_backward_order,
    x=(2, 4, 4))

# Networks
add_class(ne.Linear, ne.LinearMean, "x weight bias", "bias", n_in="d", n_out="t", x=("n", "d"))
ROWS.append(Row(ne.LinearTwice, None, {"n_in": "d", "n_out": "t", "x": ("n", "d")}, ("weight",),
                ("x", "bias")))
add_class(ne.Sigmoid, ne.SigmoidHalf, "x", "x", **ND)
add_class(ne.Relu, ne.ReluFlipped, "x", "x", **ND)
add_class(ne.TwoLayers, ne.TwoLayersAtActivation, "x W1 b1 W2 b2", "x W1 b1",
          d="d", h="e", t="t", x=("n", "d"))
add_class(ne.ThreeLayers, ne.ThreeLayersStale, "x W1 W2 W3", "x W1",
          W1=("d", "e"), W2=("e", "f"), W3=("f", "t"), x=("n", "d"))
add_class(ne.BatchNorm, ne.BatchNormNoMean, "x gamma beta", "x",
          gamma=("d",), beta=("d",), x=("n", "d"))
add_class(ne.SelfAttention, ne.SelfAttentionKeys, "x Wq Wk Wv", "x Wk",
          Wq=("d", "f"), Wk=("d", "f"), Wv=("d", "t"), x=("n", "d"))
COLUMNS: dict[str, Any] = {
    "W1": ("e", "d"), "b1": ("e", 1), "W2": ("t", "e"), "b2": ("t", 1),
    "X": ("d", "n"), "Y": ("t", "n"),
}
add(ne.two_layer_loss, ne.two_layer_gradients, ne.two_layer_gradients_outputs, "W1 b1 W2 b2",
    loss=True, **COLUMNS)
add_loss(ne.classifier, ne.classifier_reg, "W1 b1 W2 b2", "W1 W2",
         W1=("d", "e"), b1=("e",), W2=("e", "t"), b2=("t",), X=("n", "d"), y=Labels("n", "t"),
         reg=())
add(ne.autoencoder, ne.autoencoder_gradient, ne.autoencoder_gradient_untied, "W b c", "W",
    loss=True, W=("d", "e"), b=("e",), c=("d",), X=("n", "d"))
add(ne.factorisation, ne.factorisation_gradient, ne.factorisation_gradient_penalty, "U V",
    loss=True, U=("n", "f"), V=("m", "f"), R=("n", "m"))

# Idioms
add(i.accumulate, i.accumulate_backward, i.accumulate_backward_alias, "x w", "w",
    x=("n", "d"), w=("n", "d"))
add(i.views, i.views_backward, i.views_backward_lost, "x b", x=("n", "d"), b=("d",))
add(i.rows_in_a_loop, i.rows_in_a_loop_backward, i.rows_in_a_loop_backward_first, "x w",
    x=(3, "d"), w=("d", "t"))
add(i.split_halves, i.split_halves_backward, i.split_halves_backward_swapped, "x w",
    x=("n", "d"), w=("d", 4))
add(i.bias_trick, i.bias_trick_backward, i.bias_trick_backward_rows, "x w", "x",
    x=("n", 2), w=(3, "t"))
add(i.stacked, i.stacked_backward, i.stacked_backward_swapped, "a b", a=("n", "d"), b=("n", "d"))
add(i.out_argument, i.out_argument_backward, i.out_argument_backward_late, "x y", "y",
    x=("n", "d"), y=("n", "d"))
add(i.differences, i.differences_backward, i.differences_backward_one, x=(4, "d"))
add(i.running_sum, i.running_sum_backward, i.running_sum_backward_forward, x=("n", 3))
add(i.outer_rows, i.outer_rows_backward, i.outer_rows_backward_axes, "x y",
    x=("n", "d"), y=("n", "d"))
add(i.pairwise, i.pairwise_backward, i.pairwise_backward_half, "x y",
    x=("n", "d"), y=("m", "d"))
add(i.log_sum_exp, i.log_sum_exp_backward, i.log_sum_exp_backward_unnormalised, **ND)
add(i.quadratic, i.quadratic_gradient, i.quadratic_gradient_symmetric, "x A", "x", loss=True,
    x=("d",), A=("d", "d"))
add(i.cube, i.cube_backward, i.cube_backward_exponent, **ND)
add(i.weighted_mean, i.weighted_mean_backward, i.weighted_mean_backward_total, "x w", "w",
    x=("n", "d"), w=("n", 1))
add(i.geometric, i.geometric_backward, i.geometric_backward_size, **ND)
add(i.swap_axes, i.swap_axes_backward, i.swap_axes_backward_sum, "x w", "w",
    x=("n", "m", "d"), w=("m", "t"))
add(i.variance_loss, i.variance_loss_gradient, i.variance_loss_gradient_unbiased, loss=True, **ND)
add(i.spread_loss, i.spread_loss_gradient, i.spread_loss_gradient_no_mean, loss=True, **ND)

# Sines and cosines
XWB_OMEGA: dict[str, Any] = {**XWB, "omega": ()}
add(w.siren, w.siren_backward, w.siren_backward_frequency, "x w b", **XWB_OMEGA)
add(w.sine_layer, w.sine_layer_backward, w.sine_layer_backward_value, "x w b", **XWB)
add(w.snake, (w.snake_backward, w.snake_backward_products), w.snake_backward_half, "x a",
    x=("n", "d"), a=("d",))
add(w.cosine_gate, w.cosine_gate_backward, w.cosine_gate_backward_sign, **ND)
add(w.tangent, w.tangent_backward, w.tangent_backward_minus, **ND)
add(w.encoded, w.encoded_backward, w.encoded_backward_sign, "x w", "x", x=("n", 2), w=(14, "t"))
add(w.fourier_loss, w.fourier_loss_gradient, w.fourier_loss_gradient_pi, "x B", loss=True,
    x=("n", "d"), B=("d", "f"), y=("n", "f"))
add(w.rotary, w.rotary_backward, w.rotary_backward_forth, "x theta", "x",
    x=("n", 4), theta=("n", 2))
add(w.turned, w.turned_backward, w.turned_backward_order, "x cos sin", "x",
    x=("n", 4), cos=("n", 4), sin=("n", 4))
add(w.length, w.length_gradient, w.length_gradient_angle, "r theta", "theta", loss=True,
    r=("n",), theta=("n",))
add(w.chained, w.chained_backward, w.chained_backward_difference,
    x=("n", 2), t=("n", 1), s=("n", 1))
# fmt: on
