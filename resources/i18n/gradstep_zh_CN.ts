<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en_US">
<context>
    <name>AboutDialog</name>
    <message>
        <source>About Gradstep</source>
        <translation>关于 Gradstep</translation>
    </message>
    <message>
        <source>A step-by-step debugger for PyTorch: forward, backward and update, with every number in view.</source>
        <translation>PyTorch 的逐步调试器：前向、反向与更新，每个数都看得见。</translation>
    </message>
    <message>
        <source>Gradstep is free software under the Apache License 2.0.</source>
        <translation>Gradstep 是自由软件，采用 Apache 2.0 许可证。</translation>
    </message>
    <message>
        <source>It uses Qt and PySide6 (LGPL 3), pyqtgraph (MIT), Pygments (BSD), the fonts Inter, JetBrains Mono and STIX Two Math (OFL 1.1) and icons from Lucide (ISC); the texts of these licences are in its resources.</source>
        <translation>它使用了 Qt 与 PySide6（LGPL 3）、pyqtgraph（MIT）、Pygments（BSD）、字体 Inter、JetBrains Mono 和 STIX Two Math（OFL 1.1）以及 Lucide 图标（ISC）；这些许可证的全文在它的 resources 文件夹里。</translation>
    </message>
</context>
<context>
    <name>Actions</name>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
</context>
<context>
    <name>Blank</name>
    <message>
        <source>The screen is blank; press any key</source>
        <translation>屏幕已变黑；按任意键恢复</translation>
    </message>
</context>
<context>
    <name>CallTreeModel</name>
    <message>
        <source>Step</source>
        <translation>步骤</translation>
    </message>
    <message>
        <source>What happened</source>
        <translation>发生了什么</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>What it yielded</source>
        <translation>得到的结果</translation>
    </message>
    <message>
        <source>Time it took, in millionths of a second</source>
        <translation>所用时间，单位为微秒</translation>
    </message>
    <message>
        <source>Euclidean norm of the gradient of C that arrives there</source>
        <translation>到达此处的 C 的梯度的欧几里得范数</translation>
    </message>
    <message>
        <source>events %1 to %2</source>
        <translation>事件 %1 至 %2</translation>
    </message>
    <message>
        <source>set-up</source>
        <translation>准备</translation>
    </message>
    <message>
        <source>iteration %1</source>
        <translation>第 %1 次迭代</translation>
    </message>
</context>
<context>
    <name>CallTreeView</name>
    <message>
        <source>Call tree</source>
        <translation>调用树</translation>
    </message>
</context>
<context>
    <name>Centre</name>
    <message>
        <source>Equation</source>
        <translation>公式</translation>
    </message>
</context>
<context>
    <name>CommandPalette</name>
    <message>
        <source>Command palette</source>
        <translation>命令面板</translation>
    </message>
    <message>
        <source>What do you want to do?</source>
        <translation>想做什么？</translation>
    </message>
    <message>
        <source>Search for a command</source>
        <translation>搜索命令</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>No command is called like this.</source>
        <translation>没有这样的命令。</translation>
    </message>
</context>
<context>
    <name>Console</name>
    <message>
        <source>What the script prints appears here.</source>
        <translation>脚本打印的内容显示在这里。</translation>
    </message>
    <message>
        <source>Output of the script</source>
        <translation>脚本的输出</translation>
    </message>
</context>
<context>
    <name>EquationView</name>
    <message>
        <source>Equation</source>
        <translation>公式</translation>
    </message>
    <message>
        <source>Copy as LaTeX</source>
        <translation>复制为 LaTeX</translation>
    </message>
    <message>
        <source>Copy as text</source>
        <translation>复制为文本</translation>
    </message>
</context>
<context>
    <name>GraphCanvas</name>
    <message>
        <source>Graph of the current iteration</source>
        <translation>当前迭代的计算图</translation>
    </message>
    <message>
        <source>Arranging %1 nodes...</source>
        <translation>正在排列 %1 个节点…</translation>
    </message>
