#!/usr/bin/env python3
"""Writes testdata/oracles/*.txt: what PyTorch computes, on small inputs, in double.

The tests hold our references to these files, so that conventions (layouts, padding, ties, label
smoothing, weight decay) are the world's and not our own invention.

    apt-get install python3-torch python3-numpy
    /usr/bin/python3 scripts/make-oracles.py

Format, one case after another, '#' starts a comment line:

    case <op> <shape text> [key=value ...]
    <array name> <count> <value> <value> ...
    end

Images are [n, h, w, c], convolution weights [kh, kw, c/groups, oc], linear weights [in, out].
Inputs are integers or short decimals; results have 9 significant digits.
"""

import pathlib
import sys

import numpy as np
import torch
import torch.nn.functional as F

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "testdata" / "oracles"


class Oracle:
    """One file of cases."""

    def __init__(self, name, seed):
        self.path = FOLDER / (name + ".txt")
        self.random = np.random.RandomState(seed)
        self.lines = [f"# written by scripts/make-oracles.py with PyTorch {torch.__version__}"]

    def integers(self, *dims):
        """A tensor of integers from -3 to 3."""
        return torch.tensor(self.random.randint(-3, 4, dims), dtype=torch.float64)

    def decimals(self, *dims, digits=2):
        """A tensor of normally distributed values with few digits."""
        return torch.tensor(np.round(self.random.standard_normal(dims), digits))

    def case(self, op, shape, arrays, **keys):
        """Appends a case; arrays are tensors or lists, in the order of this project's layouts."""
        words = ["case", op, shape] + [f"{key}={value}" for key, value in keys.items()]
        self.lines.append(" ".join(words))
        for name, array in arrays.items():
            values = np.asarray(array.detach() if torch.is_tensor(array) else array).reshape(-1)
            texts = " ".join(number(value) for value in values)
            self.lines.append(f"{name} {len(values)} {texts}")
        self.lines.append("end")

    def write(self):
        FOLDER.mkdir(parents=True, exist_ok=True)
        self.path.write_text("\n".join(self.lines) + "\n")
        return self.path.stat().st_size


def number(value):
    return format(float(value) + 0.0, ".9g")


def nhwc(tensor):
    """[n, c, h, w] to [n, h, w, c]."""
    return tensor.permute(0, 2, 3, 1).contiguous()


def nchw(tensor):
    """[n, h, w, c] to [n, c, h, w]."""
    return tensor.permute(0, 3, 1, 2).contiguous()


def hwio(weight):
    """[oc, c/groups, kh, kw] to [kh, kw, c/groups, oc]."""
    return weight.permute(2, 3, 1, 0).contiguous()


def oihw(weight):
    """[kh, kw, c/groups, oc] to [oc, c/groups, kh, kw]."""
    return weight.permute(3, 2, 0, 1).contiguous()


def pair(a, b):
    return str(a) if a == b else f"{a}x{b}"


def window(kernel, stride, pad, dilation):
    """The text of a window; pad is top, left, bottom, right."""
    top, left, bottom, right = pad
    symmetric = top == bottom and left == right
    pads = pair(top, left) if symmetric else f"{top}x{left}x{bottom}x{right}"
    dilations = "" if dilation == (1, 1) else "d" + pair(*dilation)
    return f"k{pair(*kernel)}s{pair(*stride)}p{pads}{dilations}"


