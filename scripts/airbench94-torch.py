#!/usr/bin/env python3
"""The recipe airbench94 of Lanewise in PyTorch, on the CPU: the same net, data, schedule and test
views, to compare time per epoch and accuracy. Needs PyTorch and NumPy, and the binary files that
scripts/fetch-cifar10 fetches.

  python3 scripts/airbench94-torch.py [--epochs 10.9] [--limit N] [--threads 2] [--seed 1]
"""

import argparse
import math
import os
import pathlib
import time

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

BATCH, RATE, MOMENTUM, DECAY, BIAS_FACTOR = 1024, 1.5, 0.85, 0.00133, 64
MEAN = torch.tensor((0.4914, 0.4822, 0.4465)).view(1, 3, 1, 1)
STD = torch.tensor((0.2470, 0.2435, 0.2616)).view(1, 3, 1, 1)


def read(folder, names, limit):
    """Images, normalised, [n, 3, 32, 32], and labels, from records of 1 + 3072 bytes."""
    records = np.concatenate([np.fromfile(folder / n, np.uint8).reshape(-1, 3073) for n in names])
    records = torch.from_numpy(records[:limit])
    images = records[:, 1:].reshape(-1, 3, 32, 32).float() / 255
    images = ((images - MEAN) / STD).contiguous(memory_format=torch.channels_last)
    return images, records[:, 0].long()


class Conv(nn.Conv2d):
    def __init__(self, c, oc):
        super().__init__(c, oc, 3, padding=1, bias=False)
        nn.init.dirac_(self.weight.data[:c])


class Norm(nn.BatchNorm2d):
    def __init__(self, c):
        super().__init__(c, eps=1e-12, momentum=0.4)
        self.weight.requires_grad = False


class Scale(nn.Module):
    def forward(self, x):
        return x / 9


def block(c, oc):
    return [
        Conv(c, oc), nn.MaxPool2d(2), Norm(oc), nn.GELU(),
        Conv(oc, oc), Norm(oc), nn.GELU(),
    ]


def build():
    return nn.Sequential(
        nn.Conv2d(3, 24, 2), nn.GELU(),
        *block(24, 64), *block(64, 256), *block(256, 256),
        nn.MaxPool2d(3), nn.Flatten(), nn.Linear(256, 10, bias=False), Scale(),
    ).to(memory_format=torch.channels_last)


def whiten(conv, images):
    patches = images.unfold(2, 2, 1).unfold(3, 2, 1).permute(0, 2, 3, 1, 4, 5).reshape(-1, 12)
    patches = patches.double()
    values, vectors = torch.linalg.eigh(patches.t() @ patches / len(patches))
    filters = (vectors / torch.sqrt(values + 5e-4)).t().flip(0).reshape(12, 3, 2, 2).float()
    conv.weight.data[:] = torch.cat((filters, -filters))
    conv.weight.requires_grad = False


def crop(images):
    """Each image moved by up to 2 pixels, the border reflected."""
    padded = F.pad(images, (2,) * 4, 'reflect')
    out = torch.empty_like(images)
    moves = torch.randint(0, 5, (len(images), 2))
    for dy in range(5):
        for dx in range(5):
            which = (moves[:, 0] == dy) & (moves[:, 1] == dx)
            out[which] = padded[which, :, dy:dy + 32, dx:dx + 32]
    return out


def answers(net, images, views):
    def mirrored(x):
        return 0.5 * net(x) + 0.5 * net(x.flip(-1))

    with torch.no_grad():
        if not views:
            return net(images)
        padded = F.pad(images, (1,) * 4, 'reflect')
        shifted = mirrored(padded[:, :, 0:32, 0:32]) + mirrored(padded[:, :, 2:34, 2:34])
        return 0.5 * mirrored(images) + 0.25 * shifted


def evaluate(net, images, labels, views):
    net.eval()
    right = 0
    for i in range(0, len(images), 1000):
        scores = answers(net, images[i:i + 1000], views)
        right += (scores.argmax(1) == labels[i:i + 1000]).sum().item()
    return right / len(images)