</context>
<context>
    <name>Gutter</name>
    <message>
        <source>Line numbers and breakpoints</source>
        <translation>行号与断点</translation>
    </message>
    <message>
        <source>Click to remove the breakpoint</source>
        <translation>单击移除断点</translation>
    </message>
    <message>
        <source>Click to stop at this line</source>
        <translation>单击后在此行停下</translation>
    </message>
</context>
<context>
    <name>HeatmapPane</name>
    <message>
        <source>Lock range</source>
        <translation>锁定范围</translation>
    </message>
    <message>
        <source>Keep the colour range while stepping, so that only values change colours</source>
        <translation>步进时保持颜色范围，这样只有数值变化才会改变颜色</translation>
    </message>
</context>
<context>
    <name>HeatmapView</name>
    <message>
        <source>Tensor as a heatmap</source>
        <translation>张量热力图</translation>
    </message>
    <message>
        <source>no elements</source>
        <translation>没有元素</translation>
    </message>
</context>
<context>
    <name>IterationPlot</name>
    <message>
        <source>log</source>
        <translation>对数</translation>
    </message>
    <message>
        <source>Logarithmic axis</source>
        <translation>对数坐标轴</translation>
    </message>
    <message>
        <source>Nothing to draw yet.</source>
        <translation>还没有可画的内容。</translation>
    </message>
    <message>
        <source>iteration</source>
        <translation>迭代</translation>
    </message>
</context>
<context>
    <name>IterationStrip</name>
    <message>
        <source>Iterations</source>
        <translation>迭代</translation>
    </message>
    <message>
        <source>iteration %1 of %2</source>
        <translation>第 %1 次迭代，共 %2 次</translation>
    </message>
</context>
<context>
    <name>KeysDialog</name>
    <message>
        <source>Keys</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>Key in the graph</source>
        <translation>计算图中的按键</translation>
    </message>
</context>
<context>
    <name>Legend</name>
    <message>
        <source>Curve %1</source>
        <translation>曲线 %1</translation>
    </message>
    <message>
        <source>Show or hide %1</source>
        <translation>显示或隐藏 %1</translation>
    </message>
</context>
<context>
    <name>LevelBox</name>
    <message>
        <source>iteration</source>
        <translation>迭代</translation>
    </message>
    <message>
        <source>phase</source>
        <translation>阶段</translation>
    </message>
    <message>
        <source>module</source>
        <translation>模块</translation>
    </message>
    <message>
        <source>quantity</source>
        <translation>量</translation>
    </message>
    <message>
        <source>operation</source>
        <translation>运算</translation>
    </message>
    <message>
        <source>autograd node</source>
        <translation>自动微分节点</translation>
    </message>
    <message>
        <source>Level of a step</source>
        <translation>步进粒度</translation>
    </message>
    <message>
        <source>What one step is; the place stays when it changes (Ctrl+Shift+. and Ctrl+Shift+,)</source>
        <translation>一步是多大；改变时位置不变（Ctrl+Shift+. 和 Ctrl+Shift+,）</translation>
    </message>
