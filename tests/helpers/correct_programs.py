"""Correct programs, many of which do on purpose what is usually a mistake: name -> source."""

from __future__ import annotations

from tests.helpers.slip_parts import CLASSES, CNN, DEEP, LOOP, MODES, NET

CORRECT: dict[str, str] = {
    "loss numbers added up": NET + "total = 0\n" + LOOP + "    total += loss.item()\n",
    "losses added up before backward": NET
    + """
for _ in range(3):
    total = 0
    for part in range(2):
        loss = F.mse_loss(net(x[part * 4 : part * 4 + 4]), t[part * 4 : part * 4 + 4])
        total += loss
    optimizer.zero_grad()
    total.backward()
    optimizer.step()
""",
    "two losses of one iteration added up to be printed": NET
    + """
for _ in range(3):
    optimizer.zero_grad()
    near, far = F.mse_loss(net(x), t), F.mse_loss(net(2 * x), t)
    near.backward()
    far.backward()
    optimizer.step()
    print((near + far).item())
""",
    "plain": NET + LOOP,
    "zero_grad after the step": NET
    + """
for _ in range(4):
    F.mse_loss(net(x), t).backward()
    optimizer.step()
    optimizer.zero_grad()
""",
    "accumulates on purpose": NET
    + """
for i in range(8):
    (F.mse_loss(net(x), t) / 2).backward()
    if i % 2:
        optimizer.step()
        optimizer.zero_grad()
""",
    "cross entropy of scores": CLASSES.format(loss="F.cross_entropy(net(x), t)"),
    "nll of log_softmax": CLASSES.format(loss="F.nll_loss(F.log_softmax(net(x), dim=1), t)"),
    "modes switched": MODES.format(before="    net.train()", after="    net.eval()"),
    "loss numbers kept": NET + "losses = []\n" + LOOP + "    losses.append(loss.item())\n",
    "copy kept": NET + "before = net[0].weight.detach().clone()\n" + LOOP,
    "critic with clipped weights": """
        make, judge = nn.Linear(2, 2), nn.Linear(2, 1)
        ours, theirs = torch.optim.RMSprop(make.parameters(), 1e-3), torch.optim.RMSprop(judge.parameters(), 1e-3)
        for _ in range(3):
            real, noise = torch.randn(6, 2), torch.randn(6, 2)
            for _ in range(2):
                theirs.zero_grad()
                loss = judge(make(noise).detach()).mean() - judge(real).mean()
                loss.backward()
                theirs.step()
                for p in judge.parameters():
                    p.data.clamp_(-0.5, 0.5)
            ours.zero_grad()
            (-judge(make(noise)).mean()).backward()
            ours.step()
        """,
    "a neuron that is 0 for the last samples only": """
        w, b = torch.tensor([2.0], requires_grad=True), torch.tensor([0.0], requires_grad=True)
        for number in [1.0, 2.0, 1.5, 0.5, -1.0, -2.0, -1.5, -0.5]:
            x = torch.tensor([number])
            w.grad = b.grad = None
            ((torch.relu(w * x + b) - 1.0) ** 2).backward()
            with torch.no_grad():
                w -= 0.01 * w.grad
                b -= 0.01 * b.grad
        """,
    "a neuron that is to be 0, and is": """
        x = torch.tensor([1.0])
        w, b = torch.tensor([0.1], requires_grad=True), torch.tensor([0.0], requires_grad=True)
        for _ in range(8):
            w.grad = b.grad = None
            (torch.relu(w * x + b) - 0.0).square().backward()
            with torch.no_grad():
                w -= 0.6 * w.grad
                b -= 0.6 * b.grad
        """,
    "a relu that is 0 for a while, and that a second path will wake": """
        x = torch.tensor([3.0])
        w, b = torch.tensor([2.0], requires_grad=True), torch.tensor([1.0], requires_grad=True)
        for target in [6.0, 6.0, 6.0, 6.0, -60.0, 6.0, 6.0, 6.0, 6.0]:
            w.grad = b.grad = None
            z = w * x + b
            ((torch.relu(z) - target) ** 2 + 0.02 * (z - target) ** 2).backward()
            with torch.no_grad():
                w -= 0.02 * w.grad
                b -= 0.02 * b.grad
        """,
    "a hinge loss that is satisfied, beside another loss": """
        x, y = torch.tensor([[1.0], [2.0], [-1.0], [-2.0]]), torch.tensor([[1.0], [1.0], [-1.0], [-1.0]])
        judge, other = nn.Linear(1, 1), nn.Linear(1, 1)
        optimizer = torch.optim.SGD([*judge.parameters(), *other.parameters()], lr=0.5)
        for _ in range(12):
            optimizer.zero_grad()
            loss = torch.relu(1 - y * judge(x)).mean() + 0.01 * (1 + F.mse_loss(other(x), y))
            loss.backward()
            optimizer.step()
        """,
    "frozen features": """
        body, head = nn.Sequential(nn.Linear(3, 8), nn.Tanh()), nn.Linear(8, 1)
        for p in body.parameters():
            p.requires_grad_(False)
        x, t = torch.randn(8, 3), torch.randn(8, 1)
        optimizer = torch.optim.SGD(head.parameters(), lr=0.05)
        for _ in range(3):
            optimizer.zero_grad()
            F.mse_loss(head(body(x)), t).backward()
            optimizer.step()
        """,
    "adversarial input": """
        x, t = torch.randn(8, 3), torch.tensor([0, 1] * 4)
        net = nn.Linear(3, 2)
        optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
        for _ in range(3):
            x.requires_grad_()
            F.cross_entropy(net(x), t).backward()
            moved = (x + 0.1 * x.grad.sign()).detach()
            x = x.detach()
            optimizer.zero_grad()
            F.cross_entropy(net(moved), t).backward()
            optimizer.step()
        """,
    "target network": """
        net, target = nn.Linear(4, 3), nn.Linear(4, 3)
        target.load_state_dict(net.state_dict())
        optimizer = torch.optim.Adam(net.parameters(), 1e-3)
        for _ in range(4):
            s, r = torch.randn(6, 4), torch.randn(6)
            with torch.no_grad():
                best = target(s).max(1).values
            optimizer.zero_grad()
            F.smooth_l1_loss(net(s).max(1).values, r + 0.9 * best).backward()
            optimizer.step()
            with torch.no_grad():
                for mine, theirs in zip(target.parameters(), net.parameters()):
                    mine.lerp_(theirs, 0.1)
        """,
    "policy gradient with a list of losses": """
        policy = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 2))
        optimizer = torch.optim.Adam(policy.parameters(), 1e-2)
        for _ in range(3):
            losses = []
            for _ in range(4):
                log_p = F.log_softmax(policy(torch.randn(4)), dim=-1)
                loss = -log_p[0] * torch.randn(())
                losses.append(loss)
            optimizer.zero_grad()
            total = torch.stack(losses).sum()
            total.backward()
            optimizer.step()
        """,
    "warm-up from 0": """
        x, t, net = torch.randn(8, 3), torch.randn(8, 1), nn.Linear(3, 1)
        optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
        schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda i: min(1, i / 3))
        for _ in range(5):
            optimizer.zero_grad()
            F.mse_loss(net(x), t).backward()
            optimizer.step()
            schedule.step()
        """,
    "attention with a mask of -inf": """
        q = nn.Linear(4, 4)
        optimizer = torch.optim.SGD(q.parameters(), lr=0.05)
        x = torch.randn(2, 5, 4)
        mask = torch.triu(torch.full((5, 5), float("-inf")), diagonal=1)
        for _ in range(3):
            optimizer.zero_grad()
            a = (q(x) @ x.transpose(1, 2) + mask).softmax(-1)
            (a @ x).pow(2).mean().backward()
            optimizer.step()
        """,
    "two losses, two optimizers": """
        shared, one, two = nn.Linear(3, 4), nn.Linear(4, 1), nn.Linear(4, 1)
        first = torch.optim.SGD([*shared.parameters(), *one.parameters()], lr=0.05)
        second = torch.optim.SGD(two.parameters(), lr=0.05)
        x, t = torch.randn(8, 3), torch.randn(8, 1)
        for _ in range(3):
            h = torch.tanh(shared(x))
            first.zero_grad()
            second.zero_grad()
            F.mse_loss(one(h), t).backward(retain_graph=True)
            F.mse_loss(two(h), -t).backward()
            first.step()
            second.step()
        """,
    "ascent on a reward": """
        w = torch.tensor([0.5, -0.5], requires_grad=True)
        for _ in range(4):
            w.grad = None
            reward = -(w * w).sum()
            reward.backward()
            with torch.no_grad():
                w += 0.1 * w.grad
        """,
    "style of an image": """
        net = nn.Sequential(nn.Linear(4, 6), nn.Tanh(), nn.Linear(6, 3))
        image = torch.randn(5, 4, requires_grad=True)
        wanted = torch.randn(5, 3)
        optimizer = torch.optim.Adam([image], lr=0.05)
        for _ in range(4):
            optimizer.zero_grad()
            F.mse_loss(net(image), wanted).backward()
            optimizer.step()
        """,
    "mini-batches of a loader": """
        from torch.utils.data import DataLoader, TensorDataset

        loader = DataLoader(TensorDataset(torch.randn(16, 3), torch.randn(16, 1)), batch_size=4, shuffle=True)
        net = nn.Linear(3, 1)
        optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
        for _ in range(2):
            for x, t in loader:
                optimizer.zero_grad()
                F.mse_loss(net(x), t).backward()
                optimizer.step()
        """,
    "clips, with momentum and decay": NET.replace("lr=0.05", "lr=0.05, momentum=0.9, weight_decay=1e-3")
    + """
for _ in range(4):
    optimizer.zero_grad(set_to_none=False)
    F.mse_loss(net(x), t).backward()
    nn.utils.clip_grad_norm_(net.parameters(), 0.5)
    optimizer.step()
""",
    "generated under no_grad, in training mode": """
        make = nn.Sequential(nn.Linear(2, 4), nn.BatchNorm1d(4), nn.Tanh(), nn.Linear(4, 2))
        judge = nn.Linear(2, 1)
        ours, theirs = torch.optim.SGD(make.parameters(), 0.01), torch.optim.SGD(judge.parameters(), 0.01)
        for _ in range(3):
            with torch.no_grad():
                fake = make(torch.randn(6, 2))
            theirs.zero_grad()
            F.softplus(judge(fake)).mean().backward()
            theirs.step()
            ours.zero_grad()
            F.softplus(-judge(make(torch.randn(6, 2)))).mean().backward()
            ours.step()
        """,
    "gradient penalty": """
        judge = nn.Sequential(nn.Linear(2, 6), nn.Tanh(), nn.Linear(6, 1))
        optimizer = torch.optim.Adam(judge.parameters(), 1e-3)
        for _ in range(3):
            x = torch.randn(6, 2, requires_grad=True)
            y = judge(x)
            (slope,) = torch.autograd.grad(y.sum(), x, create_graph=True)
            optimizer.zero_grad()
            (y.mean() + ((slope.norm(dim=1) - 1) ** 2).mean()).backward()
            optimizer.step()
        """,
    "differences of all pairs": """
        net = nn.Linear(3, 1)
        optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
        x, t = torch.randn(6, 3), torch.randn(6)
        for _ in range(3):
            y = net(x).squeeze(1)
            optimizer.zero_grad()
            ((y[:, None] - y[None, :]) - (t[:, None] - t[None, :])).pow(2).mean().backward()
            optimizer.step()
        """,
    "deep, with tanh": DEEP.format(count=6, activation="nn.Tanh()", start="", passes=3),
    "one pass, no update": """
        w = torch.tensor(2.0, requires_grad=True)
        (w * 3).backward()
        print(w.grad)
        """,
    "truncated backpropagation through time": """
        class M(nn.Module):
            def __init__(self):
                super().__init__()
                self.emb=nn.Embedding(20,8); self.rnn=nn.LSTM(8,12,batch_first=True); self.fc=nn.Linear(12,20)
            def forward(self,x,h=None):
                y,h=self.rnn(self.emb(x),h)
                return self.fc(y),h
        m=M(); opt=torch.optim.Adam(m.parameters(),1e-2)
        text=torch.randint(20,(4,33))
        h=None
        for e in range(4):
            opt.zero_grad()
            h=None if h is None else tuple(v.detach() for v in h)
            out,h=m(text[:,:-1],h)
            loss=F.cross_entropy(out.reshape(-1,20),text[:,1:].reshape(-1))
            loss.backward()
            nn.utils.clip_grad_norm_(m.parameters(),1.0)
            opt.step()
        """,
    "Newton's method": """
        x=torch.tensor(3.0,requires_grad=True)
        for i in range(5):
            y=x**3-2*x
            g,=torch.autograd.grad(y,x,create_graph=True)
            h,=torch.autograd.grad(g,x)
            with torch.no_grad(): x -= g/h
        """,
    "two views, one detached": """
        on=nn.Linear(4,3); pred=nn.Linear(3,3)
        opt=torch.optim.SGD([*on.parameters(),*pred.parameters()],0.05)
        for i in range(4):
            a=torch.randn(6,4); b=a+0.1*torch.randn(6,4)
            za,zb=on(a),on(b)
            loss=-(F.cosine_similarity(pred(za),zb.detach()).mean()+F.cosine_similarity(pred(zb),za.detach()).mean())/2
            opt.zero_grad(); loss.backward(); opt.step()
        """,
    "straight-through code book": """
        enc=nn.Linear(4,3); dec=nn.Linear(3,4); book=nn.Embedding(6,3)
        opt=torch.optim.Adam([*enc.parameters(),*dec.parameters(),*book.parameters()],1e-3); X=torch.randn(8,4)
        for i in range(4):
            z=enc(X); k=torch.cdist(z,book.weight).argmin(1); q=book(k)
            loss=F.mse_loss(q,z.detach())+0.25*F.mse_loss(z,q.detach())
            q=z+(q-z).detach()
            loss=loss+F.mse_loss(dec(q),X)
            opt.zero_grad(); loss.backward(); opt.step()
        """,
    "a teacher and a student": """
        teacher=nn.Linear(4,3).eval()
        student=nn.Linear(4,3)
        X=torch.randn(8,4)
        T=torch.randint(3,(8,))
        opt=torch.optim.SGD(student.parameters(),0.1)
        for i in range(3):
            with torch.no_grad(): p=F.softmax(teacher(X)/2,1)
            out=student(X)
            loss=F.kl_div(F.log_softmax(out/2,1),p,reduction='batchmean')*4+F.cross_entropy(out,T)
            opt.zero_grad(); loss.backward(); opt.step()
        """,
    "autocast": """
        net=nn.Linear(4,2); X=torch.randn(8,4); T=torch.randint(2,(8,)); opt=torch.optim.SGD(net.parameters(),0.1)
        for i in range(3):
            opt.zero_grad()
            with torch.autocast('cpu',dtype=torch.bfloat16):
                loss=F.cross_entropy(net(X),T)
            loss.backward(); opt.step()
        """,
    "validation with the best copy kept": """
        import copy
        net=nn.Linear(3,1)
        X=torch.randn(8,3)
        Y=torch.randn(8,1)
        opt=torch.optim.SGD(net.parameters(),0.05)
        best=1e9
        hist=[]
        for e in range(4):
            net.train(); tot=0.
            for i in range(0,8,4):
                opt.zero_grad(); loss=F.mse_loss(net(X[i:i+4]),Y[i:i+4]); loss.backward(); opt.step(); tot+=loss.item()
            net.eval()
            with torch.no_grad(): v=F.mse_loss(net(X),Y)
            hist.append(v)
            if v<best: best=v; state=copy.deepcopy(net.state_dict())
        """,
    "a moving average of the network": """
        on=nn.Linear(4,3); pred=nn.Linear(3,3); tg=nn.Linear(4,3)
        tg.load_state_dict(on.state_dict())
        for p in tg.parameters(): p.requires_grad=False
        opt=torch.optim.SGD([*on.parameters(),*pred.parameters()],0.05)
        for i in range(4):
            a=torch.randn(6,4); b=a+0.1*torch.randn(6,4)
            loss=2-2*F.cosine_similarity(pred(on(a)),tg(b).detach()).mean()
            opt.zero_grad(); loss.backward(); opt.step()
            with torch.no_grad():
                for p,q in zip(tg.parameters(),on.parameters()): p.mul_(0.9).add_(q,alpha=0.1)
        """,
    "a convolutional network": CNN,
    "updates through .data": """
        w=torch.randn(3,1,requires_grad=True); X=torch.randn(10,3); Y=X@torch.ones(3,1)
        for i in range(5):
            loss=((X@w-Y)**2).mean()
            loss.backward()
            w.data = w.data - 0.1*w.grad
            w.grad = None
        """,
    "test rows scaled as the training rows are": """
        data, target = torch.randn(24, 3) * 2 + 5, torch.randn(24, 1)
        x_train, x_test = data[:16], data[16:]
        mean, deviation = x_train.mean(dim=0), x_train.std(dim=0)
        x_train, x_test = (x_train - mean) / deviation, (x_test - mean) / deviation
        net = nn.Linear(3, 1)
        optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
        for _ in range(3):
            for rows in torch.randperm(16).split(8):
                optimizer.zero_grad()
                F.mse_loss(net(x_train[rows]), target[:16][rows]).backward()
                optimizer.step()
        with torch.no_grad():
            net(x_test)
        """,
    "memory that is filled before it is read": """
        x = torch.empty(5, 3)
        x.normal_()
        pair = torch.empty(2)
        pair[0], pair[1] = 1.0, 2.0
        filled = torch.Tensor(2, 2)
        filled.fill_(3)
        numbers = torch.Tensor([5, 3])
        total = torch.empty(5, 3)
        torch.add(x, 1, out=total)
        y = (x * 2 + total).sum() + pair.sum() + filled.sum() + numbers.sum()
        """,
}
