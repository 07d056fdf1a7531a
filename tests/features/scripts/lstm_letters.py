"""An LSTM cell reads a word letter by letter and guesses the next letter each time."""

import torch
import torch.nn.functional as F
from torch import nn

WORD = "gradient"
LETTERS = sorted(set(WORD))


class Reader(nn.Module):
    def __init__(self, letters, width=5):
        super().__init__()
        self.table = nn.Embedding(letters, 3)
        self.cell = nn.LSTMCell(3, width)
        self.guess = nn.Linear(width, letters)

    def forward(self, codes):
        state, outputs = None, []
        for code in codes:
            state = self.cell(self.table(code.view(1)), state)
            outputs.append(self.guess(state[0]))
        return torch.cat(outputs)


torch.manual_seed(7)
codes = torch.tensor([LETTERS.index(letter) for letter in WORD])
reader = Reader(len(LETTERS))
optimizer = torch.optim.RMSprop(reader.parameters(), lr=0.02)
for _ in range(4):
    reader.train()
    optimizer.zero_grad(set_to_none=False)
    loss = F.cross_entropy(reader(codes[:-1]), codes[1:])
    loss.backward()
    nn.utils.clip_grad_value_(reader.parameters(), 0.1)
    optimizer.step()
    print(repr(loss.item()))
reader.eval()
with torch.no_grad():
    print("".join(LETTERS[i] for i in reader(codes[:-1]).argmax(dim=1)))