</context>
<context>
    <name>LossCurve</name>
    <message>
        <source>this run</source>
        <translation>本次运行</translation>
    </message>
    <message>
        <source>Loss over the iterations</source>
        <translation>损失随迭代的变化</translation>
    </message>
    <message>
        <source>The loss appears here after the first iteration.</source>
        <translation>第一次迭代之后，损失显示在这里。</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Stepping</source>
        <translation>步进</translation>
    </message>
    <message>
        <source>My layouts</source>
        <translation>我的布局</translation>
    </message>
    <message>
        <source>Copied as LaTeX.</source>
        <translation>已复制为 LaTeX。</translation>
    </message>
    <message>
        <source>Letters at %1 %.</source>
        <translation>字号 %1 %。</translation>
    </message>
    <message>
        <source>Nothing glides any more.</source>
        <translation>动画已关闭。</translation>
    </message>
    <message>
        <source>The graph glides.</source>
        <translation>动画已打开。</translation>
    </message>
    <message>
        <source>Save this layout</source>
        <translation>保存这个布局</translation>
    </message>
    <message>
        <source>Its name</source>
        <translation>布局名称</translation>
    </message>
    <message>
        <source>Panel</source>
        <translation>面板</translation>
    </message>
    <message>
        <source>Fit, actual size, collapse, expand</source>
        <translation>适应窗口、实际大小、折叠、展开</translation>
    </message>
    <message>
        <source>Select the next card in a direction</source>
        <translation>选择某个方向上的下一张卡片</translation>
    </message>
    <message>
        <source>Alt+arrows</source>
        <translation>Alt+方向键</translation>
    </message>
    <message>
        <source>This layout is of another version; arrange the panels and save it again.</source>
        <translation>这个布局来自另一个版本；请重新排列面板后再保存。</translation>
    </message>
    <message>
        <source>Scripts can still run on the CPU.</source>
        <translation>脚本仍可在 CPU 上运行。</translation>
    </message>
    <message>
        <source>Takes effect when the script is restarted (Ctrl+Shift+F5).</source>
        <translation>重新启动脚本（Ctrl+Shift+F5）后生效。</translation>
    </message>
</context>
<context>
    <name>NoticeBar</name>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
    <message>
        <source>Put away (Esc)</source>
        <translation>收起（Esc）</translation>
    </message>
    <message>
        <source>Put the message away</source>
        <translation>收起这条消息</translation>
    </message>
</context>
<context>
    <name>Opening</name>
    <message>
        <source>There is no file %1.</source>
        <translation>没有文件 %1。</translation>
    </message>
    <message>
        <source>Check its name, or choose one with File, Open.</source>
        <translation>请检查文件名，或用“文件 → 打开”选择一个。</translation>
    </message>
    <message>
        <source>Run a script</source>
        <translation>运行脚本</translation>
    </message>
    <message>
        <source>Python scripts (*.py)</source>
        <translation>Python 脚本 (*.py)</translation>
    </message>
    <message>
        <source>Open a trace</source>
        <translation>打开记录</translation>
    </message>
    <message>
        <source>Gradstep traces (*.gradstep)</source>
        <translation>Gradstep 记录 (*.gradstep)</translation>
    </message>
    <message>
        <source>Save the trace</source>
        <translation>保存记录</translation>
    </message>
    <message>
        <source>Saved as %1.</source>
        <translation>已保存为 %1。</translation>
    </message>
    <message>
        <source>Run this script?

%1

A script is a program: it can do all that you can do here.</source>
        <translation>运行这个脚本吗？

%1

脚本就是程序：你在这台电脑上能做的，它都能做。</translation>
    </message>
</context>
<context>
    <name>PhaseLabel</name>
    <message>
        <source>SET-UP</source>
        <translation>准备</translation>
    </message>
    <message>
        <source>ZERO GRAD</source>
        <translation>梯度清零</translation>
    </message>
    <message>
        <source>▸ FORWARD</source>
        <translation>▸ 前向</translation>
    </message>
    <message>
        <source>◂ BACKWARD</source>
        <translation>◂ 反向</translation>
    </message>
    <message>
        <source>● UPDATE</source>
        <translation>● 更新</translation>
    </message>
    <message>
        <source>AFTERWARDS</source>
        <translation>之后</translation>
    </message>
</context>
<context>
    <name>PlaceTexts</name>
    <message>
        <source>before iteration 0</source>
        <translation>第 0 次迭代之前</translation>
    </message>
    <message>
        <source>all %1 steps done</source>
        <translation>全部 %1 步已完成</translation>
    </message>
    <message>
        <source>step %1 of %2</source>
        <translation>第 %1 步，共 %2 步</translation>
    </message>
    <message>
        <source>step %1</source>
        <translation>第 %1 步</translation>
    </message>
    <message>
        <source>step %1 of %2 so far</source>
        <translation>第 %1 步，目前共 %2 步</translation>
    </message>
    <message>
        <source>Starting Python and torch…</source>
        <translation>正在启动 Python 和 torch…</translation>
    </message>
    <message>
        <source>Running; Space pauses</source>
        <translation>运行中；按空格键暂停</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>The script is over</source>
        <translation>脚本已结束</translation>
    </message>
    <message>
        <source>A recorded run</source>
        <translation>已记录的运行</translation>
    </message>
    <message>
        <source>after %1</source>
        <translation>%1 之后</translation>
    </message>
