"""Parts that programs of tests are put together from: networks, data, training loops. They follow `diagnosed.HEAD`."""

NET = """
x, t = torch.randn(8, 3), torch.randn(8, 1)
net = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1))
optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
"""

LOOP = """
for _ in range(4):
    optimizer.zero_grad()
    loss = F.mse_loss(net(x), t)
    loss.backward()
    optimizer.step()
"""

TWO_TRAININGS = """
x, t = torch.randn(8, 3), torch.randn(8, 1)

def earlier():
    net = nn.Linear(3, 1)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
    for _ in range(4):
        optimizer.zero_grad()
        F.mse_loss(net(x), t).backward()
        optimizer.step()

def wrong():
    body, head = nn.Linear(3, 4), nn.Linear(4, 1)
    optimizer = torch.optim.SGD(head.parameters(), lr=0.05)
    for _ in range(4):
        {clear_before}
        loss = F.mse_loss(head(torch.tanh(body(x))), t)
        loss.backward()
        optimizer.step()
        {clear_after}

def later():
    net = nn.Linear(3, 1)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
    for _ in range(4):
        optimizer.zero_grad()
        F.mse_loss(net(x), t).backward()
        optimizer.step()

wrong()
"""

CLASSES = """
x, t = torch.randn(12, 4), torch.tensor([0, 1, 2] * 4)
net = nn.Sequential(nn.Linear(4, 6), nn.ReLU(), nn.Linear(6, 3))
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
for _ in range(4):
    optimizer.zero_grad()
    loss = {loss}
    loss.backward()
    optimizer.step()
"""

MODES = """
x, t = torch.randn(8, 3), torch.randn(8, 1)
net = nn.Sequential(nn.Linear(3, 8), nn.BatchNorm1d(8), nn.Tanh(), nn.Dropout(0.5), nn.Linear(8, 1))
optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
for epoch in range(3):
{before}
    for _ in range(2):
        optimizer.zero_grad()
        F.mse_loss(net(x), t).backward()
        optimizer.step()
{after}
    with torch.no_grad():
        print(F.mse_loss(net(x), t).item())
"""

WITH_LR = """
x, t = torch.randn(8, 3), torch.randn(8, 1)
net = nn.Linear(3, 1)
optimizer = torch.optim.SGD(net.parameters(), lr={lr})
for _ in range({count}):
    optimizer.zero_grad()
    loss = F.mse_loss(net(x), t)
    loss.backward()
    optimizer.step()
"""

DEEP = """
x, t = torch.randn(8, 4), torch.randn(8, 1)
layers = []
for _ in range({count}):
    layers += [nn.Linear(4, 4), {activation}]
net = nn.Sequential(*layers, nn.Linear(4, 1))
{start}
optimizer = torch.optim.SGD(net.parameters(), lr=1e-4)
for _ in range({passes}):
    optimizer.zero_grad()
    F.mse_loss(net(x), t).backward()
    optimizer.step()
"""

CNN = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1, self.c2 = nn.Conv2d(1, 6, 3), nn.Conv2d(6, 8, 3)
        self.f1, self.f2 = nn.Linear(8 * 2 * 2, 16), nn.Linear(16, 5)
        self.drop = nn.Dropout(0.25)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.c1(x)), 2)
        x = F.max_pool2d(F.relu(self.c2(x)), 2)
        return self.f2(self.drop(F.relu(self.f1(x.flatten(1)))))

torch.manual_seed(1)
data, labels = torch.randn(40, 1, 14, 14), torch.randint(5, (40,))
model, criterion = Net(), nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
for epoch in range(2):
    model.train()
    for i in range(0, 40, 10):
        optimizer.zero_grad()
        loss = criterion(model(data[i : i + 10]), labels[i : i + 10])
        loss.backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        print((model(data).argmax(1) == labels).float().mean().item())
"""
