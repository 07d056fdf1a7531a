"""Batches come from two worker processes; the best weights are saved and loaded again; the script ends badly."""

import tempfile
from pathlib import Path

import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset, random_split


class Circles(Dataset):
    def __init__(self, count):
        generator = torch.Generator().manual_seed(19)
        self.points = torch.rand(count, 2, generator=generator) * 2 - 1
        self.inside = (self.points.norm(dim=1) < 0.8).float()

    def __len__(self):
        return len(self.points)

    def __getitem__(self, i):
        return self.points[i], self.inside[i]


def main():
    torch.manual_seed(19)
    training, validation = random_split(Circles(40), [32, 8])
    loader = DataLoader(training, batch_size=8, shuffle=True, num_workers=2)
    net = nn.Sequential(nn.Linear(2, 6), nn.Tanh(), nn.Dropout(0.2), nn.Linear(6, 1), nn.Flatten(0))
    optimizer = torch.optim.Adam(net.parameters(), lr=0.05)
    criterion = nn.BCEWithLogitsLoss()
    best = float("inf")
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(2):
            net.train()
            for points, inside in loader:
                optimizer.zero_grad()
                loss = criterion(net(points), inside)
                loss.backward()
                optimizer.step()
                print(repr(loss.item()))
            net.eval()
            with torch.no_grad():
                points, inside = next(iter(DataLoader(validation, batch_size=8)))
                score = criterion(net(points), inside).item()
            if score < best:
                best = score
                torch.save(net.state_dict(), Path(folder) / "best.pt")
        net.load_state_dict(torch.load(Path(folder) / "best.pt", weights_only=True))
    net(torch.zeros(1, 3))


if __name__ == "__main__":
    main()