</context>
<context>
    <name>PreferencesDialog</name>
    <message>
        <source>Preferences</source>
        <translation>首选项</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Nothing glides or flies</source>
        <translation>不使用动画</translation>
    </message>
    <message>
        <source> MiB</source>
        <translation> MiB</translation>
    </message>
    <message>
        <source>Look</source>
        <translation>外观</translation>
    </message>
    <message>
        <source>Recording</source>
        <translation>记录</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Projector</source>
        <translation>投影</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Size of letters</source>
        <translation>字号</translation>
    </message>
    <message>
        <source>Digits in equations</source>
        <translation>公式中的位数</translation>
    </message>
    <message>
        <source>Motion</source>
        <translation>动画</translation>
    </message>
    <message>
        <source>Past this, older iterations keep their steps and statistics and give up their arrays. The trace says which.</source>
        <translation>超过之后，较早的迭代保留步骤与统计量，舍去数组。记录中会注明是哪些。</translation>
    </message>
    <message>
        <source>Arrays that a recording keeps</source>
        <translation>一次记录保留的数组</translation>
    </message>
    <message>
        <source>Key for %1</source>
        <translation>%1 的快捷键</translation>
    </message>
    <message>
        <source>%1 is the key of two actions: %2. Give one of them another.</source>
        <translation>%1 同时是两个操作的快捷键：%2。请给其中一个换一个键。</translation>
    </message>
</context>
<context>
    <name>RunBox</name>
    <message>
        <source>Device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Device of the script&apos;s tensors, from the next start on</source>
        <translation>脚本的张量所在的设备，下次启动时生效</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>随机种子</translation>
    </message>
    <message>
        <source>seed</source>
        <translation>种子</translation>
    </message>
    <message>
        <source>Start of all random generators, from the next start on; empty leaves them alone</source>
        <translation>所有随机数生成器的起点，下次启动时生效；留空则不干预</translation>
    </message>
</context>
<context>
    <name>RunControl</name>
    <message>
        <source>Stopping…</source>
        <translation>正在停止…</translation>
    </message>
    <message>
        <source>Breakpoint reached.</source>
        <translation>到达断点。</translation>
    </message>
    <message>
        <source>The script failed: {0}</source>
        <translation>脚本出错：{0}</translation>
    </message>
    <message>
        <source>All steps up to there are recorded; step back to see what led to it.</source>
        <translation>到那里为止的所有步骤都已记录；后退即可查看原因。</translation>
    </message>
    <message>
        <source>Somebody ended it from outside, or the system did because memory ran out.</source>
        <translation>它被外部终止，或因内存耗尽被系统终止。</translation>
    </message>
    <message>
        <source>The recording is not complete.</source>
        <translation>记录不完整。</translation>
    </message>
    <message>
        <source>It ended itself before its last line.</source>
        <translation>它在最后一行之前自行结束。</translation>
    </message>
</context>
<context>
    <name>RunOptionsDialog</name>
    <message>
        <source>Run options</source>
        <translation>运行选项</translation>
    </message>
    <message>
        <source>Start all random generators from</source>
        <translation>所有随机数生成器的起点</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>随机种子</translation>
    </message>
    <message>
        <source>none, for example: --epochs 3</source>
        <translation>无，例如：--epochs 3</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Script</source>
        <translation>脚本</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Arguments</source>
        <translation>参数</translation>
    </message>
    <message>
        <source>The arguments have a quotation mark that is not closed.</source>
        <translation>参数中有一个引号没有闭合。</translation>
    </message>
