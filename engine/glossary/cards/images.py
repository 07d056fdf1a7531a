"""Cards of layers for images, rows and volumes. Formulas and shapes: PyTorch's documentation of torch.nn."""

from __future__ import annotations

from ..card import Group, card, grouped

CARDS = grouped(
    Group.IMAGES,
    card(
        "conv",
        ("convolution", "卷积"),
        (
            "A small kernel of weights slides over the image; at each place it adds up what lies beneath it.",
            "一小块权重（卷积核）在图像上滑动，每到一处就把覆盖的数加权求和。",
        ),
        (
            "The same weights are used at every place, so their gradient is the sum over all places. Conv1d slides "
            "along a row, Conv3d through a volume. S is the stride, P the padding on each side; the sums are written "
            "for S = 1, P = 0.",
            "每个位置都用同样的权重，所以权重的梯度是所有位置之和。Conv1d 沿一行滑动，Conv3d 在体积里滑动。S 是步幅，P "
            "是每边的填充；求和公式写的是 S = 1、P = 0 的情形。",
        ),
        formula=("y_{n,o,i,j} = Σ_{c,k,m} w_{o,c,k,m}·x_{n,c,i+k,j+m} + b_o", "H′ = floor((H + 2·P - K)/S) + 1"),
        derivative=(
            "∂C/∂w_{o,c,k,m} = Σ_{n,i,j} ∂C/∂y_{n,o,i,j}·x_{n,c,i+k,j+m}",
            "∂C/∂x_{n,c,r,s} = Σ_{o,k,m} ∂C/∂y_{n,o,r-k,s-m}·w_{o,c,k,m}",
            "∂C/∂b_o = Σ_{n,i,j} ∂C/∂y_{n,o,i,j}",
        ),
        shapes="x [N, in, H, W] → y [N, out, (H+2*P-K)//S+1, (W+2*P-K)//S+1]; w [out, in, K, K], b [out]",
        picture="kernel",
        see="conv_transpose max_pool linear flatten",
        ops="conv1d conv2d conv3d Conv1d Conv2d Conv3d ConvolutionBackward",
        said=("convolution|convolutions|convolutional", "卷积"),
    ),
    card(
        "conv_transpose",
        ("transposed convolution", "转置卷积"),
        (
            "Each number of the input lays a scaled copy of the kernel onto a larger output; overlaps are added.",
            "输入的每个数在更大的输出上放一份按它缩放的卷积核，重叠处相加。",
        ),
        (
            "It is what a convolution does to gradients, used forward to make images larger. The weight is [in, out, "
            "K, K]; the sums are written for S = 1, P = 0.",
            "它就是卷积对梯度所做的事，用在前向来放大图像。权重的形状是 [in, out, K, K]；求和公式写的是 S = 1、P = 0 "
            "的情形。",
        ),
        formula=("y_{n,o,r,s} = Σ_{c,k,m} w_{c,o,k,m}·x_{n,c,r-k,s-m} + b_o",),
        derivative=("∂C/∂x_{n,c,i,j} = Σ_{o,k,m} ∂C/∂y_{n,o,i+k,j+m}·w_{c,o,k,m}",),
        shapes="x [N, in, H, W] → y [N, out, (H-1)*S-2*P+K, (W-1)*S-2*P+K]; w [in, out, K, K], b [out]",
        picture="spread",
        see="conv",
        ops="conv_transpose1d conv_transpose2d conv_transpose3d ConvTranspose1d ConvTranspose2d ConvTranspose3d",
        said=("transposed convolution", "转置卷积"),
    ),
    card(
        "max_pool",
        ("max pooling", "最大池化"),
        ("Keeps the largest number of each window.", "每个窗口只留下最大的数。"),
        (
            "The gradient goes to the winner of each window alone; the others get 0. There are no parameters.",
            "梯度只传给每个窗口里的获胜者，其他位置得到 0。没有参数。",
        ),
        formula=("y_{n,c,i,j} = max(x_{n,c,S·i+k,S·j+m})",),
        derivative=("∂y/∂x = {1 | x = max ; 0 | x < max}",),
        shapes="x [N, C, H, W] → y [N, C, (H-K)//S+1, (W-K)//S+1]",
        picture="pool:max",
        see="avg_pool conv",
        ops="max_pool1d max_pool2d max_pool3d MaxPool1d MaxPool2d MaxPool3d MaxPool2DWithIndicesBackward",
        said=("max pooling|max-pool|max pool", "最大池化"),
    ),
    card(
        "avg_pool",
        ("average pooling", "平均池化"),
        ("Keeps the mean of each window.", "每个窗口只留下平均数。"),
        ("The gradient is shared out equally among the numbers of the window.", "梯度平均分给窗口里的每个数。"),
        formula=("y_{n,c,i,j} = 1/K^2·Σ_{k,m} x_{n,c,S·i+k,S·j+m}",),
        derivative=("∂y/∂x = 1/K^2",),
        shapes="x [N, C, H, W] → y [N, C, (H-K)//S+1, (W-K)//S+1]",
        picture="pool:mean",
        see="max_pool conv",
        ops="avg_pool1d avg_pool2d avg_pool3d AvgPool1d AvgPool2d AvgPool3d AvgPool2DBackward",
        said=("average pooling", "平均池化"),
    ),
)
