"""A forger learns to draw numbers from a Gaussian; a judge learns to tell its numbers from real ones."""

import numpy as np
import torch
from torch import nn, optim

ROUNDS = 4
rng = np.random.default_rng(2)
torch.manual_seed(2)

forger = nn.Sequential(nn.Linear(1, 8), nn.ELU(), nn.Linear(8, 1))
judge = nn.Sequential(nn.Linear(1, 8), nn.LeakyReLU(0.2), nn.Linear(8, 1))
verdict = nn.BCEWithLogitsLoss()
forger_optimizer = optim.Adam(forger.parameters(), lr=1e-3)
judge_optimizer = optim.Adam(judge.parameters(), lr=1e-3, betas=(0.5, 0.9))

for turn in range(ROUNDS):
    real = torch.from_numpy(rng.normal(4.0, 1.25, (16, 1)).astype(np.float32))
    forged = forger(torch.rand(16, 1))

    judge.zero_grad()
    on_real = verdict(judge(real), torch.ones(16, 1))
    on_real.backward()
    on_forged = verdict(judge(forged.detach()), torch.zeros(16, 1))
    on_forged.backward()
    judge_optimizer.step()

    forger.zero_grad()
    deceived = verdict(judge(forged), torch.ones(16, 1))
    deceived.backward()
    forger_optimizer.step()
    print(turn, repr(on_real.item()), repr(on_forged.item()), repr(deceived.item()))