</context>
<context>
    <name>SliceBar</name>
    <message>
        <source>axis %1</source>
        <translation>第 %1 轴</translation>
    </message>
</context>
<context>
    <name>SourceView</name>
    <message>
        <source>Source of the script</source>
        <translation>脚本的源代码</translation>
    </message>
    <message>
        <source>The source of the script appears here.</source>
        <translation>脚本的源代码显示在这里。</translation>
    </message>
</context>
<context>
    <name>StatisticsLine</name>
    <message>
        <source>min</source>
        <translation>最小</translation>
    </message>
    <message>
        <source>max</source>
        <translation>最大</translation>
    </message>
    <message>
        <source>mean</source>
        <translation>均值</translation>
    </message>
    <message>
        <source>std</source>
        <translation>标准差</translation>
    </message>
    <message>
        <source>norm</source>
        <translation>范数</translation>
    </message>
    <message>
        <source>zeros</source>
        <translation>零</translation>
    </message>
    <message>
        <source>NaN</source>
        <translation>NaN</translation>
    </message>
    <message>
        <source>inf</source>
        <translation>inf</translation>
    </message>
</context>
<context>
    <name>StepBar</name>
    <message>
        <source>Back</source>
        <translation>后退</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>步骤</translation>
    </message>
</context>
<context>
    <name>TablePane</name>
    <message>
        <source>Significant digits</source>
        <translation>有效位数</translation>
    </message>
    <message>
        <source>First row</source>
        <translation>第一行</translation>
    </message>
    <message>
        <source>First column</source>
        <translation>第一列</translation>
    </message>
    <message>
        <source>from row</source>
        <translation>起始行</translation>
    </message>
    <message>
        <source>from column</source>
        <translation>起始列</translation>
    </message>
    <message>
        <source>digits</source>
        <translation>位数</translation>
    </message>
</context>
<context>
    <name>TensorTable</name>
    <message>
        <source>Tensor as a table</source>
        <translation>张量表格</translation>
    </message>
    <message>
        <source>At most %1 cells can be copied. Select fewer, or export the trace as npz.</source>
        <translation>最多可复制 %1 个单元格。请少选一些，或把记录导出为 npz。</translation>
    </message>
</context>
<context>
    <name>TensorView</name>
    <message>
        <source>Table</source>
        <translation>表格</translation>
    </message>
    <message>
        <source>Heatmap</source>
        <translation>热力图</translation>
    </message>
    <message>
        <source>Select a value to see its numbers.</source>
        <translation>选择一个值即可查看它的数。</translation>
    </message>
    <message>
        <source>scalar</source>
        <translation>标量</translation>
    </message>
</context>
<context>
    <name>Timeline</name>
    <message>
        <source>Steps of the current iteration</source>
        <translation>当前迭代的步骤</translation>
    </message>
    <message>
        <source>No steps yet.</source>
        <translation>还没有步骤。</translation>
    </message>
    <message>
        <source>before the first step</source>
        <translation>第一步之前</translation>
    </message>
    <message>
        <source>step %1 of %2</source>
        <translation>第 %1 步，共 %2 步</translation>
    </message>
    <message>
        <source>forward →</source>
        <translation>前向 →</translation>
    </message>
    <message>
        <source>← backward</source>
        <translation>← 反向</translation>
    </message>
    <message>
        <source>update</source>
        <translation>更新</translation>
    </message>
</context>
<context>
    <name>WatchesModel</name>
    <message>
        <source>Expression</source>
        <translation>表达式</translation>
    </message>
    <message>
        <source>Here</source>
        <translation>此处</translation>
    </message>
    <message>
        <source>norm(dC/dw1) …</source>
        <translation>norm(dC/dw1) …</translation>
    </message>
    <message>
        <source>Type an expression: z1, loss, norm(dC/dw1), hidden.weight.grad.abs().max()</source>
        <translation>输入表达式：z1、loss、norm(dC/dw1)、hidden.weight.grad.abs().max()</translation>
    </message>