def main():
    parser = argparse.ArgumentParser()
    cache = pathlib.Path(os.environ.get('XDG_CACHE_HOME') or pathlib.Path.home() / '.cache')
    parser.add_argument('--data', type=pathlib.Path,
                        default=cache / 'lanewise' / 'cifar-10-batches-bin')
    parser.add_argument('--epochs', type=float, default=10.9)
    parser.add_argument('--limit', type=int)
    parser.add_argument('--threads', type=int, default=os.cpu_count())
    parser.add_argument('--seed', type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)

    train_names = [f'data_batch_{i}.bin' for i in range(1, 6)]
    images, labels = read(options.data, train_names, options.limit)
    test_images, test_labels = read(options.data, ['test_batch.bin'], options.limit)
    print(f'PyTorch {torch.__version__}, {options.threads} threads, {len(images)} images', flush=True)
    start = time.time()

    net = build()
    whiten(net[0], images[:5000])
    mirror = torch.rand(len(images)) < 0.5
    images[mirror] = images[mirror].flip(-1)
    biases = [m.bias for m in net if isinstance(m, Norm)]
    others = [net[0].bias] + [m.weight for m in net if isinstance(m, (Conv, nn.Linear))]
    sgd = torch.optim.SGD(
        [dict(params=others, lr=RATE, weight_decay=DECAY),
         dict(params=biases, lr=RATE * BIAS_FACTOR, weight_decay=DECAY / BIAS_FACTOR)],
        momentum=MOMENTUM, nesterov=True)
    loss_of = nn.CrossEntropyLoss(label_smoothing=0.2)
    batches = len(images) // BATCH
    steps = math.ceil(options.epochs * batches - 1e-9)
    points = [0, int(0.23 * steps), steps]
    slow = {k: v.clone() for k, v in net.state_dict().items() if v.is_floating_point()}

    def lookahead(decay):
        for name, value in net.state_dict().items():
            if name in slow:
                slow[name].lerp_(value, 1 - decay)
                value.copy_(slow[name])

    done, epoch = 0, 0
    while done < steps:
        began = time.time()
        net.train()
        seen = crop(images)
        if epoch % 2 == 1:
            seen = seen.flip(-1)
        net[0].bias.requires_grad = epoch < 3
        order = torch.randperm(len(images))
        data_seconds = time.time() - began
        losses, right = [], 0
        for b in range(batches):
            if done == steps:
                break
            batch = order[b * BATCH:(b + 1) * BATCH]
            x = seen[batch].contiguous(memory_format=torch.channels_last)
            factor = np.interp(done, points, [0.2, 1, 0.07])
            for group, rate in zip(sgd.param_groups, (RATE, RATE * BIAS_FACTOR)):
                group['lr'] = rate * factor
            scores = net(x)
            loss = loss_of(scores, labels[batch])
            sgd.zero_grad(set_to_none=True)
            loss.backward()
            sgd.step()
            done += 1
            losses.append(loss.item())
            right += (scores.argmax(1) == labels[batch]).sum().item()
            if done % 5 == 0:
                lookahead(0.95 ** 5 * (done / steps) ** 3)
            if done == steps:
                lookahead(1)
        seconds = time.time() - began
        epoch += 1
        accuracy = evaluate(net, test_images, test_labels, False)
        print(f'epoch {epoch} step {done} train loss {np.mean(losses):.3f}'
              f' acc {right / len(losses) / BATCH:.3f} test acc {accuracy:.4f}'
              f' {seconds:.1f} s (data {data_seconds:.1f} s), {seconds / len(losses):.2f} s a step',
              flush=True)
    accuracy = evaluate(net, test_images, test_labels, True)
    print(f'test accuracy {accuracy:.4f}, mean of 6 views; {time.time() - start:.0f} s')


if __name__ == '__main__':
    main()
