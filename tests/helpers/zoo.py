"""The model zoo: one training iteration of each kind of network that people write, as scripts that are recorded."""

from __future__ import annotations

from textwrap import dedent

_HEAD = """
import math
import torch
from torch import nn
from torch.nn import functional as F

torch.manual_seed(0)

def train(net, loss, optimizer=None, iterations=2):
    optimizer = optimizer or torch.optim.SGD(net.parameters(), lr=0.05)
    for _ in range(iterations):
        optimizer.zero_grad()
        value = loss()
        value.backward()
        optimizer.step()
"""

_SOURCES = {
    "vgg": """
        net = nn.Sequential(
            nn.Conv2d(3, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(inplace=True), nn.MaxPool2d(2),
            nn.Conv2d(8, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(inplace=True), nn.MaxPool2d(2),
            nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(64, 32), nn.ReLU(), nn.Dropout(0.5), nn.Linear(32, 10),
        )
        x, t = torch.randn(4, 3, 16, 16), torch.randint(10, (4,))
        train(net, lambda: F.cross_entropy(net(x), t), torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9))
    """,
    "resnet": """
        class Block(nn.Module):
            def __init__(self, inputs, outputs, stride):
                super().__init__()
                self.one = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
                self.norm1 = nn.BatchNorm2d(outputs)
                self.two = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
                self.norm2 = nn.BatchNorm2d(outputs)
                self.down = nn.Sequential()
                if stride != 1 or inputs != outputs:
                    conv = nn.Conv2d(inputs, outputs, 1, stride, bias=False)
                    self.down = nn.Sequential(conv, nn.BatchNorm2d(outputs))

            def forward(self, x):
                out = F.relu(self.norm1(self.one(x)))
                out = self.norm2(self.two(out))
                out += self.down(x)
                return F.relu(out)

        net = nn.Sequential(nn.Conv2d(3, 8, 3, 1, 1), Block(8, 8, 1), Block(8, 16, 2), nn.AdaptiveAvgPool2d(1),
                            nn.Flatten(), nn.Linear(16, 5))
        x, t = torch.randn(4, 3, 12, 12), torch.randint(5, (4,))
        train(net, lambda: F.cross_entropy(net(x), t, label_smoothing=0.1),
              torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=0.01))
    """,
    "mobilenet": """
        def separable(i, o, s):
            return nn.Sequential(nn.Conv2d(i, i, 3, s, 1, groups=i, bias=False), nn.BatchNorm2d(i), nn.ReLU6(),
                                 nn.Conv2d(i, o, 1, bias=False), nn.BatchNorm2d(o), nn.Hardswish())

        class Squeeze(nn.Module):
            def __init__(self, n):
                super().__init__()
                self.reduce, self.grow = nn.Conv2d(n, n // 4, 1), nn.Conv2d(n // 4, n, 1)

            def forward(self, x):
                s = x.mean((2, 3), keepdim=True)
                return x * torch.sigmoid(self.grow(F.silu(self.reduce(s))))

        net = nn.Sequential(separable(3, 8, 2), Squeeze(8), separable(8, 16, 2), nn.AdaptiveAvgPool2d(1), nn.Flatten(),
                            nn.Linear(16, 4))
        x, t = torch.randn(3, 3, 16, 16), torch.randint(4, (3,))
        train(net, lambda: F.nll_loss(F.log_softmax(net(x), dim=1), t), torch.optim.RMSprop(net.parameters(), lr=1e-3))
    """,
    "densenet": """
        class Dense(nn.Module):
            def __init__(self, n, k):
                super().__init__()
                self.layers = nn.ModuleList(nn.Conv2d(n + i * k, k, 3, padding=1) for i in range(3))

            def forward(self, x):
                features = [x]
                for layer in self.layers:
                    features.append(F.relu(layer(torch.cat(features, 1))))
                return torch.cat(features, 1)

        net = nn.Sequential(Dense(3, 4), nn.AvgPool2d(2), nn.Flatten(), nn.Linear(15 * 16, 3))
        x, t = torch.randn(2, 3, 8, 8), torch.randint(3, (2,))
        train(net, lambda: F.cross_entropy(net(x), t), torch.optim.Adagrad(net.parameters(), lr=0.01))
    """,
    "unet": """
        class UNet(nn.Module):
            def __init__(self):
                super().__init__()
                self.down1, self.down2 = nn.Conv2d(1, 4, 3, padding=1), nn.Conv2d(4, 8, 3, padding=1)
                self.up = nn.ConvTranspose2d(8, 4, 2, stride=2)
                self.mix, self.out = nn.Conv2d(8, 4, 3, padding=1), nn.Conv2d(4, 1, 1)

            def forward(self, x):
                a = F.relu(self.down1(x))
                b = F.relu(self.down2(F.max_pool2d(a, 2)))
                c = torch.cat([self.up(b), a], dim=1)
                c = F.leaky_relu(self.mix(c), 0.1)
                return self.out(F.interpolate(c, scale_factor=1.0, mode="nearest"))

        net = UNet()
        x, t = torch.randn(2, 1, 8, 8), torch.rand(2, 1, 8, 8).round()

        def loss():
            y = net(x)
            p = torch.sigmoid(y)
            dice = 1 - (2 * (p * t).sum() + 1) / (p.sum() + t.sum() + 1)
            return F.binary_cross_entropy_with_logits(y, t) + dice

        train(net, loss, torch.optim.Adam(net.parameters(), lr=1e-3))
    """,
    "wavenet": """
        class Gate(nn.Module):
            def __init__(self, n, d):
                super().__init__()
                self.filter, self.gate = nn.Conv1d(n, n, 2, dilation=d), nn.Conv1d(n, n, 2, dilation=d)
                self.skip, self.d = nn.Conv1d(n, n, 1), d

            def forward(self, x):
                padded = F.pad(x, (self.d, 0))
                y = torch.tanh(self.filter(padded)) * torch.sigmoid(self.gate(padded))
                y = self.skip(y)
                return x + y, y

        first, gates, last = nn.Conv1d(1, 4, 1), nn.ModuleList(Gate(4, d) for d in (1, 2, 4)), nn.Conv1d(4, 1, 1)
        net = nn.ModuleList([first, gates, last])
        x = torch.sin(torch.linspace(0, 6, 32)).view(1, 1, -1).repeat(2, 1, 1)

        def loss():
            h, skips = first(x[:, :, :-1]), 0
            for gate in gates:
                h, skip = gate(h)
                skips = skips + skip
            return F.smooth_l1_loss(last(F.elu(skips)), x[:, :, 1:])

        train(net, loss, torch.optim.NAdam(net.parameters(), lr=1e-3))
    """,
    "conv3d": """
        net = nn.Sequential(nn.Conv3d(1, 4, 3, padding=1), nn.GroupNorm(2, 4), nn.GELU(), nn.AvgPool3d(2),
                            nn.Conv3d(4, 4, 2), nn.InstanceNorm3d(4), nn.SELU(), nn.AdaptiveMaxPool3d(1), nn.Flatten(),
                            nn.Linear(4, 1))
        x, t = torch.randn(2, 1, 6, 6, 6), torch.randn(2, 1)
        train(net, lambda: F.huber_loss(net(x), t), torch.optim.RAdam(net.parameters(), lr=1e-3))
    """,
    "lstm": """
        class Tagger(nn.Module):
            def __init__(self):
                super().__init__()
                self.embed, self.lstm = nn.Embedding(12, 6, padding_idx=0), nn.LSTM(6, 5, 2, batch_first=True)
                self.out = nn.Linear(5, 4)

            def forward(self, words):
                h, _ = self.lstm(self.embed(words))
                return self.out(h)

        net = Tagger()
        words, tags = torch.randint(12, (3, 7)), torch.randint(4, (3, 7))
        train(net, lambda: F.cross_entropy(net(words).view(-1, 4), tags.view(-1)),
              torch.optim.Adadelta(net.parameters()))
    """,
    "gru_attention": """
        class Seq2Seq(nn.Module):
            def __init__(self):
                super().__init__()
                self.embed, self.encode = nn.Embedding(9, 6), nn.GRU(6, 8, bidirectional=True, batch_first=True)
                self.cell, self.score, self.out = nn.GRUCell(6, 16), nn.Bilinear(16, 16, 1), nn.Linear(32, 9)

            def forward(self, source, target):
                memory, _ = self.encode(self.embed(source))
                h, outputs = memory[:, -1], []
                for step in range(target.size(1)):
                    h = self.cell(self.embed(target[:, step]), h)
                    scores = self.score(memory, h.unsqueeze(1).expand(-1, memory.size(1), -1).contiguous()).squeeze(-1)
                    context = torch.bmm(F.softmax(scores, dim=-1).unsqueeze(1), memory).squeeze(1)
                    outputs.append(self.out(torch.cat((h, context), dim=-1)))
                return torch.stack(outputs, dim=1)

        net = Seq2Seq()
        source, target = torch.randint(9, (2, 5)), torch.randint(9, (2, 4))

        def loss():
            return F.cross_entropy(net(source, target).transpose(1, 2), target, ignore_index=0)

        optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
        for _ in range(2):
            optimizer.zero_grad()
            loss().backward()
            nn.utils.clip_grad_norm_(net.parameters(), 0.5)
            optimizer.step()
    """,
    "rnn_by_hand": """
        wx, wh, b = (nn.Parameter(torch.randn(shape) * 0.3) for shape in ((3, 5), (5, 5), (5,)))
        out = nn.Parameter(torch.randn(5, 1) * 0.3)
        x, t = torch.randn(6, 2, 3), torch.randn(2, 1)
        for _ in range(2):
            h = torch.zeros(2, 5)
            for step in x:
                h = torch.tanh(step @ wx + h @ wh + b)
            loss = ((h @ out - t) ** 2).mean()
            loss.backward()
            with torch.no_grad():
                for p in (wx, wh, b, out):
                    p -= 0.1 * p.grad
                    p.grad = None
    """,
    "lstm_cell": """
        cell, out = nn.LSTMCell(2, 4), nn.Linear(4, 2)
        net = nn.ModuleList([cell, out])
        x, t = torch.randn(5, 3, 2), torch.randn(3, 2)

        def loss():
            h = c = torch.zeros(3, 4)
            for step in x.unbind(0):
                h, c = cell(step, (h, c))
            return F.mse_loss(out(h), t)

        train(net, loss, torch.optim.Rprop(net.parameters(), lr=0.01))
    """,
    "transformer": """
        layer = nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, batch_first=True)
        net = nn.ModuleList([nn.TransformerEncoder(layer, 2, enable_nested_tensor=False), nn.Linear(8, 3)])
        x, t = torch.randn(2, 5, 8), torch.randint(3, (2,))
        train(net, lambda: F.cross_entropy(net[1](net[0](x).mean(dim=1)), t), torch.optim.AdamW(net.parameters()))
    """,
    "gpt": """
        class Block(nn.Module):
            def __init__(self, n, heads):
                super().__init__()
                self.norm1, self.norm2 = nn.LayerNorm(n), nn.LayerNorm(n)
                self.qkv, self.proj, self.heads = nn.Linear(n, 3 * n), nn.Linear(n, n), heads
                self.mlp = nn.Sequential(nn.Linear(n, 2 * n), nn.GELU(approximate="tanh"), nn.Linear(2 * n, n))

            def forward(self, x):
                b, t, n = x.size()
                q, k, v = self.qkv(self.norm1(x)).split(n, dim=2)
                q, k, v = (y.view(b, t, self.heads, n // self.heads).transpose(1, 2) for y in (q, k, v))
                y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
                x = x + self.proj(y.transpose(1, 2).contiguous().view(b, t, n))
                return x + self.mlp(self.norm2(x))

        class Gpt(nn.Module):
            def __init__(self):
                super().__init__()
                self.tokens, self.places = nn.Embedding(11, 8), nn.Embedding(6, 8)
                self.blocks, self.norm = nn.ModuleList(Block(8, 2) for _ in range(2)), nn.LayerNorm(8)

            def forward(self, words):
                x = self.tokens(words) + self.places(torch.arange(words.size(1)))
                for block in self.blocks:
                    x = block(x)
                return self.norm(x) @ self.tokens.weight.t()

        net = Gpt()
        words = torch.randint(11, (2, 7))
        optimizer = torch.optim.AdamW(net.parameters(), lr=1e-3)
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 10)
        for _ in range(2):
            logits = net(words[:, :-1])
            loss = F.cross_entropy(logits.reshape(-1, 11), words[:, 1:].reshape(-1))
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            schedule.step()
    """,
    "attention_by_hand": """
        class Head(nn.Module):
            def __init__(self, n, k):
                super().__init__()
                self.query, self.key, self.value = (nn.Linear(n, k, bias=False) for _ in range(3))
                self.register_buffer("tril", torch.tril(torch.ones(8, 8)))

            def forward(self, x):
                t = x.shape[1]
                q, k, v = self.query(x), self.key(x), self.value(x)
                scores = q @ k.transpose(-2, -1) * k.shape[-1] ** -0.5
                scores = scores.masked_fill(self.tril[:t, :t] == 0, float("-inf"))
                return F.softmax(scores, dim=-1) @ v

        net = Head(4, 3)
        x, t = torch.randn(2, 6, 4), torch.randn(2, 6, 3)
        train(net, lambda: F.mse_loss(net(x), t), torch.optim.Adamax(net.parameters()))
    """,
    "vit": """
        class ViT(nn.Module):
            def __init__(self):
                super().__init__()
                self.patch, self.cls = nn.Conv2d(1, 8, 4, 4), nn.Parameter(torch.zeros(1, 1, 8))
                self.place = nn.Parameter(torch.randn(1, 5, 8) * 0.02)
                self.attend, self.norm = nn.MultiheadAttention(8, 2, batch_first=True), nn.LayerNorm(8)
                self.head = nn.Linear(8, 3)

            def forward(self, x):
                p = self.patch(x).flatten(2).transpose(1, 2)
                p = torch.cat((self.cls.expand(len(x), -1, -1), p), dim=1) + self.place
                n = self.norm(p)
                p = p + self.attend(n, n, n, need_weights=False)[0]
                return self.head(p[:, 0])

        net = ViT()
        x, t = torch.randn(3, 1, 8, 8), torch.randint(3, (3,))
        train(net, lambda: F.cross_entropy(net(x), t), torch.optim.ASGD(net.parameters()))
    """,
    "mixer": """
        class Mixer(nn.Module):
            def __init__(self):
                super().__init__()
                self.norm1, self.norm2 = nn.LayerNorm(6), nn.RMSNorm(6)
                self.tokens = nn.Sequential(nn.Linear(4, 8), nn.GELU(), nn.Linear(8, 4))
                self.channels = nn.Sequential(nn.Linear(6, 8), nn.Mish(), nn.Linear(8, 6))

            def forward(self, x):
                x = x + self.tokens(self.norm1(x).permute(0, 2, 1)).permute(0, 2, 1)
                return (x + self.channels(self.norm2(x))).mean(1)

        net = Mixer()
        x, t = torch.randn(3, 4, 6), torch.randn(3, 6)
        train(net, lambda: F.l1_loss(net(x), t), torch.optim.Adafactor(net.parameters()))
    """,
    "vae": """
        encode, decode = nn.Linear(6, 8), nn.Linear(2, 6)
        mean, spread = nn.Linear(8, 2), nn.Linear(8, 2)
        net = nn.ModuleList([encode, mean, spread, decode])
        x = torch.rand(5, 6)

        def loss():
            h = F.softplus(encode(x))
            mu, log_var = mean(h), spread(h)
            z = mu + torch.randn_like(mu) * torch.exp(0.5 * log_var)
            y = torch.sigmoid(decode(z))
            divergence = -0.5 * torch.sum(1 + log_var - mu.pow(2) - log_var.exp())
            return F.binary_cross_entropy(y, x, reduction="sum") + divergence

        train(net, loss, torch.optim.Adam(net.parameters(), lr=1e-3, amsgrad=True))
    """,
    "gan": """
        make = nn.Sequential(nn.Linear(2, 8), nn.LeakyReLU(0.2), nn.Linear(8, 2), nn.Tanh())
        judge = nn.Sequential(nn.Linear(2, 8), nn.LeakyReLU(0.2), nn.Linear(8, 1))
        ours, theirs = torch.optim.Adam(make.parameters(), 1e-3), torch.optim.Adam(judge.parameters(), 1e-3)
        real = torch.randn(4, 2)
        for _ in range(2):
            noise = torch.randn(4, 2)
            theirs.zero_grad()
            fake = make(noise)
            loss = F.binary_cross_entropy_with_logits(judge(real), torch.ones(4, 1))
            loss = loss + F.binary_cross_entropy_with_logits(judge(fake.detach()), torch.zeros(4, 1))
            loss.backward()
            theirs.step()
            ours.zero_grad()
            F.softplus(-judge(fake)).mean().backward()
            ours.step()
    """,
    "siamese": """
        net = nn.Sequential(nn.Linear(4, 6), nn.PReLU(), nn.Linear(6, 3))
        a, p, n = torch.randn(3, 5, 4)

        def loss():
            x, y, z = net(a), net(p), net(n)
            triplet = F.triplet_margin_loss(x, y, z, margin=0.5)
            cosine = F.cosine_embedding_loss(x, z, -torch.ones(5), margin=0.1)
            far = F.relu(1 - F.pairwise_distance(x, z)).pow(2).mean()
            near = 1 - F.cosine_similarity(x, y).mean()
            return triplet + cosine + far + near + torch.cdist(x, y).mean()

        train(net, loss)
    """,
    "embedding_bag": """
        net = nn.Sequential(nn.EmbeddingBag(10, 4, mode="mean"), nn.Linear(4, 2))
        words, starts, t = torch.randint(10, (9,)), torch.tensor([0, 4, 6]), torch.tensor([0, 1, 1])
        train(net, lambda: F.cross_entropy(net[1](net[0](words, starts)), t))
    """,
    "word2vec": """
        center, context = nn.Embedding(12, 4), nn.Embedding(12, 4)
        net = nn.ModuleList([center, context])
        c, o, n = torch.randint(12, (6,)), torch.randint(12, (6,)), torch.randint(12, (6, 3))

        def loss():
            v = center(c)
            good = F.logsigmoid((v * context(o)).sum(1))
            bad = F.logsigmoid(-torch.einsum("bd,bkd->bk", v, context(n))).sum(1)
            return -(good + bad).mean()

        train(net, loss)
    """,
    "graph": """
        weight = nn.Parameter(torch.randn(3, 4) * 0.5)
        out = nn.Linear(4, 2)
        net = nn.ParameterList([weight, *out.parameters()])
        x, edges, t = torch.randn(5, 3), torch.randint(5, (2, 12)), torch.randint(2, (5,))

        def loss():
            h = x @ weight
            messages = h[edges[0]]
            gathered = torch.zeros_like(h).index_add(0, edges[1], messages)
            degree = torch.zeros(5).scatter_add(0, edges[1], torch.ones(12)).clamp(min=1)
            h = F.relu(gathered / degree.unsqueeze(-1))
            return F.cross_entropy(out(h), t)

        train(net, loss)
    """,
    "dqn": """
        net, target = nn.Linear(4, 3), nn.Linear(4, 3)
        target.load_state_dict(net.state_dict())
        s, a, r, after = torch.randn(6, 4), torch.randint(3, (6, 1)), torch.randn(6), torch.randn(6, 4)

        def loss():
            q = net(s).gather(1, a).squeeze(1)
            with torch.no_grad():
                best = target(after).max(1).values
            return F.smooth_l1_loss(q, r + 0.9 * best)

        train(net, loss)
        with torch.no_grad():
            for mine, theirs in zip(target.parameters(), net.parameters()):
                mine.lerp_(theirs, 0.1)
    """,
    "policy": """
        net = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 3))
        s, a, r = torch.randn(6, 4), torch.randint(3, (6,)), torch.randn(6)

        def loss():
            p = F.softmax(net(s), dim=-1)
            advantage = (r - r.mean()) / (r.std() + 1e-8)
            entropy = -(p * torch.log(p + 1e-10)).sum(-1).mean()
            ratio = p.gather(1, a[:, None]).squeeze(1) / 0.3
            clipped = torch.clamp(ratio, 0.8, 1.2)
            return -torch.min(ratio * advantage, clipped * advantage).mean() - 0.01 * entropy

        train(net, loss)
    """,
    "flow": """
        scale, shift = nn.Linear(1, 1), nn.Linear(1, 1)
        net = nn.ModuleList([scale, shift])
        x = torch.randn(8, 2)

        def loss():
            a, b = x.chunk(2, dim=1)
            s = torch.tanh(scale(a))
            z = torch.cat((a, (b - shift(a)) * torch.exp(-s)), dim=1)
            log_p = -0.5 * (z ** 2).sum(1) - math.log(2 * math.pi)
            return -(log_p - s.squeeze(1)).mean()

        train(net, loss)
    """,
    "nerf": """
        net = nn.Sequential(nn.Linear(12, 16), nn.ReLU(), nn.Linear(16, 4))
        x, t = torch.rand(4, 3), torch.rand(4, 3)

        def loss():
            waves = [f(2 ** k * math.pi * x) for k in range(2) for f in (torch.sin, torch.cos)]
            y = net(torch.cat(waves, -1))
            alpha = 1 - torch.exp(-F.relu(y[..., 3]) * 0.1)
            weights = alpha * torch.cumprod(torch.cat([torch.ones(1), 1 - alpha + 1e-10])[:-1], 0)
            colour = (weights[..., None] * torch.sigmoid(y[..., :3])).sum(0)
            return ((colour - t.mean(0)) ** 2).mean()

        train(net, loss)
    """,
    "matrix_factorization": """
        users, items, bias = nn.Embedding(5, 3), nn.Embedding(7, 3), nn.Embedding(7, 1)
        net = nn.ModuleList([users, items, bias])
        u, i, r = torch.randint(5, (8,)), torch.randint(7, (8,)), torch.rand(8)
        train(net, lambda: F.mse_loss((users(u) * items(i)).sum(1) + bias(i).squeeze(-1), r)
              + 1e-3 * sum(p.norm() ** 2 for p in net.parameters()))
    """,
    "diffusion": """
        net = nn.Sequential(nn.Linear(3, 16), nn.SiLU(), nn.LayerNorm(16), nn.Linear(16, 2))
        betas = torch.linspace(1e-4, 0.02, 10)
        kept = torch.cumprod(1 - betas, 0)
        x = torch.randn(6, 2)

        def loss():
            step, noise = torch.randint(10, (6,)), torch.randn(6, 2)
            share = kept[step].unsqueeze(1)
            noisy = share.sqrt() * x + (1 - share).sqrt() * noise
            return F.mse_loss(net(torch.cat((noisy, step.unsqueeze(1) / 10), 1)), noise)

        train(net, loss)
    """,
    "autoencoder_16_bit": """
        net = nn.Sequential(nn.Linear(6, 3), nn.Sigmoid(), nn.Linear(3, 6)).bfloat16()
        x = torch.rand(4, 6).bfloat16()
        train(net, lambda: F.mse_loss(net(x), x))
    """,
    "gaussian_process": """
        log_scale, log_noise = (nn.Parameter(torch.zeros(())) for _ in range(2))
        x = torch.linspace(0, 1, 6)[:, None]
        y = torch.sin(6 * x[:, 0])

        def loss():
            distance = (x - x.T) ** 2
            k = torch.exp(-0.5 * distance / log_scale.exp() ** 2) + log_noise.exp() * torch.eye(6)
            low = torch.linalg.cholesky(k)
            alpha = torch.cholesky_solve(y[:, None], low)[:, 0]
            return 0.5 * y @ alpha + low.diagonal().log().sum()

        train(nn.ParameterList([log_scale, log_noise]), loss, torch.optim.SGD([log_scale, log_noise], lr=0.01))
    """,
    "lbfgs": """
        w = nn.Parameter(torch.tensor([-1.0, 1.5]))
        optimizer = torch.optim.LBFGS([w], max_iter=4, line_search_fn="strong_wolfe")

        def closure():
            optimizer.zero_grad()
            loss = (1 - w[0]) ** 2 + 10 * (w[1] - w[0] ** 2) ** 2
            loss.backward()
            return loss

        for _ in range(2):
            optimizer.step(closure)
    """,
}


def zoo() -> dict[str, str]:
    """Each script's source by its name."""
    return {name: f"{_HEAD}\n{dedent(source)}" for name, source in _SOURCES.items()}