</context>
<context>
    <name>WatchesView</name>
    <message>
        <source>Edit</source>
        <translation>编辑</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Plot over the iterations</source>
        <translation>画出随迭代的变化</translation>
    </message>
    <message>
        <source>Close the curve</source>
        <translation>关闭曲线</translation>
    </message>
</context>
<context>
    <name>Watching</name>
    <message>
        <source>%1 over the iterations</source>
        <translation>%1 随迭代的变化</translation>
    </message>
    <message>
        <source>%1 is no single number.</source>
        <translation>%1 不是单个数。</translation>
    </message>
</context>
<context>
    <name>WelcomePage</name>
    <message>
        <source>Gradstep steps through a PyTorch program the way a debugger steps through code. It runs your own script, unmodified, and shows every number: forward, backward and update. Step with F10, step back with Ctrl+F10; nothing is lost on the way.</source>
        <translation>Gradstep 像调试器单步执行代码那样，一步一步走过 PyTorch 程序。它直接运行你自己的脚本，不作改动，并显示每一个数：前向、反向与更新。按 F10 前进，按 Ctrl+F10 后退；途中什么都不会丢失。</translation>
    </message>
    <message>
        <source>Open a script…</source>
        <translation>打开脚本…</translation>
    </message>
    <message>
        <source>Open a trace…</source>
        <translation>打开记录…</translation>
    </message>
    <message>
        <source>or drop a .py or .gradstep file anywhere on this window</source>
        <translation>或把 .py 或 .gradstep 文件拖到这个窗口的任意位置</translation>
    </message>
    <message>
        <source>Examples</source>
        <translation>示例</translation>
    </message>
    <message>
        <source>Opened last</source>
        <translation>最近打开</translation>
    </message>
</context>
<context>
    <name>_Table</name>
    <message>
        <source>Watches</source>
        <translation>监视</translation>
    </message>
