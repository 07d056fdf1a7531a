"""Cards of layers for sequences. Formulas and shapes: PyTorch's documentation of torch.nn."""

from __future__ import annotations

from ..card import Group, card, grouped

CARDS = grouped(
    Group.SEQUENCES,
    card(
        "rnn",
        ("recurrent layer (RNN)", "循环层（RNN）"),
        (
            "Reads a sequence step by step and hands its state h on to the next step; all steps share the weights.",
            "一步一步地读序列，把状态 h 传给下一步；所有时间步共用同样的权重。",
        ),
        (
            "The gradient goes back through every step and is multiplied by w_h and a slope at each: it vanishes or "
            "explodes over long sequences. Each shared weight gets the sum over the steps.",
            "梯度要穿过每个时间步，每步都乘上 w_h 和一个斜率：序列一长就会消失或爆炸。共用的权重得到各步之和。",
        ),
        formula=("h_t = tanh(w_x·x_t + b_x + w_h·h_{t-1} + b_h)",),
        derivative=("∂h_t/∂h_{t-1} = (1 - h_t^2)·w_h",),
        shapes="x [N, in], h [N, hid] → y [N, hid]; w_x [hid, in], w_h [hid, hid], b_x [hid], b_h [hid]",
        picture="rnn",
        see="lstm gru vanishing tanh",
        ops="rnn_tanh rnn_relu rnn_tanh_cell RNN RNNCell",
        said=("recurrent|RNN", "循环神经网络|RNN"),
    ),
    card(
        "lstm",
        ("LSTM", "LSTM"),
        (
            "A recurrent layer with a second state c that is kept, forgotten and written to through gates.",
            "带第二个状态 c 的循环层：c 由各个门决定保留、遗忘和写入。",
        ),
        (
            "On the way back c is only multiplied by the forget gate f, so gradients last much longer than in an RNN. "
            "Each gate has its own weights; PyTorch stacks the four as [4·hid, in], in the order i, f, g, o.",
            "反向时 c 只乘以遗忘门 f，所以梯度比普通 RNN 保持得久得多。每个门有自己的权重；PyTorch 把四份叠成 [4·hid, "
            "in]，次序是 i、f、g、o。",
        ),
        formula=(
            "i = σ(w_i·x + u_i·h + b_i)",
            "f = σ(w_f·x + u_f·h + b_f)",
            "g = tanh(w_g·x + u_g·h + b_g)",
            "o = σ(w_o·x + u_o·h + b_o)",
            "c ← f ⊙ c + i ⊙ g",
            "h ← o ⊙ tanh(c)",
        ),
        derivative=("∂c_t/∂c_{t-1} = f_t", "∂h_t/∂c_t = o_t ⊙ (1 - tanh(c_t)^2)"),
        shapes="x [N, in], h [N, hid], c [N, hid] → h [N, hid], c [N, hid]; w [4*hid, in], u [4*hid, hid], b_x "
        "[4*hid], b_h [4*hid]",
        picture="gates:lstm",
        see="gru rnn vanishing sigmoid tanh",
        ops="lstm lstm_cell LSTM LSTMCell",
        said=("LSTM", "LSTM"),
    ),
    card(
        "gru",
        ("GRU", "GRU"),
        (
            "A recurrent layer with two gates and one state: z says how much of the old state stays.",
            "有两个门、一个状态的循环层：z 决定旧状态留下多少。",
        ),
        (
            "Where z is near 1 the state, and the gradient, pass unchanged. It has three quarters of the weights of an "
            "LSTM.",
            "z 接近 1 时，状态和梯度都原样通过。权重是 LSTM 的四分之三。",
        ),
        formula=(
            "r = σ(w_r·x + u_r·h + b_r)",
            "z = σ(w_z·x + u_z·h + b_z)",
            "n = tanh(w_n·x + b_n + r ⊙ (u_n·h + b_m))",
            "h ← (1 - z) ⊙ n + z ⊙ h",
        ),
        derivative=("∂h/∂n = 1 - z", "∂h/∂z = h_{t-1} - n"),
        shapes="x [N, in], h [N, hid] → h [N, hid]; w [3*hid, in], u [3*hid, hid], b_x [3*hid], b_h [3*hid]",
        picture="gates:gru",
        see="lstm rnn",
        ops="gru gru_cell GRU GRUCell",
        said=("GRU", "GRU"),
    ),
    card(
        "attention",
        ("attention", "注意力"),
        (
            "Each place asks a query, compares it with the keys of all places, and takes the mean of their values "
            "weighted by how well they fit.",
            "每个位置提出一个查询，与所有位置的键比较，再按匹配程度对它们的值加权平均。",
        ),
        (
            "The root of d keeps the scores small, as else softmax saturates. A mask of -∞ hides places that come "
            "later. Several heads do this side by side.",
            "除以 √d 是为了让得分不要太大，否则 softmax 会饱和。掩码 -∞ 用来遮住后面的位置。多个头并排进行。",
        ),
        formula=("s = q·kᵀ/√d", "p_{i,j} = e^(s_{i,j})/(Σ_m e^(s_{i,m}))", "y = p·v"),
        derivative=("∂C/∂v = pᵀ·∂C/∂y", "∂C/∂p = ∂C/∂y·vᵀ", "∂C/∂q = ∂C/∂s·k/√d"),
        shapes="q [L, d], k [S, d], v [S, d] → y [L, d]",
        picture="attention",
        see="softmax linear embedding layer_norm",
        ops="scaled_dot_product_attention multi_head_attention_forward MultiheadAttention",
        said=("attention", "注意力"),
    ),
)