def conv():
    oracle = Oracle("conv", 1)
    cases = [
        # n, h, w, c, oc, kernel, stride, pad top left bottom right, dilation, groups
        (2, 5, 5, 3, 4, (3, 3), (1, 1), (1, 1, 1, 1), (1, 1), 1),
        (1, 6, 5, 2, 3, (5, 3), (1, 1), (2, 1, 2, 1), (1, 1), 1),
        (2, 7, 6, 3, 2, (3, 3), (2, 2), (1, 1, 1, 1), (1, 1), 1),
        (1, 7, 8, 2, 4, (3, 2), (2, 3), (0, 1, 2, 0), (1, 1), 1),
        (1, 6, 6, 3, 3, (3, 3), (2, 2), (0, 0, 1, 1), (1, 1), 1),
        (1, 7, 7, 2, 3, (3, 3), (1, 1), (2, 2, 2, 2), (2, 2), 1),
        (1, 8, 9, 2, 2, (2, 3), (2, 1), (1, 0, 1, 0), (3, 2), 1),
        (2, 5, 4, 4, 6, (3, 3), (1, 1), (1, 1, 1, 1), (1, 1), 2),
        (1, 6, 5, 6, 3, (3, 3), (2, 1), (1, 0, 1, 0), (1, 1), 3),
        (2, 5, 5, 5, 5, (3, 3), (1, 1), (1, 1, 1, 1), (1, 1), 5),
        (1, 6, 7, 4, 4, (3, 3), (2, 2), (1, 1, 0, 0), (1, 1), 4),
        (2, 4, 3, 5, 7, (1, 1), (1, 1), (0, 0, 0, 0), (1, 1), 1),
        (1, 5, 5, 3, 4, (1, 1), (2, 2), (0, 0, 0, 0), (1, 1), 1),
        (3, 3, 3, 2, 5, (3, 3), (1, 1), (0, 0, 0, 0), (1, 1), 1),
    ]
    for at, (n, h, w, c, oc, kernel, stride, pad, dilation, groups) in enumerate(cases):
        draw = oracle.decimals if at == 0 else oracle.integers
        image = draw(n, h, w, c).requires_grad_()
        weight = draw(*kernel, c // groups, oc).requires_grad_()
        bias = draw(oc).requires_grad_()
        top, left, bottom, right = pad
        padded = F.pad(nchw(image), (left, right, top, bottom))
        output = nhwc(
            F.conv2d(padded, oihw(weight), bias, stride, 0, dilation, groups)
        )
        gradient = draw(*output.shape)
        output.backward(gradient)
        text = f"n{n}h{h}w{w}c{c}_oc{oc}_" + window(kernel, stride, pad, dilation)
        oracle.case(
            "conv",
            text + (f"_g{groups}" if groups > 1 else ""),
            {
                "input": image,
                "weight": weight,
                "bias": bias,
                "output": output,
                "gradOutput": gradient,
                "gradInput": image.grad,
                "gradWeight": weight.grad,
                "gradBias": bias.grad,
            },
        )
    return oracle


def linear():
    oracle = Oracle("linear", 2)
    for m, n, k in [(1, 1, 1), (2, 3, 5), (4, 10, 17), (7, 4, 9)]:
        draw = oracle.decimals if m == 2 else oracle.integers
        data = draw(m, k).requires_grad_()
        weight = draw(k, n).requires_grad_()
        bias = draw(n).requires_grad_()
        output = F.linear(data, weight.t(), bias)
        gradient = draw(m, n)
        output.backward(gradient)
        oracle.case(
            "linear",
            f"m{m}n{n}k{k}",
            {
                "input": data,
                "weight": weight,
                "bias": bias,
                "output": output,
                "gradOutput": gradient,
                "gradInput": data.grad,
                "gradWeight": weight.grad,
                "gradBias": bias.grad,
            },
        )
    return oracle


def taps(indices, w, kernel, stride, pad, dilation):
    """PyTorch's indices [n, c, oh, ow] into an image, as taps ky*kw+kx of their windows."""
    oy = torch.arange(indices.shape[2]).reshape(-1, 1)
    ox = torch.arange(indices.shape[3])
    ky = (indices // w - oy * stride[0] + pad[0]) // dilation[0]
    kx = (indices % w - ox * stride[1] + pad[1]) // dilation[1]
    return ky * kernel[1] + kx


def pool():
    oracle = Oracle("pool", 3)
    cases = [
        # n, h, w, c, kernel, stride, symmetric pad, dilation, ceil
        (2, 4, 4, 3, (2, 2), (2, 2), (0, 0), (1, 1), False),
        (1, 7, 6, 2, (3, 3), (2, 2), (1, 1), (1, 1), False),
        (1, 7, 6, 2, (3, 3), (2, 2), (1, 1), (1, 1), True),
        (1, 6, 8, 2, (2, 3), (2, 3), (0, 1), (1, 1), True),
        (1, 5, 5, 3, (2, 2), (2, 2), (0, 0), (1, 1), True),
        (2, 6, 5, 2, (3, 2), (1, 1), (1, 0), (1, 1), False),
        (1, 8, 7, 2, (3, 2), (2, 1), (1, 1), (2, 2), False),
        (1, 8, 8, 2, (3, 3), (3, 3), (1, 1), (2, 2), True),
        (1, 4, 4, 2, (3, 3), (3, 3), (1, 1), (1, 1), True),
    ]
    for n, h, w, c, kernel, stride, pad, dilation, ceil in cases:
        numbers = f"n{n}h{h}w{w}c{c}_" + window(kernel, stride, pad + pad, dilation)
        image = oracle.integers(n, h, w, c).requires_grad_()
        output, indices = F.max_pool2d(
            nchw(image), kernel, stride, pad, dilation, ceil, return_indices=True
        )
        output = nhwc(output)
        gradient = oracle.integers(*output.shape)
        output.backward(gradient)
        oracle.case(
            "maxpool",
            numbers + ("_ceil" if ceil else ""),
            {
                "input": image,
                "output": output,
                "argmax": nhwc(taps(indices, w, kernel, stride, pad, dilation)),
                "gradOutput": gradient,
                "gradInput": image.grad,
            },
        )
        if dilation != (1, 1):
            continue
        for counted in (True, False):
            image = oracle.integers(n, h, w, c).requires_grad_()
            output = nhwc(F.avg_pool2d(nchw(image), kernel, stride, pad, ceil, counted))
            gradient = oracle.integers(*output.shape)
            output.backward(gradient)
            oracle.case(
                "avgpool",
                numbers + ("" if counted else "_uncounted") + ("_ceil" if ceil else ""),
                {
                    "input": image,
                    "output": output,
                    "gradOutput": gradient,
                    "gradInput": image.grad,
                },
            )
    for n, h, w, c in [(1, 1, 1, 3), (2, 4, 3, 5), (3, 8, 8, 2)]:
        image = oracle.integers(n, h, w, c).requires_grad_()
        output = nhwc(F.adaptive_avg_pool2d(nchw(image), 1))
        gradient = oracle.integers(*output.shape)
        output.backward(gradient)
        oracle.case(
            "globalavgpool",
            f"n{n}h{h}w{w}c{c}_" + window((h, w), (1, 1), (0, 0, 0, 0), (1, 1)),
            {"input": image, "output": output, "gradOutput": gradient, "gradInput": image.grad},
        )
    return oracle


def norm():
    oracle = Oracle("norm", 7)
    for rows, c in [(2, 3), (7, 4), (25, 17)]:
        for relu, adds in [(False, False), (True, False), (True, True)]:
            input = oracle.decimals(rows, c).requires_grad_()
            scale = oracle.decimals(c).requires_grad_()
            bias = oracle.decimals(c).requires_grad_()
            residual = oracle.decimals(rows, c).requires_grad_()
            mean = oracle.decimals(c)
            variance = oracle.decimals(c).abs() + 1
            arrays = {
                "input": input,
                "residual": residual,
                "scale": scale,
                "bias": bias,
                "runningMean": mean.clone(),
                "runningVariance": variance.clone(),
            }

            def end(y):
                y = y + residual if adds else y
                return F.relu(y) if relu else y

            arrays["evalOutput"] = end(
                F.batch_norm(input, mean, variance, scale, bias, False, 0.1, 1e-3)
            )
            output = end(F.batch_norm(input, mean, variance, scale, bias, True, 0.1, 1e-3))
            gradient = oracle.decimals(rows, c)
            output.backward(gradient)
            arrays.update(
                {
                    "output": output,
                    "newRunningMean": mean,
                    "newRunningVariance": variance,
                    "gradOutput": gradient,
                    "gradInput": input.grad,
                    "gradScale": scale.grad,
                    "gradBias": bias.grad,
                }
            )
            if adds:
                arrays["gradResidual"] = residual.grad
            oracle.case(
                "batchnorm",
                f"rows{rows}c{c}",
                arrays,
                eps=1e-3,
                momentum=0.1,
                relu=int(relu),
                adds=int(adds),
            )
    for n, h, w, c, groups in [(2, 2, 3, 6, 3), (1, 3, 2, 4, 1), (3, 2, 2, 3, 3)]:
        data = oracle.decimals(n, h, w, c).requires_grad_()
        scale = oracle.decimals(c).requires_grad_()
        bias = oracle.decimals(c).requires_grad_()
        output = nhwc(F.group_norm(nchw(data), groups, scale, bias, 1e-3))
        normalized(oracle, "groupnorm", f"n{n}rows{h * w}c{c}_g{groups}", data, scale, bias, output)
    for rows, c in [(3, 5), (4, 16)]:
        data = oracle.decimals(rows, c).requires_grad_()
        scale = oracle.decimals(c).requires_grad_()
        bias = oracle.decimals(c).requires_grad_()
        output = F.layer_norm(data, [c], scale, bias, 1e-3)
        normalized(oracle, "groupnorm", f"n{rows}rows1c{c}_g1", data, scale, bias, output)
    for c, size, beta in [(7, 5, 0.75), (6, 4, 0.75), (3, 5, 0.5)]:
        data = oracle.decimals(2, 1, 2, c).requires_grad_()
        output = nhwc(F.local_response_norm(nchw(data), size, 0.5, beta, 2))
        gradient = oracle.decimals(*output.shape)
        output.backward(gradient)
        oracle.case(
            "lrn",
            f"rows4c{c}",
            {"input": data, "output": output, "gradOutput": gradient, "gradInput": data.grad},
            size=size,
            alpha=0.5,
            beta=beta,
            k=2,
        )
    return oracle


def normalized(oracle, op, shape, data, scale, bias, output):
    gradient = oracle.decimals(*output.shape)
    output.backward(gradient)
    oracle.case(
        op,
        shape,
        {
            "input": data,
            "scale": scale,
            "bias": bias,
            "output": output,
            "gradOutput": gradient,
            "gradInput": data.grad,
            "gradScale": scale.grad,
            "gradBias": bias.grad,
        },
        eps=1e-3,
    )


def activation():
    oracle = Oracle("activation", 4)
    functions = {
        "relu": F.relu,
        "leakyrelu": lambda x: F.leaky_relu(x, 0.125),
        "sigmoid": torch.sigmoid,
        "tanh": torch.tanh,
        "gelu": F.gelu,
        "silu": F.silu,
    }
    for op, function in functions.items():
        fixed = torch.tensor([0, 1, -1, 0.001, -0.001, 5, -5, 9.5, -9.5, 30, -30, 90, -90])
        data = torch.cat([fixed.double(), 2 * oracle.decimals(27)])
        data = torch.tensor(np.round(data.numpy(), 3)).requires_grad_()
        output = function(data)
        gradient = oracle.decimals(len(data))
        output.backward(gradient)
        oracle.case(
            op,
            f"size{len(data)}",
            {"input": data, "output": output, "gradOutput": gradient, "gradInput": data.grad},
            **({"slope": 0.125} if op == "leakyrelu" else {}),
        )
    return oracle


def loss():
    oracle = Oracle("loss", 5)

    def row_case(op, shape, data, name, losses, others, **keys):
        gradient = oracle.decimals(len(losses))
        losses.backward(gradient)
        arrays = {name: data, **others, "losses": losses, "gradLosses": gradient}
        arrays["grad" + name[0].upper() + name[1:]] = data.grad
        oracle.case(op, shape, arrays, **keys)

    for rows, cols in [(1, 1), (3, 2), (5, 10), (2, 33)]:
        shape = f"rows{rows}cols{cols}"
        labels = torch.tensor(oracle.random.randint(0, cols, rows))
        for smoothing in (0, 0.1):
            logits = torch.tensor(np.round(4 * oracle.decimals(rows, cols).numpy(), 2))
            logits.requires_grad_()
            row_case(
                "softmaxcrossentropy",
                shape,
                logits,
                "logits",
                F.cross_entropy(logits, labels, reduction="none", label_smoothing=smoothing),
                {"labels": labels, "probabilities": F.softmax(logits, 1)},
                smoothing=smoothing,
            )
        for margin in (1, 0.5):
            # Integers, so that some scores lie exactly on the margin.
            scores = oracle.integers(rows, cols).requires_grad_()
            row_case(
                "hinge",
                shape,
                scores,
                "scores",
                F.multi_margin_loss(scores, labels, margin=margin, reduction="none") * cols,
                {"labels": labels},
                margin=margin,
            )
        prediction = oracle.decimals(rows, cols).requires_grad_()
        target = oracle.decimals(rows, cols)
        row_case(
            "squarederror",
            shape,
            prediction,
            "prediction",
            F.mse_loss(prediction, target, reduction="none").sum(1),
            {"target": target},
        )
    return oracle


def update():
    oracle = Oracle("update", 6)
    steps, size = 5, 9
    optim = torch.optim
    rate = {"learningRate": 0.1}
    adam = {"learningRate": 0.1, "beta1": 0.8, "beta2": 0.95, "eps": 1e-3}
    cases = [
        # op, keys of the case, how PyTorch makes it
        ("sgd", {**rate, "l2": 0}, lambda p: optim.SGD(p, 0.1)),
        ("sgd", {**rate, "l2": 0.2}, lambda p: optim.SGD(p, 0.1, weight_decay=0.2)),
        (
            "sgd",
            {**rate, "momentum": 0.9, "l2": 0.2},
            lambda p: optim.SGD(p, 0.1, momentum=0.9, weight_decay=0.2),
        ),
        (
            "sgd",
            {**rate, "momentum": 0.9, "nesterov": "true", "l2": 0.2},
            lambda p: optim.SGD(p, 0.1, momentum=0.9, nesterov=True, weight_decay=0.2),
        ),
        (
            "adagrad",
            {**rate, "eps": 1e-3, "initial": 0, "l2": 0},
            lambda p: optim.Adagrad(p, 0.1, eps=1e-3),
        ),
        (
            "adagrad",
            {**rate, "eps": 1e-3, "initial": 0.5, "l2": 0.2},
            lambda p: optim.Adagrad(
                p, 0.1, eps=1e-3, initial_accumulator_value=0.5, weight_decay=0.2
            ),
        ),
        (
            "adadelta",
            {"learningRate": 1, "rho": 0.9, "eps": 1e-3, "l2": 0},
            lambda p: optim.Adadelta(p, 1, rho=0.9, eps=1e-3),
        ),
        (
            "adadelta",
            {"learningRate": 0.5, "rho": 0.8, "eps": 1e-2, "l2": 0.2},
            lambda p: optim.Adadelta(p, 0.5, rho=0.8, eps=1e-2, weight_decay=0.2),
        ),
        (
            "rmsprop",
            {**rate, "alpha": 0.9, "eps": 1e-3, "l2": 0.2},
            lambda p: optim.RMSprop(p, 0.1, alpha=0.9, eps=1e-3, weight_decay=0.2),
        ),
        (
            "rmsprop",
            {**rate, "alpha": 0.9, "eps": 1e-3, "momentum": 0.8, "l2": 0.2},
            lambda p: optim.RMSprop(p, 0.1, alpha=0.9, eps=1e-3, momentum=0.8, weight_decay=0.2),
        ),
        ("adam", {**adam, "l2": 0}, lambda p: optim.Adam(p, 0.1, (0.8, 0.95), 1e-3)),
        (
            "adam",
            {**adam, "l2": 0.2},
            lambda p: optim.Adam(p, 0.1, (0.8, 0.95), 1e-3, weight_decay=0.2),
        ),
        (
            "adamw",
            {**adam, "weightDecay": 0},
            lambda p: optim.AdamW(p, 0.1, (0.8, 0.95), 1e-3, weight_decay=0),
        ),
        (
            "adamw",
            {**adam, "weightDecay": 0.3},
            lambda p: optim.AdamW(p, 0.1, (0.8, 0.95), 1e-3, weight_decay=0.3),
        ),
    ]
    for op, keys, make in cases:
        value = oracle.decimals(size)
        gradients = oracle.decimals(steps, size)
        gradients[:, 0] = 0  # a value whose gradient is always 0
        parameter = torch.nn.Parameter(value.clone())
        optimizer = make([parameter])
        after = []
        for gradient in gradients:
            parameter.grad = gradient.clone()
            optimizer.step()
            after.append(parameter.detach().clone())
        oracle.case(
            op,
            f"size{size}",
            {"value": value, "grads": gradients, "values": torch.stack(after)},
            steps=steps,
            **keys,
        )
    return oracle


def main():
    total = 0
    for make in (conv, linear, pool, norm, activation, loss, update):
        oracle = make()
        size = oracle.write()
        total += size
        print(f"{oracle.path.name}: {oracle.lines.count('end')} cases, {size} bytes")
    if total > 300_000:
        sys.exit(f"{total} bytes in all, needs at most 300000")


if __name__ == "__main__":
    main()