</context>
<context>
    <name>actions</name>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>编辑(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Debug</source>
        <translation>调试(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>视图(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
    <message>
        <source>Open script…</source>
        <translation>打开脚本…</translation>
    </message>
    <message>
        <source>Run a Python script and step through it</source>
        <translation>运行 Python 脚本并单步查看</translation>
    </message>
    <message>
        <source>Open trace…</source>
        <translation>打开记录…</translation>
    </message>
    <message>
        <source>Look at a recording; runs no code</source>
        <translation>查看记录；不运行任何代码</translation>
    </message>
    <message>
        <source>Save trace as…</source>
        <translation>记录另存为…</translation>
    </message>
    <message>
        <source>Keep the recording</source>
        <translation>保留这份记录</translation>
    </message>
    <message>
        <source>Start page</source>
        <translation>起始页</translation>
    </message>
    <message>
        <source>Examples, and what this is</source>
        <translation>示例，以及这是什么</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>End the script and close the window</source>
        <translation>结束脚本并关闭窗口</translation>
    </message>
    <message>
        <source>Run options…</source>
        <translation>运行选项…</translation>
    </message>
    <message>
        <source>Device, seed and arguments of the script</source>
        <translation>脚本的设备、随机种子和参数</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Run to the next breakpoint, or pause what runs</source>
        <translation>运行到下一个断点，或暂停正在运行的脚本</translation>
    </message>
    <message>
        <source>Continue backwards</source>
        <translation>反向继续</translation>
    </message>
    <message>
        <source>Back to the breakpoint before</source>
        <translation>回到上一个断点</translation>
    </message>
    <message>
        <source>Step over</source>
        <translation>单步跳过</translation>
    </message>
    <message>
        <source>Finish this step and stop before the next</source>
        <translation>完成这一步，停在下一步之前</translation>
    </message>
    <message>
        <source>Step back</source>
        <translation>后退一步</translation>
    </message>
    <message>
        <source>Undo one step</source>
        <translation>撤回一步</translation>
    </message>
    <message>
        <source>Step into</source>
        <translation>单步进入</translation>
    </message>
    <message>
        <source>The very next event, however small</source>
        <translation>紧接着的下一个事件，无论多小</translation>
    </message>
    <message>
        <source>Step back into</source>
        <translation>后退进入</translation>
    </message>
    <message>
        <source>Undo the very last event, however small</source>
        <translation>撤回最近一个事件，无论多小</translation>
    </message>
    <message>
        <source>Step out</source>
        <translation>单步跳出</translation>
    </message>
    <message>
        <source>Finish the module or phase around this step</source>
        <translation>完成这一步所在的模块或阶段</translation>
    </message>
    <message>
        <source>Step back out</source>
        <translation>后退跳出</translation>
    </message>
    <message>
        <source>Back to where the module or phase begins</source>
        <translation>回到所在模块或阶段的开头</translation>
    </message>
    <message>
        <source>Run to here</source>
        <translation>运行到此处</translation>
    </message>
    <message>
        <source>To the selected step, or to the cursor&apos;s line in the source</source>
        <translation>到选中的步骤，或源代码中光标所在的行</translation>
    </message>
    <message>
        <source>Toggle breakpoint</source>
        <translation>切换断点</translation>
    </message>
    <message>
        <source>Stop each time this line is reached</source>
        <translation>每次到达此行时停下</translation>
    </message>
    <message>
        <source>Restart</source>
        <translation>重新启动</translation>
    </message>
    <message>
        <source>Run the script again from its start</source>
        <translation>从头再次运行脚本</translation>
    </message>
    <message>
        <source>Back to the start</source>
        <translation>回到起点</translation>
    </message>
    <message>
        <source>The first step that was recorded</source>
        <translation>记录的第一步</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>End the script; what was recorded stays</source>
        <translation>结束脚本；已记录的内容保留</translation>
    </message>
    <message>
        <source>Next phase</source>
        <translation>下一阶段</translation>
    </message>
    <message>
        <source>Finish forward, backward or update</source>
        <translation>完成前向、反向或更新</translation>
    </message>
    <message>
        <source>Previous phase</source>
        <translation>上一阶段</translation>
    </message>
    <message>
        <source>Back to where the phase before begins</source>
        <translation>回到上一阶段的开头</translation>
    </message>
    <message>
        <source>Next iteration</source>
        <translation>下一次迭代</translation>
    </message>
    <message>
        <source>The first step of the next iteration</source>
        <translation>下一次迭代的第一步</translation>
    </message>
    <message>
        <source>Previous iteration</source>
        <translation>上一次迭代</translation>
    </message>
    <message>
        <source>The iteration before</source>
        <translation>前一次迭代</translation>
    </message>
    <message>
        <source>Fit the graph</source>
        <translation>计算图适应窗口</translation>
    </message>
    <message>
        <source>Show the whole graph</source>
        <translation>显示整个计算图</translation>
    </message>
    <message>
        <source>Actual size</source>
        <translation>实际大小</translation>
    </message>
    <message>
        <source>The graph at 100 %</source>
        <translation>计算图按 100 % 显示</translation>
    </message>
    <message>
        <source>Collapse module</source>
        <translation>折叠模块</translation>
    </message>
    <message>
        <source>Fold the module around the selected card</source>
        <translation>折叠选中卡片所在的模块</translation>
    </message>
    <message>
        <source>Expand module</source>
        <translation>展开模块</translation>
    </message>
    <message>
        <source>Open the module that is selected</source>
        <translation>展开选中的模块</translation>
    </message>
    <message>
        <source>Finer steps</source>
        <translation>更细的步进</translation>
    </message>
    <message>
        <source>One level down: from quantities to operations</source>
        <translation>细一级：从量到运算</translation>
    </message>
    <message>
        <source>Coarser steps</source>
        <translation>更粗的步进</translation>
    </message>
    <message>
        <source>One level up: from quantities to modules</source>
        <translation>粗一级：从量到模块</translation>
    </message>
    <message>
        <source>Next theme</source>
        <translation>下一个主题</translation>
    </message>
    <message>
        <source>Dark, light, projector</source>
        <translation>深色、浅色、投影</translation>
    </message>
    <message>
        <source>Present</source>
        <translation>演示</translation>
    </message>
    <message>
        <source>Graph and equation only, large, on the whole screen; again or Esc ends it</source>
        <translation>全屏放大显示计算图和公式；再按一次或按 Esc 结束</translation>
    </message>
    <message>
        <source>Reduce motion</source>
        <translation>减少动画</translation>
    </message>
    <message>
        <source>Nothing glides</source>
        <translation>不使用动画</translation>
    </message>
    <message>
        <source>Copy equation as LaTeX</source>
        <translation>把公式复制为 LaTeX</translation>
    </message>
    <message>
        <source>What the equation panel shows</source>
        <translation>公式面板中显示的内容</translation>
    </message>
    <message>
        <source>Command palette…</source>
        <translation>命令面板…</translation>
    </message>
    <message>
        <source>Find any command by its name</source>
        <translation>按名称查找任何命令</translation>
    </message>
    <message>
        <source>Preferences…</source>
        <translation>首选项…</translation>
    </message>
    <message>
        <source>Theme, language, size of letters, digits, keys</source>
        <translation>主题、语言、字号、位数、快捷键</translation>
    </message>
    <message>
        <source>Larger letters</source>
        <translation>放大字号</translation>
    </message>
    <message>
        <source>Make all text larger</source>
        <translation>把所有文字变大</translation>
    </message>
    <message>
        <source>Smaller letters</source>
        <translation>缩小字号</translation>
    </message>
    <message>
        <source>Make all text smaller</source>
        <translation>把所有文字变小</translation>
    </message>
    <message>
        <source>Layout: Learn</source>
        <translation>布局：学习</translation>
    </message>
    <message>
        <source>Few panels, and room for the equation</source>
        <translation>面板较少，给公式留出空间</translation>
    </message>
    <message>
        <source>Layout: Debug</source>
        <translation>布局：调试</translation>
    </message>
    <message>
        <source>Every panel</source>
        <translation>全部面板</translation>
    </message>
    <message>
        <source>Save this layout…</source>
        <translation>保存这个布局…</translation>
    </message>
    <message>
        <source>Keep the present arrangement of the panels under a name</source>
        <translation>用一个名称保存面板当前的排列</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>All keys on one page</source>
        <translation>一页列出全部快捷键</translation>
    </message>
    <message>
        <source>About Gradstep</source>
        <translation>关于 Gradstep</translation>
    </message>
    <message>
        <source>Version and licences</source>
        <translation>版本与许可证</translation>
    </message>
</context>
<context>
    <name>docks</name>
    <message>
        <source>Source</source>
        <translation>源代码</translation>
    </message>
    <message>
        <source>Call tree</source>
        <translation>调用树</translation>
    </message>
    <message>
        <source>Console</source>
        <translation>控制台</translation>
    </message>
    <message>
        <source>Tensor</source>
        <translation>张量</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>Watches</source>
        <translation>监视</translation>
    </message>
</context>
<context>
    <name>equations</name>
    <message>
        <source>next: %1</source>
        <translation>下一步：%1</translation>
    </message>
</context>
<context>
    <name>reporting</name>
    <message>
        <source>A report for the developers is in %1; it holds no numbers of yours.</source>
        <translation>给开发者的报告在 %1；其中没有你的数据。</translation>
    </message>
    <message>
        <source>Please report it with the details.</source>
        <translation>请连同详情一起报告。</translation>
    </message>
    <message>
        <source>Gradstep itself made a mistake; your script is not to blame.</source>
        <translation>这是 Gradstep 自身的错误，与你的脚本无关。</translation>
    </message>
    <message>
        <source>You can go on.</source>
        <translation>你可以继续。</translation>
    </message>
</context>
</TS>
