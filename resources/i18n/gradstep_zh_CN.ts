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
    <message>
        <source>Stop playing</source>
        <translation>停止播放</translation>
    </message>
</context>
<context>
    <name>Answering</name>
    <message>
        <source>Nothing is open.</source>
        <translation>没有打开任何内容。</translation>
    </message>
    <message>
        <source>The answers are shown once the loss of this iteration is.</source>
        <translation>这次迭代的损失出现之后才显示答案。</translation>
    </message>
</context>
<context>
    <name>AnswersPane</name>
    <message>
        <source>Iteration</source>
        <translation>迭代</translation>
    </message>
    <message>
        <source>sample </source>
        <translation>样本 </translation>
    </message>
    <message>
        <source>Sample</source>
        <translation>样本</translation>
    </message>
    <message>
        <source>Show the next sample that is answered wrong</source>
        <translation>显示下一个答错的样本</translation>
    </message>
    <message>
        <source>go there</source>
        <translation>转到</translation>
    </message>
    <message>
        <source>Show this iteration in the whole window</source>
        <translation>让整个窗口显示这次迭代</translation>
    </message>
    <message>
        <source>%1 wrong ›</source>
        <translation>答错 %1 个 ›</translation>
    </message>
</context>
<context>
    <name>Asking</name>
    <message>
        <source>Panel</source>
        <translation>面板</translation>
    </message>
    <message>
        <source>My layouts</source>
        <translation>我的布局</translation>
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
</context>
<context>
    <name>BarsView</name>
    <message>
        <source>Bars</source>
        <translation>条形</translation>
    </message>
    <message>
        <source>row %1</source>
        <translation>第 %1 行</translation>
    </message>
    <message>
        <source>the first %1 of %2</source>
        <translation>%2 个中的前 %1 个</translation>
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
    <name>BranchesModel</name>
    <message>
        <source>the first run</source>
        <translation>第一次运行</translation>
    </message>
    <message>
        <source>level %1</source>
        <translation>第 %1 层</translation>
    </message>
</context>
<context>
    <name>BranchesView</name>
    <message>
        <source>Branches</source>
        <translation>分支</translation>
    </message>
    <message>
        <source>The chosen run beside the one that it comes from</source>
        <translation>选中的运行与它所源自的运行并列</translation>
    </message>
    <message>
        <source>Change one thing and compare: what if?</source>
        <translation>改变一处并比较：如果这样会怎样？</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>What if…</source>
        <translation>如果这样…</translation>
    </message>
    <message>
        <source>Go there</source>
        <translation>转到那里</translation>
    </message>
    <message>
        <source>First difference:</source>
        <translation>第一处不同：</translation>
    </message>
    <message>
        <source>Nothing differs from the run that it comes from.</source>
        <translation>与它所源自的运行没有任何不同。</translation>
    </message>
    <message>
        <source>C ends at %1; in the run that it comes from, at %2.</source>
        <translation>C 最终为 %1；在它所源自的运行中为 %2。</translation>
    </message>
    <message>
        <source>Iteration %1</source>
        <translation>第 %1 次迭代</translation>
    </message>
    <message>
        <source>before</source>
        <translation>之前</translation>
    </message>
    <message>
        <source>now</source>
        <translation>现在</translation>
    </message>
    <message>
        <source>difference</source>
        <translation>差</translation>
    </message>
</context>
<context>
    <name>Branching</name>
    <message>
        <source>Running the script again…</source>
        <translation>正在再次运行脚本…</translation>
    </message>
    <message>
        <source>The run that all others here come from.</source>
        <translation>这里其他所有运行都源自它。</translation>
    </message>
    <message>
        <source>Comparing…</source>
        <translation>正在比较…</translation>
    </message>
    <message>
        <source>The run that this one comes from is not there any more.</source>
        <translation>它所源自的运行已经不在了。</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>已停止。</translation>
    </message>
</context>
<context>
    <name>BreakpointDialog</name>
    <message>
        <source>Breakpoint</source>
        <translation>断点</translation>
    </message>
    <message>
        <source>Enabled</source>
        <translation>启用</translation>
    </message>
    <message>
        <source>stops; with a text it tells it instead: loss is {loss:.3f}</source>
        <translation>停下；若写了文字则只输出它：损失为 {loss:.3f}</translation>
    </message>
    <message>
        <source>from hit</source>
        <translation>从命中</translation>
    </message>
    <message>
        <source>on, 1 in</source>
        <translation>起，每</translation>
    </message>
    <message>
        <source>First hit that counts</source>
        <translation>从第几次命中开始计</translation>
    </message>
    <message>
        <source>One hit in so many counts</source>
        <translation>每多少次命中计一次</translation>
    </message>
    <message>
        <source>Stops when</source>
        <translation>何时停下</translation>
    </message>
    <message>
        <source>Line</source>
        <translation>行</translation>
    </message>
    <message>
        <source>Largest |element|</source>
        <translation>最大的 |元素|</translation>
    </message>
    <message>
        <source>Only if</source>
        <translation>仅当</translation>
    </message>
    <message>
        <source>Counts</source>
        <translation>计数</translation>
    </message>
    <message>
        <source>Tells</source>
        <translation>输出</translation>
    </message>
    <message>
        <source>any; or: %1</source>
        <translation>任意；或：%1</translation>
    </message>
</context>
<context>
    <name>BreakpointsModel</name>
    <message>
        <source>Hit %1 times up to here, %2 times in what is recorded.</source>
        <translation>到此处命中 %1 次，全部记录中命中 %2 次。</translation>
    </message>
</context>
<context>
    <name>BreakpointsView</name>
    <message>
        <source>Breakpoints</source>
        <translation>断点</translation>
    </message>
    <message>
        <source>No breakpoints yet.
F9 sets one at a line; Add offers NaN, gradients and more.</source>
        <translation>还没有断点。
F9 在行上设置断点；“添加”中还有 NaN、梯度等更多种类。</translation>
    </message>
    <message>
        <source>Add…</source>
        <translation>添加…</translation>
    </message>
    <message>
        <source>Edit…</source>
        <translation>编辑…</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Go to the next hit</source>
        <translation>转到下一次命中</translation>
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
        <source>grad norm</source>
        <translation>梯度范数</translation>
    </message>
    <message>
        <source>%1, failed</source>
        <translation>%1，出错</translation>
    </message>
    <message>
        <source>%1, the current step</source>
        <translation>%1，当前步骤</translation>
    </message>
    <message>
        <source>%1, still to come</source>
        <translation>%1，尚未执行</translation>
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
    <message>
        <source>setup</source>
        <translation>准备</translation>
    </message>
    <message>
        <source>zero</source>
        <translation>梯度清零</translation>
    </message>
    <message>
        <source>forward</source>
        <translation>前向</translation>
    </message>
    <message>
        <source>backward</source>
        <translation>反向</translation>
    </message>
    <message>
        <source>update</source>
        <translation>更新</translation>
    </message>
    <message>
        <source>other</source>
        <translation>其他</translation>
    </message>
</context>
<context>
    <name>CallTreePanel</name>
    <message>
        <source>Filter: name, module, error</source>
        <translation>筛选：名称、模块、错误</translation>
    </message>
    <message>
        <source>Filter events</source>
        <translation>筛选事件</translation>
    </message>
    <message>
        <source>Events that fit</source>
        <translation>符合的事件</translation>
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
    <name>CardView</name>
    <message>
        <source>Formula</source>
        <translation>公式</translation>
    </message>
    <message>
        <source>Local derivative</source>
        <translation>局部导数</translation>
    </message>
    <message>
        <source>Picture: %1</source>
        <translation>图：%1</translation>
    </message>
    <message>
        <source>Shapes</source>
        <translation>形状</translation>
    </message>
    <message>
        <source>In PyTorch</source>
        <translation>在 PyTorch 中</translation>
    </message>
    <message>
        <source>See also</source>
        <translation>另见</translation>
    </message>
    <message>
        <source>Often believed: %1</source>
        <translation>常见误解：%1</translation>
    </message>
    <message>
        <source>What is so: %1</source>
        <translation>实际上：%1</translation>
    </message>
</context>
<context>
    <name>Centre</name>
    <message>
        <source>Module calls around this step</source>
        <translation>这一步所在的模块调用</translation>
    </message>
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
    <name>ConsolePanel</name>
    <message>
        <source>Filter lines</source>
        <translation>筛选行</translation>
    </message>
    <message>
        <source>Filter the output</source>
        <translation>筛选输出</translation>
    </message>
    <message>
        <source>1 line</source>
        <translation>1 行</translation>
    </message>
    <message>
        <source>%1 lines</source>
        <translation>%1 行</translation>
    </message>
</context>
<context>
    <name>DemoStopDialog</name>
    <message>
        <source>Stop of the demo</source>
        <translation>演示的停靠点</translation>
    </message>
    <message>
        <source>Shown large while presenting</source>
        <translation>演示时放大显示</translation>
    </message>
    <message>
        <source>For the class; may be empty</source>
        <translation>给全班看；可以留空</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Question</source>
        <translation>问题</translation>
    </message>
</context>
<context>
    <name>DemoStopsModel</name>
    <message>
        <source>without a note</source>
        <translation>没有备注</translation>
    </message>
    <message>
        <source>before iteration 1</source>
        <translation>第 1 次迭代之前</translation>
    </message>
    <message>
        <source>iteration %1</source>
        <translation>第 %1 次迭代</translation>
    </message>
</context>
<context>
    <name>DemoView</name>
    <message>
        <source>A demo is a list of places to show. Go to the first, and add it.</source>
        <translation>演示是一串要展示的位置。请走到第一个位置并添加它。</translation>
    </message>
    <message>
        <source>Stops of the demo</source>
        <translation>演示的停靠点</translation>
    </message>
    <message>
        <source>Add stop</source>
        <translation>添加停靠点</translation>
    </message>
    <message>
        <source>Open…</source>
        <translation>打开…</translation>
    </message>
    <message>
        <source>Save as…</source>
        <translation>另存为…</translation>
    </message>
    <message>
        <source>Edit the note</source>
        <translation>编辑备注</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Earlier</source>
        <translation>提前</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>推后</translation>
    </message>
</context>
<context>
    <name>Demonstrating</name>
    <message>
        <source>A demo has at most %1 stops.</source>
        <translation>一个演示最多有 %1 个停靠点。</translation>
    </message>
    <message>
        <source>Stop %1 of the demo.</source>
        <translation>演示的停靠点 %1。</translation>
    </message>
    <message>
        <source>Save the trace, and the demo is saved with it.</source>
        <translation>保存记录时，演示会一并保存。</translation>
    </message>
    <message>
        <source>That was the last stop.</source>
        <translation>这已是最后一个停靠点。</translation>
    </message>
    <message>
        <source>This is the first stop.</source>
        <translation>这是第一个停靠点。</translation>
    </message>
    <message>
        <source>Go to a stop</source>
        <translation>转到停靠点</translation>
    </message>
    <message>
        <source>Number of the stop, 1 to %1</source>
        <translation>停靠点的编号，1 到 %1</translation>
    </message>
    <message>
        <source>Stop %1 lies beyond what is recorded so far; Continue (F5) gets there.</source>
        <translation>停靠点 %1 在目前的记录之后；“继续”（F5）可以到达那里。</translation>
    </message>
    <message>
        <source>Stop %1 of %2.</source>
        <translation>停靠点 %1，共 %2 个。</translation>
    </message>
    <message>
        <source>There is no demo yet; Add stop to demo begins one.</source>
        <translation>还没有演示；“添加停靠点到演示”会开始一个。</translation>
    </message>
    <message>
        <source>Open a demo</source>
        <translation>打开演示</translation>
    </message>
    <message>
        <source>Save the demo</source>
        <translation>保存演示</translation>
    </message>
    <message>
        <source>Saved as %1.</source>
        <translation>已保存为 %1。</translation>
    </message>
    <message>
        <source>Demos of Gradstep (*.demo.json *.json)</source>
        <translation>Gradstep 演示 (*.demo.json *.json)</translation>
    </message>
</context>
<context>
    <name>EditValueDialog</name>
    <message>
        <source>Edit value</source>
        <translation>修改值</translation>
    </message>
    <message>
        <source>w1, a1[0, 2], dC/dz1, lr</source>
        <translation>w1、a1[0, 2]、dC/dz1、lr</translation>
    </message>
    <message>
        <source>a number, [[1, 2], [3, 4]], or w1 * 2</source>
        <translation>一个数、[[1, 2], [3, 4]] 或 w1 * 2</translation>
    </message>
    <message>
        <source>Its gradient goes on to what made it</source>
        <translation>它的梯度继续传给产生它的部分</translation>
    </message>
    <message>
        <source>It is a constant: what made it gets no gradient from it</source>
        <translation>把它当作常数：产生它的部分得不到来自它的梯度</translation>
    </message>
    <message>
        <source>The script is held here and goes on with the new value.</source>
        <translation>脚本停在这里，并将带着新值继续。</translation>
    </message>
    <message>
        <source>This step is over. The script is run again up to where the value can be changed, as a branch; that runs its code.</source>
        <translation>这一步已经过去。脚本将作为一个分支再次运行到可以修改该值的地方；这会运行它的代码。</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>修改</translation>
    </message>
    <message>
        <source>Run a branch</source>
        <translation>运行分支</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>New</source>
        <translation>新值</translation>
    </message>
    <message>
        <source>If an operation made it</source>
        <translation>如果它由运算得出</translation>
    </message>
</context>
<context>
    <name>EquationPanel</name>
    <message>
        <source>symbols = numbers</source>
        <translation>符号 = 数值</translation>
    </message>
    <message>
        <source>symbols only</source>
        <translation>只看符号</translation>
    </message>
    <message>
        <source>numbers only</source>
        <translation>只看数值</translation>
    </message>
    <message>
        <source>Show symbols, numbers or both</source>
        <translation>显示符号、数字或两者</translation>
    </message>
    <message>
        <source>What an equation shows: symbols, the numbers put in, or one after the other</source>
        <translation>等式显示什么：符号、代入的数值，或两者依次显示</translation>
    </message>
    <message>
        <source>Significant digits</source>
        <translation>有效数字位数</translation>
    </message>
    <message>
        <source>How many significant digits numbers have in equations</source>
        <translation>等式中的数保留几位有效数字</translation>
    </message>
    <message>
        <source>digits</source>
        <translation>位</translation>
    </message>
    <message>
        <source>Chain rule</source>
        <translation>链式法则</translation>
    </message>
    <message>
        <source>Matrices</source>
        <translation>矩阵</translation>
    </message>
    <message>
        <source>Autograd: grad_fn and what it keeps</source>
        <translation>自动微分：grad_fn 与它保存的值</translation>
    </message>
    <message>
        <source>What else is shown, and copying</source>
        <translation>还显示什么，以及复制</translation>
    </message>
    <message>
        <source>More of the equation</source>
        <translation>公式的更多内容</translation>
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
        <source>Copy as Python</source>
        <translation>复制为 Python</translation>
    </message>
    <message>
        <source>Copy as text</source>
        <translation>复制为文本</translation>
    </message>
    <message>
        <source>What is this?</source>
        <translation>这是什么？</translation>
    </message>
</context>
<context>
    <name>EventMatchesModel</name>
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
    <name>FindBar</name>
    <message>
        <source>Find</source>
        <translation>查找</translation>
    </message>
    <message>
        <source>Text to find</source>
        <translation>要查找的文字</translation>
    </message>
    <message>
        <source>Previous (Shift+Return)</source>
        <translation>上一个（Shift+回车）</translation>
    </message>
    <message>
        <source>Next (Return)</source>
        <translation>下一个（回车）</translation>
    </message>
    <message>
        <source>not found</source>
        <translation>未找到</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
</context>
<context>
    <name>Finding</name>
    <message>
        <source>Looking for mistakes…</source>
        <translation>正在查找错误…</translation>
    </message>
    <message>
        <source>%1 findings in %2 iterations.</source>
        <translation>%2 次迭代中有 %1 个发现。</translation>
    </message>
    <message>
        <source>1 finding in %2 iterations.</source>
        <translation>%2 次迭代中有 1 个发现。</translation>
    </message>
    <message>
        <source>No mistakes seen in %2 iterations.</source>
        <translation>%2 次迭代中没有看到错误。</translation>
    </message>
    <message>
        <source>Of a long run its beginning and its end are looked at.</source>
        <translation>很长的运行只检查开头和结尾。</translation>
    </message>
    <message>
        <source>Looking for mistakes… %1 of %2 rules</source>
        <translation>正在查找错误… 规则 %1 / %2</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>已停止。</translation>
    </message>
</context>
<context>
    <name>FindingsModel</name>
    <message>
        <source>certain</source>
        <translation>确定</translation>
    </message>
    <message>
        <source>likely</source>
        <translation>很可能</translation>
    </message>
    <message>
        <source>maybe</source>
        <translation>可能</translation>
    </message>
</context>
<context>
    <name>FindingsView</name>
    <message>
        <source>Findings</source>
        <translation>发现</translation>
    </message>
    <message>
        <source>About this finding</source>
        <translation>关于这个发现</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>重新检查</translation>
    </message>
    <message>
        <source>Try:</source>
        <translation>可以试试：</translation>
    </message>
    <message>
        <source>What if:</source>
        <translation>如果：</translation>
    </message>
    <message>
        <source>Proved by:</source>
        <translation>证据：</translation>
    </message>
    <message>
        <source>Run the script again with %1</source>
        <translation>带着 %1 再次运行脚本</translation>
    </message>
    <message>
        <source>line %1</source>
        <translation>第 %1 行</translation>
    </message>
</context>
<context>
    <name>GlossaryWindow</name>
    <message>
        <source>Glossary</source>
        <translation>术语表</translation>
    </message>
    <message>
        <source>Search: a word, an operation, a layer</source>
        <translation>查找：一个词、一个运算、一个层</translation>
    </message>
    <message>
        <source>Search the glossary</source>
        <translation>在术语表中查找</translation>
    </message>
    <message>
        <source>Words</source>
        <translation>词条</translation>
    </message>
    <message>
        <source>Nothing is called so.</source>
        <translation>没有这样的词条。</translation>
    </message>
    <message>
        <source>Back to the card before (Alt+Left)</source>
        <translation>回到前一张卡片（Alt+Left）</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
</context>
<context>
    <name>GraphCanvas</name>
    <message>
        <source>Graph of the current iteration</source>
        <translation>当前迭代的计算图</translation>
    </message>
    <message>
        <source>Unlike the iteration before: %1 new, %2 gone</source>
        <translation>与上一次迭代不同：新增 %1 个，消失 %2 个</translation>
    </message>
    <message>
        <source>Cards with a + were not there in the iteration before; those that only it had are gone.</source>
        <translation>带 + 的卡片在上一次迭代中没有；只在上一次迭代中有的卡片消失了。</translation>
    </message>
</context>
<context>
    <name>Gutter</name>
    <message>
        <source>Line numbers and breakpoints</source>
        <translation>行号与断点</translation>
    </message>
    <message>
        <source>Click to remove the breakpoint, right-click to change it</source>
        <translation>单击移除断点，右键单击修改</translation>
    </message>
    <message>
        <source>Click to stop at this line, right-click for a condition</source>
        <translation>单击后在此行停下，右键单击设置条件</translation>
    </message>
</context>
<context>
    <name>HandingOut</name>
    <message>
        <source>PDF (*.pdf)</source>
        <translation>PDF (*.pdf)</translation>
    </message>
    <message>
        <source>Web page (*.html *.htm)</source>
        <translation>网页 (*.html *.htm)</translation>
    </message>
    <message>
        <source>Save the handout</source>
        <translation>保存讲义</translation>
    </message>
    <message>
        <source>Saved as %1.</source>
        <translation>已保存为 %1。</translation>
    </message>
    <message>
        <source>Saved as %1, and beside it %2 to replay it.</source>
        <translation>已保存为 %1，旁边的 %2 用于重放。</translation>
    </message>
</context>
<context>
    <name>HandoutDialog</name>
    <message>
        <source>Export handout</source>
        <translation>导出讲义</translation>
    </message>
    <message>
        <source>0: everything is worked out</source>
        <translation>0：全部写出</translation>
    </message>
    <message>
        <source>1: a quarter of the values is blank</source>
        <translation>1：四分之一的值留空</translation>
    </message>
    <message>
        <source>2: half of the values are blank</source>
        <translation>2：一半的值留空</translation>
    </message>
    <message>
        <source>3: all values, and the numbers in formulas, are blank</source>
        <translation>3：所有值和公式中的数都留空</translation>
    </message>
    <message>
        <source>4: formulas are blank too</source>
        <translation>4：公式也留空</translation>
    </message>
    <message>
        <source>Another seed blanks other values; the same seed the same ones</source>
        <translation>换一个种子，留空的值就不同；种子相同，留空也相同</translation>
    </message>
    <message>
        <source>Answer sheet, on pages of its own</source>
        <translation>答案，单独成页</translation>
    </message>
    <message>
        <source>The recorded run beside it, to replay it</source>
        <translation>旁边附上记录的运行，用于重放</translation>
    </message>
    <message>
        <source>Save as…</source>
        <translation>另存为…</translation>
    </message>
    <message>
        <source>Blanks</source>
        <translation>留空</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>随机种子</translation>
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
    <name>HintBar</name>
    <message>
        <source>Got it</source>
        <translation>知道了</translation>
    </message>
    <message>
        <source>No more hints</source>
        <translation>不再提示</translation>
    </message>
</context>
<context>
    <name>HistogramPane</name>
    <message>
        <source>log</source>
        <translation>对数</translation>
    </message>
    <message>
        <source>Counts on a logarithmic axis</source>
        <translation>计数用对数坐标轴</translation>
    </message>
    <message>
        <source>Logarithmic counts</source>
        <translation>对数计数</translation>
    </message>
    <message>
        <source>Counting…</source>
        <translation>正在计数…</translation>
    </message>
    <message>
        <source>a sample of %1 of %2</source>
        <translation>%2 个中抽取 %1 个</translation>
    </message>
    <message>
        <source>without %1 NaN, %2 inf</source>
        <translation>不含 %1 个 NaN、%2 个 inf</translation>
    </message>
</context>
<context>
    <name>HistogramView</name>
    <message>
        <source>Histogram</source>
        <translation>直方图</translation>
    </message>
    <message>
        <source>No number is finite.</source>
        <translation>没有有限的数。</translation>
    </message>
    <message>
        <source>no elements</source>
        <translation>没有元素</translation>
    </message>
</context>
<context>
    <name>ImagesPane</name>
    <message>
        <source>No pictures: this needs three axes, or rows whose length is a square, as 784.</source>
        <translation>没有图片：需要三个轴，或长度为平方数（如 784）的行。</translation>
    </message>
    <message>
        <source>from </source>
        <translation>从 </translation>
    </message>
    <message>
        <source>First picture</source>
        <translation>第一张图</translation>
    </message>
    <message>
        <source>each its range</source>
        <translation>各自的范围</translation>
    </message>
    <message>
        <source>Colour every picture by its own smallest and largest number</source>
        <translation>每张图按自己的最小值和最大值着色</translation>
    </message>
</context>
<context>
    <name>ImagesView</name>
    <message>
        <source>Tensor as pictures</source>
        <translation>把张量显示为图片</translation>
    </message>
</context>
<context>
    <name>InputLine</name>
    <message>
        <source>Input: Enter sends it, Ctrl+D ends it</source>
        <translation>输入：回车发送，Ctrl+D 结束</translation>
    </message>
    <message>
        <source>Input of the script</source>
        <translation>脚本的输入</translation>
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
    <message>
        <source>epoch %1</source>
        <translation>第 %1 轮</translation>
    </message>
    <message>
        <source>iteration %1</source>
        <translation>第 %1 次迭代</translation>
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
    <name>Learning</name>
    <message>
        <source>The lesson&apos;s scripts are being run; this takes a few seconds.</source>
        <translation>正在运行本课的脚本；需要几秒钟。</translation>
    </message>
    <message>
        <source>The script of this part is being run.</source>
        <translation>正在运行这一部分的脚本。</translation>
    </message>
</context>
<context>
    <name>Ledger</name>
    <message>
        <source>change</source>
        <translation>变化</translation>
    </message>
    <message>
        <source>%1 × gradient</source>
        <translation>%1 × 梯度</translation>
    </message>
    <message>
        <source>gradient</source>
        <translation>梯度</translation>
    </message>
    <message>
        <source>old %1</source>
        <translation>旧 %1</translation>
    </message>
    <message>
        <source>new %1</source>
        <translation>新 %1</translation>
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
    <name>LessonView</name>
    <message>
        <source>Text of the lesson</source>
        <translation>课文</translation>
    </message>
    <message>
        <source>Your answer</source>
        <translation>你的回答</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>上一处</translation>
    </message>
    <message>
        <source>Start again</source>
        <translation>重新开始</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>%1: %2 of %3</source>
        <translation>%1：%2 / %3</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>作答</translation>
    </message>
    <message>
        <source>Finish</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>This could not be understood: %1.</source>
        <translation>无法理解：%1。</translation>
    </message>
    <message>
        <source>%1 of %2 right</source>
        <translation>答对 %1 题，共 %2 题</translation>
    </message>
    <message>
        <source>Often believed: %1</source>
        <translation>常见误解：%1</translation>
    </message>
    <message>
        <source>What you predicted, and what happened</source>
        <translation>你的预测与实际结果</translation>
    </message>
    <message>
        <source>Your answers stay on this machine, in %1.</source>
        <translation>你的答案只留在这台机器上：%1。</translation>
    </message>
    <message>
        <source>no answer</source>
        <translation>未作答</translation>
    </message>
    <message>
        <source>You said: %1</source>
        <translation>你的回答：%1</translation>
    </message>
    <message>
        <source>Right.</source>
        <translation>对。</translation>
    </message>
    <message>
        <source>Not quite.</source>
        <translation>不对。</translation>
    </message>
    <message>
        <source>It is %1.</source>
        <translation>答案是 %1。</translation>
    </message>
    <message>
        <source>Worth another look:</source>
        <translation>值得再想一想：</translation>
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
        <source>aten call</source>
        <translation>aten 调用</translation>
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
    <name>Listing</name>
    <message>
        <source>%1 events</source>
        <translation>%1 个事件</translation>
    </message>
    <message>
        <source>the first %1 events</source>
        <translation>前 %1 个事件</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
</context>
<context>
    <name>LookingUp</name>
    <message>
        <source>What is this? %1</source>
        <translation>这是什么？%1</translation>
    </message>
</context>
<context>
    <name>Looks</name>
    <message>
        <source>My layouts</source>
        <translation>我的布局</translation>
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
        <source>This layout is of another version; arrange the panels and save it again.</source>
        <translation>这个布局来自另一个版本；请重新排列面板后再保存。</translation>
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
    <message>
        <source>%1, line %2</source>
        <translation>%1，第 %2 行</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Stepping</source>
        <translation>步进</translation>
    </message>
    <message>
        <source>Copied as LaTeX.</source>
        <translation>已复制为 LaTeX。</translation>
    </message>
    <message>
        <source>Copied as Python.</source>
        <translation>已复制为 Python。</translation>
    </message>
</context>
<context>
    <name>Minimap</name>
    <message>
        <source>Overview of the graph</source>
        <translation>计算图总览</translation>
    </message>
</context>
<context>
    <name>Naming</name>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Shape</source>
        <translation>形状</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>Parameter</source>
        <translation>参数</translation>
    </message>
    <message>
        <source>Norm</source>
        <translation>范数</translation>
    </message>
    <message>
        <source>Optimizer</source>
        <translation>优化器</translation>
    </message>
    <message>
        <source>Variables</source>
        <translation>变量</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>参数</translation>
    </message>
</context>
<context>
    <name>NeuronView</name>
    <message>
        <source>Neurons of the current iteration</source>
        <translation>当前迭代的神经元</translation>
    </message>
    <message>
        <source>sample %1 of %2</source>
        <translation>样本 %1/%2</translation>
    </message>
    <message>
        <source>⋮ %1 more</source>
        <translation>⋮ 另有 %1 个</translation>
    </message>
</context>
<context>
    <name>NoticeBar</name>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy the message and its details</source>
        <translation>复制消息及其详情</translation>
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
        <source>%1 is open in another window.</source>
        <translation>%1 已在另一个窗口中打开。</translation>
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
    <message>
        <source>Open a lesson&apos;s folder</source>
        <translation>打开课程文件夹</translation>
    </message>
</context>
<context>
    <name>OverTimePane</name>
    <message>
        <source>chosen element</source>
        <translation>选中的元素</translation>
    </message>
    <message>
        <source>Follow the element that is chosen, instead of norm, mean and extremes</source>
        <translation>跟踪选中的元素，而不是范数、均值和极值</translation>
    </message>
    <message>
        <source>%1 over the iterations</source>
        <translation>%1 随迭代的变化</translation>
    </message>
    <message>
        <source>Looking through the iterations…</source>
        <translation>正在查看各次迭代…</translation>
    </message>
    <message>
        <source>No iteration has numbers of it.</source>
        <translation>没有哪次迭代有它的数。</translation>
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
        <source>min</source>
        <translation>最小</translation>
    </message>
    <message>
        <source>norm</source>
        <translation>范数</translation>
    </message>
    <message>
        <source>every %1th iteration</source>
        <translation>每 %1 次迭代</translation>
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
        <source>before iteration 1</source>
        <translation>第 1 次迭代之前</translation>
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
        <source>The script waits for input: answer it in the console</source>
        <translation>脚本在等待输入：请在控制台中作答</translation>
    </message>
    <message>
        <source>after %1</source>
        <translation>%1 之后</translation>
    </message>
    <message>
        <source>%1 of %2 calls in %3, next %4</source>
        <translation>%3 中 %2 次调用的第 %1 次，接下来是 %4</translation>
    </message>
</context>
<context>
    <name>PlainPlot</name>
    <message>
        <source>Plot</source>
        <translation>图表</translation>
    </message>
</context>
<context>
    <name>PlainTreeView</name>
    <message>
        <source>Watch</source>
        <translation>监视</translation>
    </message>
</context>
<context>
    <name>PlotsPanel</name>
    <message>
        <source>Plot</source>
        <translation>图表</translation>
    </message>
    <message>
        <source>Which plot is shown</source>
        <translation>显示哪个图表</translation>
    </message>
    <message>
        <source>Save this plot as a picture…</source>
        <translation>把这张图存成图片…</translation>
    </message>
</context>
<context>
    <name>Plotting</name>
    <message>
        <source>+ run</source>
        <translation>+ 运行</translation>
    </message>
    <message>
        <source>Lay the loss of other traces over this one, as of another optimizer</source>
        <translation>把其他记录（例如另一种优化器）的损失叠加在这条曲线上</translation>
    </message>
    <message>
        <source>Take the other traces away</source>
        <translation>移除其他记录</translation>
    </message>
    <message>
        <source>Loss C</source>
        <translation>损失 C</translation>
    </message>
    <message>
        <source>Loss surface over two parameters</source>
        <translation>两个参数上的损失曲面</translation>
    </message>
    <message>
        <source>Probabilities of the classes</source>
        <translation>各类别的概率</translation>
    </message>
    <message>
        <source>Decision regions of two inputs</source>
        <translation>两个输入的决策区域</translation>
    </message>
    <message>
        <source>Save this plot</source>
        <translation>保存这张图</translation>
    </message>
    <message>
        <source>Pictures (*.png)</source>
        <translation>图片 (*.png)</translation>
    </message>
    <message>
        <source>Traces to compare with</source>
        <translation>要比较的记录</translation>
    </message>
    <message>
        <source>Traces (*.gradstep)</source>
        <translation>记录 (*.gradstep)</translation>
    </message>
    <message>
        <source>Looking through the iterations…</source>
        <translation>正在查看各次迭代…</translation>
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
        <source>Safe for red-green blind eyes: blue and yellow</source>
        <translation>红绿色盲也能分辨：蓝与黄</translation>
    </message>
    <message>
        <source> MiB</source>
        <translation> MiB</translation>
    </message>
    <message>
        <source>Gradstep&apos;s own</source>
        <translation>Gradstep 自带的</translation>
    </message>
    <message>
        <source>Look</source>
        <translation>外观</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>运行</translation>
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
        <source>Colours of numbers</source>
        <translation>数值的颜色</translation>
    </message>
    <message>
        <source>Past this, older iterations keep their steps and statistics and give up their arrays. The trace says which.</source>
        <translation>超过之后，较早的迭代保留步骤与统计量，舍去数组。记录中会注明是哪些。</translation>
    </message>
    <message>
        <source>A script that has a Python of its own in its run options keeps it.</source>
        <translation>在运行选项中另有 Python 的脚本仍用它自己的。</translation>
    </message>
    <message>
        <source>Python that scripts run in</source>
        <translation>运行脚本的 Python</translation>
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
    <name>ProbabilityBars</name>
    <message>
        <source>Probabilities</source>
        <translation>概率</translation>
    </message>
    <message>
        <source>class %1: %2 on average, %3 % of %4 right</source>
        <translation>类别 %1：平均 %2，%4 个中 %3 % 正确</translation>
    </message>
    <message>
        <source>what the right class got, by class</source>
        <translation>各类别的样本给正确类别的概率</translation>
    </message>
    <message>
        <source>sample %1, right is class %2</source>
        <translation>样本 %1，正确类别为 %2</translation>
    </message>
</context>
<context>
    <name>PythonBox</name>
    <message>
        <source>Path of a Python</source>
        <translation>Python 的路径</translation>
    </message>
    <message>
        <source>Browse…</source>
        <translation>浏览…</translation>
    </message>
    <message>
        <source>Choose a Python</source>
        <translation>选择 Python</translation>
    </message>
</context>
<context>
    <name>RegionsPlot</name>
    <message>
        <source>Decision regions</source>
        <translation>决策区域</translation>
    </message>
    <message>
        <source>%1 of %2 samples on the right side</source>
        <translation>%2 个样本中有 %1 个在正确的一侧</translation>
    </message>
</context>
<context>
    <name>RepeatHeader</name>
    <message>
        <source>time step %1 of %2</source>
        <translation>第 %1 个时间步，共 %2 个</translation>
    </message>
    <message>
        <source>pass %1 of %2</source>
        <translation>第 %1 遍，共 %2 遍</translation>
    </message>
    <message>
        <source>block %1 of %2</source>
        <translation>第 %1 块，共 %2 块</translation>
    </message>
</context>
<context>
    <name>RowsMap</name>
    <message>
        <source>Epoch %1: %2 of %3 rows seen, %4 more than once, %5 never.</source>
        <translation>第 %1 轮：%3 行中看过 %2 行，%4 行不止一次，%5 行从未看过。</translation>
    </message>
    <message>
        <source>Parts: %1.</source>
        <translation>各部分：%1。</translation>
    </message>
    <message>
        <source>%1 and %2 share %3 rows.</source>
        <translation>%1 和 %2 有 %3 行相同。</translation>
    </message>
    <message>
        <source>The batch of iteration %1 is rows %2.</source>
        <translation>第 %1 次迭代的批次是这些行：%2。</translation>
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
    <name>RunChoices</name>
    <message>
        <source>Takes effect when the script is restarted (Ctrl+Shift+F5).</source>
        <translation>重新启动脚本（Ctrl+Shift+F5）后生效。</translation>
    </message>
</context>
<context>
    <name>RunControl</name>
    <message>
        <source>Stopping…</source>
        <translation>正在停止…</translation>
    </message>
    <message>
        <source>… and %1 characters more, which are not kept.</source>
        <translation>……另有 %1 个字符未保留。</translation>
    </message>
    <message>
        <source>Pausing: the script stops before its next operation.</source>
        <translation>正在暂停：脚本会停在下一个运算之前。</translation>
    </message>
    <message>
        <source>This run was recorded without aten calls; the run options ask for them.</source>
        <translation>这次运行没有记录 aten 调用；可在运行选项中要求记录。</translation>
    </message>
    <message>
        <source>Still in or between operations that take long: the script stops at the next. Stop ends it.</source>
        <translation>仍在耗时的运算之中或之间：脚本会停在下一个运算处。按“停止”结束它。</translation>
    </message>
</context>
<context>
    <name>RunOptionsDialog</name>
    <message>
        <source>Run options</source>
        <translation>运行选项</translation>
    </message>
    <message>
        <source>Gradstep&apos;s own Python, or the path of another one</source>
        <translation>Gradstep 自带的 Python，或另一个 Python 的路径</translation>
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
        <source>the script&apos;s folder</source>
        <translation>脚本所在的文件夹</translation>
    </message>
    <message>
        <source>none, for example: LEVEL=2 THREADS=1</source>
        <translation>无，例如：LEVEL=2 THREADS=1</translation>
    </message>
    <message>
        <source>none, for example: 60s, 5m or 2h</source>
        <translation>无，例如：60s、5m 或 2h</translation>
    </message>
    <message>
        <source>The script is ended when it has run so long; stops do not count.</source>
        <translation>脚本运行这么久之后会被结束；停住的时间不算。</translation>
    </message>
    <message>
        <source>Record what torch calls inside each operation (aten)</source>
        <translation>记录 torch 在每个运算内部的调用（aten）</translation>
    </message>
    <message>
        <source>This costs time, and torch may compute a little differently: the last bits of prod, masked.prod, ormqr and LinearCrossEntropyLoss can change.</source>
        <translation>这会花费时间，而且 torch 的计算可能略有不同：prod、masked.prod、ormqr 和 LinearCrossEntropyLoss 的末尾几位可能改变。</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Browse…</source>
        <translation>浏览…</translation>
    </message>
    <message>
        <source>Script</source>
        <translation>脚本</translation>
    </message>
    <message>
        <source>Python</source>
        <translation>Python</translation>
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
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Environment</source>
        <translation>环境变量</translation>
    </message>
    <message>
        <source>Time limit</source>
        <translation>时限</translation>
    </message>
    <message>
        <source>The arguments or the environment have a quotation mark that is not closed.</source>
        <translation>参数或环境变量中有一个引号没有闭合。</translation>
    </message>
    <message>
        <source>There is no folder %1.</source>
        <translation>没有文件夹 %1。</translation>
    </message>
    <message>
        <source>Choose the folder to run in</source>
        <translation>选择运行时的文件夹</translation>
    </message>
</context>
<context>
    <name>SamplesPane</name>
    <message>
        <source>Samples or epochs as a table</source>
        <translation>样本或各轮的表格</translation>
    </message>
    <message>
        <source>Feature across</source>
        <translation>横轴的特征</translation>
    </message>
    <message>
        <source>Feature upwards</source>
        <translation>纵轴的特征</translation>
    </message>
</context>
<context>
    <name>Sampling</name>
    <message>
        <source>Nothing is open.</source>
        <translation>没有打开任何东西。</translation>
    </message>
    <message>
        <source>The answers are shown once the loss of this iteration is.</source>
        <translation>这次迭代的损失出现之后才显示答案。</translation>
    </message>
    <message>
        <source>The batches of this run cannot be followed back to the rows of a data set. That takes a tensor with all rows, which batches are taken from.</source>
        <translation>无法把这次运行的批次追溯到数据集的行。这需要一个含有全部行的张量，批次从中取出。</translation>
    </message>
    <message>
        <source>The numbers of an epoch are shown once it is over.</source>
        <translation>一轮结束之后才显示它的数值。</translation>
    </message>
    <message>
        <source>A scatter plot takes two numbers a sample that go into the network.</source>
        <translation>散点图需要每个样本有两个数输入网络。</translation>
    </message>
</context>
<context>
    <name>Saving</name>
    <message>
        <source>Saving %1…</source>
        <translation>正在保存 %1……</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Save the trace</source>
        <translation>保存记录</translation>
    </message>
</context>
<context>
    <name>SavingBar</name>
    <message>
        <source>Saving…</source>
        <translation>正在保存…</translation>
    </message>
    <message>
        <source>Stop saving</source>
        <translation>停止保存</translation>
    </message>
</context>
<context>
    <name>SceneView</name>
    <message>
        <source>Arranging %1 nodes...</source>
        <translation>正在排列 %1 个节点…</translation>
    </message>
</context>
<context>
    <name>SearchBar</name>
    <message>
        <source>name, op, symbol, parameter, module</source>
        <translation>名称、运算、符号、参数、模块</translation>
    </message>
    <message>
        <source>Find in the graph</source>
        <translation>在计算图中查找</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>无</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
</context>
<context>
    <name>Showing</name>
    <message>
        <source>iteration %1</source>
        <translation>迭代 %1</translation>
    </message>
    <message>
        <source>All numbers are finite.</source>
        <translation>所有数都是有限的。</translation>
    </message>
    <message>
        <source>No number is finite.</source>
        <translation>没有一个数是有限的。</translation>
    </message>
    <message>
        <source>Difference to another trace</source>
        <translation>与另一份记录的差</translation>
    </message>
    <message>
        <source>Traces (*.gradstep)</source>
        <translation>记录 (*.gradstep)</translation>
    </message>
    <message>
        <source>Save the tensor</source>
        <translation>保存张量</translation>
    </message>
    <message>
        <source>Saved as %1.</source>
        <translation>已保存为 %1。</translation>
    </message>
    <message>
        <source>There are no elements to draw.</source>
        <translation>没有可绘制的元素。</translation>
    </message>
    <message>
        <source>Nothing was saved.</source>
        <translation>没有保存任何内容。</translation>
    </message>
</context>
<context>
    <name>SliceBar</name>
    <message>
        <source>Axis down the rows</source>
        <translation>沿行方向的轴</translation>
    </message>
    <message>
        <source>Axis along the columns</source>
        <translation>沿列方向的轴</translation>
    </message>
    <message>
        <source>rows</source>
        <translation>行</translation>
    </message>
    <message>
        <source>columns</source>
        <translation>列</translation>
    </message>
    <message>
        <source>axis %1</source>
        <translation>第 %1 轴</translation>
    </message>
</context>
<context>
    <name>SourcePanel</name>
    <message>
        <source>File</source>
        <translation>文件</translation>
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
    <message>
        <source>Run to this line</source>
        <translation>运行到这一行</translation>
    </message>
    <message>
        <source>Select what it made</source>
        <translation>选中它的结果</translation>
    </message>
    <message>
        <source>Breakpoint here</source>
        <translation>断点在此</translation>
    </message>
    <message>
        <source>Breakpoint with a condition…</source>
        <translation>带条件的断点…</translation>
    </message>
    <message>
        <source>Find…</source>
        <translation>查找…</translation>
    </message>
</context>
<context>
    <name>SpeedSlider</name>
    <message>
        <source>Steps a second while playing</source>
        <translation>播放时每秒的步数</translation>
    </message>
    <message>
        <source>%1/s</source>
        <translation>%1/秒</translation>
    </message>
    <message>
        <source>Playing goes %1 steps a second</source>
        <translation>播放速度为每秒 %1 步</translation>
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
    <message>
        <source>Go to the smallest number</source>
        <translation>转到最小的数</translation>
    </message>
    <message>
        <source>Go to the largest number</source>
        <translation>转到最大的数</translation>
    </message>
    <message>
        <source>Go to the first NaN or infinity</source>
        <translation>转到第一个 NaN 或无穷</translation>
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
        <translation>前进</translation>
    </message>
</context>
<context>
    <name>Steps</name>
    <message>
        <source>What comes next has no twin here, or none that has run yet.</source>
        <translation>接下来的一步在这里没有孪生步骤，或者还没有运行。</translation>
    </message>
</context>
<context>
    <name>SurfacePane</name>
    <message>
        <source>Number across</source>
        <translation>横向的数</translation>
    </message>
    <message>
        <source>Number upwards</source>
        <translation>纵向的数</translation>
    </message>
    <message>
        <source>Look from further away</source>
        <translation>缩小</translation>
    </message>
    <message>
        <source>Look closer</source>
        <translation>放大</translation>
    </message>
</context>
<context>
    <name>SurfacePlot</name>
    <message>
        <source>Loss surface</source>
        <translation>损失曲面</translation>
    </message>
    <message>
        <source>iteration %1</source>
        <translation>第 %1 次迭代</translation>
    </message>
    <message>
        <source>C from %1 (dark) to %2 (bright), batch of iteration %3</source>
        <translation>C 从 %1（暗）到 %2（亮），第 %3 次迭代的批次</translation>
    </message>
</context>
<context>
    <name>Surveying</name>
    <message>
        <source>Nothing is open.</source>
        <translation>没有打开任何内容。</translation>
    </message>
    <message>
        <source>The answers are shown once the loss of this iteration is.</source>
        <translation>这次迭代的损失出现之后才显示答案。</translation>
    </message>
    <message>
        <source>This iteration has no two trained numbers over which its loss could be drawn.</source>
        <translation>这次迭代没有两个可训练的数，无法在其上画出损失。</translation>
    </message>
    <message>
        <source>Replaying the forward pass…</source>
        <translation>正在重演前向传播…</translation>
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
    <name>TeacherPage</name>
    <message>
        <source>For the teacher</source>
        <translation>教师页</translation>
    </message>
</context>
<context>
    <name>TensorHead</name>
    <message>
        <source>The change since the iteration before</source>
        <translation>与上一次迭代相比的变化</translation>
    </message>
    <message>
        <source>Go to, compare, copy, save</source>
        <translation>转到、比较、复制、保存</translation>
    </message>
    <message>
        <source>More of the tensor</source>
        <translation>张量的更多内容</translation>
    </message>
    <message>
        <source>Go to the largest number</source>
        <translation>转到最大的数</translation>
    </message>
    <message>
        <source>Go to the smallest number</source>
        <translation>转到最小的数</translation>
    </message>
    <message>
        <source>Go to the first NaN or infinity</source>
        <translation>转到第一个 NaN 或无穷</translation>
    </message>
    <message>
        <source>Difference to another trace…</source>
        <translation>与另一份记录的差…</translation>
    </message>
    <message>
        <source>Copy the table</source>
        <translation>复制表格</translation>
    </message>
    <message>
        <source>Save as .npy…</source>
        <translation>保存为 .npy…</translation>
    </message>
    <message>
        <source>Save the table as .csv…</source>
        <translation>把表格保存为 .csv…</translation>
    </message>
    <message>
        <source>Save the picture as .png…</source>
        <translation>把图片保存为 .png…</translation>
    </message>
    <message>
        <source>strides %1</source>
        <translation>步长 %1</translation>
    </message>
    <message>
        <source>scalar</source>
        <translation>标量</translation>
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
        <source>Pictures</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Histogram</source>
        <translation>直方图</translation>
    </message>
    <message>
        <source>Over time</source>
        <translation>随时间</translation>
    </message>
    <message>
        <source>Bars</source>
        <translation>条形</translation>
    </message>
    <message>
        <source>Select a value to see its numbers.</source>
        <translation>选择一个值即可查看它的数。</translation>
    </message>
    <message>
        <source>At most %1 cells can be copied. Save the tensor instead.</source>
        <translation>最多可复制 %1 个单元格。请改为保存张量。</translation>
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
    <name>ToolStrip</name>
    <message>
        <source>Find in the graph (/)</source>
        <translation>在计算图中查找 (/)</translation>
    </message>
    <message>
        <source>Neurons or cards (N)</source>
        <translation>神经元或卡片 (N)</translation>
    </message>
    <message>
        <source>All units of what repeats, or one (M)</source>
        <translation>显示重复部分的全部单元，或只显示一个 (M)</translation>
    </message>
    <message>
        <source>Close the innermost modules ([)</source>
        <translation>折叠最内层模块 ([)</translation>
    </message>
    <message>
        <source>Open the next level of modules (])</source>
        <translation>展开下一层模块 (])</translation>
    </message>
    <message>
        <source>Fit the graph (F)</source>
        <translation>计算图适应窗口 (F)</translation>
    </message>
</context>
<context>
    <name>VerdictBadge</name>
    <message>
        <source>Check of this number</source>
        <translation>对这个数的核对</translation>
    </message>
    <message>
        <source>✗ differs</source>
        <translation>✗ 不同</translation>
    </message>
    <message>
        <source>? cannot check</source>
        <translation>? 无法核对</translation>
    </message>
    <message>
        <source>✓ agrees</source>
        <translation>✓ 一致</translation>
    </message>
    <message>
        <source>✓ agrees to %1</source>
        <translation>✓ 一致，精确到 %1</translation>
    </message>
</context>
<context>
    <name>VerdictDialog</name>
    <message>
        <source>Checked without torch</source>
        <translation>不用 torch 的核对</translation>
    </message>
    <message>
        <source>“Allowed” is how far rounding may move the number; see docs/architecture.md, Verdicts.</source>
        <translation>“允许”是舍入可能使该数偏离的程度；见 docs/architecture.md 的 Verdicts 一节。</translation>
    </message>
</context>
<context>
    <name>Waiting</name>
    <message>
        <source>The script waits for input</source>
        <translation>脚本在等待输入</translation>
    </message>
    <message>
        <source>Answer it in the console.</source>
        <translation>请在控制台里回答。</translation>
    </message>
    <message>
        <source>Reading iteration %1…</source>
        <translation>正在读取第 %1 次迭代…</translation>
    </message>
    <message>
        <source>It is a long one. Everything else can be used meanwhile.</source>
        <translation>这次迭代很长。其他功能在此期间都可以使用。</translation>
    </message>
    <message>
        <source>Starting Python and torch…</source>
        <translation>正在启动 Python 和 torch…</translation>
    </message>
    <message>
        <source>Importing torch takes a few seconds.</source>
        <translation>导入 torch 需要几秒钟。</translation>
    </message>
    <message>
        <source>The iteration is about to begin</source>
        <translation>这次迭代即将开始</translation>
    </message>
    <message>
        <source>F10 takes a step, and the graph grows with it.</source>
        <translation>按 F10 走一步，计算图随之展开。</translation>
    </message>
    <message>
        <source>The script is held in its set-up</source>
        <translation>脚本停在准备阶段</translation>
    </message>
    <message>
        <source>Nothing is learned yet. F5 runs on; the graph appears with the first forward pass.</source>
        <translation>还没有开始学习。按 F5 继续运行；第一次前向传播时会出现计算图。</translation>
    </message>
    <message>
        <source>The graph appears with the first forward pass. Space pauses, Shift+F5 ends the script.</source>
        <translation>第一次前向传播时会出现计算图。空格键暂停，Shift+F5 结束脚本。</translation>
    </message>
    <message>
        <source>The script runs, and has not called torch yet</source>
        <translation>脚本正在运行，还没有调用 torch</translation>
    </message>
    <message>
        <source>The script sets itself up: %1 torch calls so far</source>
        <translation>脚本正在准备：到目前为止有 %1 次 torch 调用</translation>
    </message>
    <message>
        <source>The script ended before its first torch call</source>
        <translation>脚本在第一次调用 torch 之前就结束了</translation>
    </message>
    <message>
        <source>The console has what it printed. Mend the script, then run it again.</source>
        <translation>控制台里有它打印的内容。请修改脚本，然后重新运行。</translation>
    </message>
    <message>
        <source>The script ended before its first training pass</source>
        <translation>脚本在第一轮训练之前就结束了</translation>
    </message>
    <message>
        <source>The call tree has what it did until then, and the console what it printed.</source>
        <translation>调用树里有它在此之前做的事，控制台里有它打印的内容。</translation>
    </message>
    <message>
        <source>The script made no torch call</source>
        <translation>脚本没有调用 torch</translation>
    </message>
    <message>
        <source>What runs on the main thread is recorded. Does the script train when Python runs it, and with these arguments? An example on the start page shows how it looks.</source>
        <translation>记录的是主线程上运行的内容。用 Python 以这些参数直接运行时，脚本会训练吗？可以在开始页打开一个示例，看看正常的样子。</translation>
    </message>
    <message>
        <source>There is no graph here</source>
        <translation>这里没有计算图</translation>
    </message>
    <message>
        <source>No forward pass was recorded. The call tree has what the script did.</source>
        <translation>没有记录到前向传播。调用树里有脚本做的事。</translation>
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
        <source>Begin with lesson 1</source>
        <translation>从第 1 课开始</translation>
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
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>or drop a .py or .gradstep file anywhere on this window</source>
        <translation>或把 .py 或 .gradstep 文件拖到这个窗口的任意位置</translation>
    </message>
    <message>
        <source>Scripts run on</source>
        <translation>脚本运行于</translation>
    </message>
    <message>
        <source>Lessons</source>
        <translation>课程</translation>
    </message>
    <message>
        <source>Examples</source>
        <translation>示例</translation>
    </message>
    <message>
        <source>Opened last</source>
        <translation>最近打开</translation>
    </message>
    <message>
        <source>Back to %1</source>
        <translation>返回 %1</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 分钟</translation>
    </message>
    <message>
        <source>Lesson %1</source>
        <translation>课程 %1</translation>
    </message>
</context>
<context>
    <name>WhatIfDialog</name>
    <message>
        <source>What if?</source>
        <translation>如果这样呢？</translation>
    </message>
    <message>
        <source>What the network answers goes through this function before the loss</source>
        <translation>网络的回答在损失之前先经过这个函数</translation>
    </message>
    <message>
        <source>as it is</source>
        <translation>保持原样</translation>
    </message>
    <message>
        <source>%1 is run again from its start with these changes, and compared. That runs its code.</source>
        <translation>将带着这些改动从头再次运行 %1，并作比较。这会运行它的代码。</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Optimizer</source>
        <translation>优化器</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation>学习率</translation>
    </message>
    <message>
        <source>Activation</source>
        <translation>激活函数</translation>
    </message>
    <message>
        <source>After the output</source>
        <translation>输出之后</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>随机种子</translation>
    </message>
    <message>
        <source>Change at least one thing.</source>
        <translation>请至少改变一处。</translation>
    </message>
</context>
<context>
    <name>_Field</name>
    <message>
        <source>Rows of the data</source>
        <translation>数据的行</translation>
    </message>
    <message>
        <source>seen %1 times in this epoch</source>
        <translation>这一轮中看过 %1 次</translation>
    </message>
    <message>
        <source>in this batch</source>
        <translation>在这个批次中</translation>
    </message>
    <message>
        <source>row %1</source>
        <translation>第 %1 行</translation>
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
        <source>Open lesson…</source>
        <translation>打开课程…</translation>
    </message>
    <message>
        <source>The folder of a lesson that somebody wrote</source>
        <translation>别人编写的课程所在的文件夹</translation>
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
        <source>Export handout…</source>
        <translation>导出讲义…</translation>
    </message>
    <message>
        <source>The lesson on paper, with blanks and an answer sheet: PDF or HTML</source>
        <translation>纸上的课程，带留空和答案：PDF 或 HTML</translation>
    </message>
    <message>
        <source>For the teacher…</source>
        <translation>教师页…</translation>
    </message>
    <message>
        <source>The open lesson&apos;s aim, questions and common wrong answers</source>
        <translation>当前课程的目标、问题和常见错误答案</translation>
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
        <source>Edit value…</source>
        <translation>修改值…</translation>
    </message>
    <message>
        <source>Change what is selected and let the run go on with it</source>
        <translation>修改选中的值，并让运行带着它继续</translation>
    </message>
    <message>
        <source>What if…</source>
        <translation>如果这样…</translation>
    </message>
    <message>
        <source>Run the script again with another optimizer, rate, activation, loss or seed</source>
        <translation>换一个优化器、学习率、激活函数、损失或种子再次运行脚本</translation>
    </message>
    <message>
        <source>Run options…</source>
        <translation>运行选项…</translation>
    </message>
    <message>
        <source>Python, device, seed, folder and arguments of the script</source>
        <translation>脚本的 Python、设备、随机种子、文件夹和参数</translation>
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
        <source>Play</source>
        <translation>播放</translation>
    </message>
    <message>
        <source>One step after the other by itself; again, or any other move, stops it</source>
        <translation>自动一步接一步；再按一次或做其他移动即停止</translation>
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
        <source>Breakpoint with a condition…</source>
        <translation>带条件的断点…</translation>
    </message>
    <message>
        <source>At this line: condition, hits to count, or a text to tell instead of stopping</source>
        <translation>在这一行：条件、命中次数，或不停下而只输出的文字</translation>
    </message>
    <message>
        <source>Add breakpoint…</source>
        <translation>添加断点…</translation>
    </message>
    <message>
        <source>Stop at an operation, a module, a gradient, the first NaN, an exception</source>
        <translation>停在运算、模块、梯度、第一个 NaN 或异常处</translation>
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
        <source>Jump to the twin</source>
        <translation>跳到孪生步骤</translation>
    </message>
    <message>
        <source>From a forward step to where its gradient is computed, and back</source>
        <translation>从前向的一步跳到计算其梯度的地方，再跳回来</translation>
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
        <source>Find in the graph</source>
        <translation>在计算图中查找</translation>
    </message>
    <message>
        <source>A card by name, op, symbol, parameter or module</source>
        <translation>按名称、运算、符号、参数或模块查找卡片</translation>
    </message>
    <message>
        <source>Neurons or cards</source>
        <translation>神经元或卡片</translation>
    </message>
    <message>
        <source>Show a network of small layers as units and weights, or as cards</source>
        <translation>把由小层组成的网络显示为神经元和权重，或显示为卡片</translation>
    </message>
    <message>
        <source>All units of what repeats</source>
        <translation>重复部分的全部单元</translation>
    </message>
    <message>
        <source>Time steps, blocks and passes side by side, or one in the place of all</source>
        <translation>时间步、块和遍并排显示，或以一个代表全部</translation>
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
        <source>Spotlight</source>
        <translation>聚光灯</translation>
    </message>
    <message>
        <source>Shade all of the graph but the present place, or nothing</source>
        <translation>把计算图中当前位置以外的部分变暗，或者都不变暗</translation>
    </message>
    <message>
        <source>Add stop to demo…</source>
        <translation>添加停靠点到演示…</translation>
    </message>
    <message>
        <source>Keep this place, what is selected and the graph&apos;s zoom, with a note</source>
        <translation>保存这个位置、选中的内容和计算图的缩放，并附上备注</translation>
    </message>
    <message>
        <source>Next stop of the demo</source>
        <translation>演示的下一个停靠点</translation>
    </message>
    <message>
        <source>The place that the teacher shows next</source>
        <translation>教师接下来展示的位置</translation>
    </message>
    <message>
        <source>Previous stop of the demo</source>
        <translation>演示的上一个停靠点</translation>
    </message>
    <message>
        <source>The place that the teacher showed before</source>
        <translation>教师先前展示的位置</translation>
    </message>
    <message>
        <source>Go to stop of the demo…</source>
        <translation>转到演示的停靠点…</translation>
    </message>
    <message>
        <source>To the stop with a number, as when somebody comes late</source>
        <translation>按编号转到停靠点，例如有人迟到时</translation>
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
        <source>Copy equation as Python</source>
        <translation>把公式复制为 Python</translation>
    </message>
    <message>
        <source>The numbers of the equation panel, to work them out again</source>
        <translation>公式面板中的数，可用来重新计算</translation>
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
        <source>Quiz me on this pass</source>
        <translation>就这一遍考考我</translation>
    </message>
    <message>
        <source>Questions made from this iteration&apos;s own numbers</source>
        <translation>用这次迭代自己的数出题</translation>
    </message>
    <message>
        <source>Glossary</source>
        <translation>术语表</translation>
    </message>
    <message>
        <source>Every word of the field: meaning, formula, shapes, local derivative, picture</source>
        <translation>每个术语的含义、公式、形状、局部导数和图</translation>
    </message>
    <message>
        <source>What is this?</source>
        <translation>这是什么？</translation>
    </message>
    <message>
        <source>The glossary&apos;s card of what is selected</source>
        <translation>所选内容在术语表中的卡片</translation>
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
    <name>breakpoints</name>
    <message>
        <source>Name or pattern</source>
        <translation>名称或模式</translation>
    </message>
    <message>
        <source>A line is reached</source>
        <translation>到达某一行</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>An operation is called</source>
        <translation>调用运算</translation>
    </message>
    <message>
        <source>Operation %1</source>
        <translation>运算 %1</translation>
    </message>
    <message>
        <source>Any operation</source>
        <translation>任意运算</translation>
    </message>
    <message>
        <source>A module is called</source>
        <translation>调用模块</translation>
    </message>
    <message>
        <source>Module %1</source>
        <translation>模块 %1</translation>
    </message>
    <message>
        <source>Any module</source>
        <translation>任意模块</translation>
    </message>
    <message>
        <source>A parameter is used</source>
        <translation>使用参数</translation>
    </message>
    <message>
        <source>Parameter %1</source>
        <translation>参数 %1</translation>
    </message>
    <message>
        <source>Any parameter</source>
        <translation>任意参数</translation>
    </message>
    <message>
        <source>An autograd node runs</source>
        <translation>自动微分节点运行</translation>
    </message>
    <message>
        <source>Node %1</source>
        <translation>节点 %1</translation>
    </message>
    <message>
        <source>Any autograd node</source>
        <translation>任意自动微分节点</translation>
    </message>
    <message>
        <source>A phase begins</source>
        <translation>阶段开始</translation>
    </message>
    <message>
        <source>Phase</source>
        <translation>阶段</translation>
    </message>
    <message>
        <source>Phase %1</source>
        <translation>阶段 %1</translation>
    </message>
    <message>
        <source>Each phase</source>
        <translation>每个阶段</translation>
    </message>
    <message>
        <source>Data is written</source>
        <translation>数据被写入</translation>
    </message>
    <message>
        <source>Tensor or .grad</source>
        <translation>张量或 .grad</translation>
    </message>
    <message>
        <source>%1 is written</source>
        <translation>写入 %1</translation>
    </message>
    <message>
        <source>The first NaN or infinity</source>
        <translation>第一个 NaN 或无穷</translation>
    </message>
    <message>
        <source>NaN or infinity from %1</source>
        <translation>来自 %1 的 NaN 或无穷</translation>
    </message>
    <message>
        <source>NaN or infinity is made</source>
        <translation>产生 NaN 或无穷</translation>
    </message>
    <message>
        <source>A gradient is large</source>
        <translation>梯度过大</translation>
    </message>
    <message>
        <source>|gradient| of %1 above %2</source>
        <translation>%1 的 |梯度| 大于 %2</translation>
    </message>
    <message>
        <source>Any |gradient| above %2</source>
        <translation>任意 |梯度| 大于 %2</translation>
    </message>
    <message>
        <source>A gradient is small</source>
        <translation>梯度过小</translation>
    </message>
    <message>
        <source>|gradient| of %1 below %2</source>
        <translation>%1 的 |梯度| 小于 %2</translation>
    </message>
    <message>
        <source>Any |gradient| below %2</source>
        <translation>任意 |梯度| 小于 %2</translation>
    </message>
    <message>
        <source>An exception is raised</source>
        <translation>抛出异常</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Exception %1</source>
        <translation>异常 %1</translation>
    </message>
    <message>
        <source>Any exception</source>
        <translation>任意异常</translation>
    </message>
    <message>
        <source>A condition holds</source>
        <translation>条件成立</translation>
    </message>
    <message>
        <source>Condition</source>
        <translation>条件</translation>
    </message>
    <message>
        <source>Anything of a name</source>
        <translation>某个名称的任何对象</translation>
    </message>
    <message>
        <source>Anything called %1</source>
        <translation>名为 %1 的任何对象</translation>
    </message>
    <message>
        <source>Line %1</source>
        <translation>第 %1 行</translation>
    </message>
    <message>
        <source>if %1</source>
        <translation>如果 %1</translation>
    </message>
    <message>
        <source>from hit %1 on</source>
        <translation>从第 %1 次命中起</translation>
    </message>
    <message>
        <source>1 hit in %1</source>
        <translation>每 %1 次命中计 1 次</translation>
    </message>
    <message>
        <source>tells “%1”, does not stop</source>
        <translation>输出“%1”，不停下</translation>
    </message>
</context>
<context>
    <name>call_tree</name>
    <message>
        <source>line %1</source>
        <translation>第 %1 行</translation>
    </message>
    <message>
        <source>Under %1: autograd does not follow it.</source>
        <translation>在 %1 之下：自动微分不跟踪它。</translation>
    </message>
</context>
<context>
    <name>cards</name>
    <message>
        <source>not kept</source>
        <translation>未保留</translation>
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
        <source>Variables</source>
        <translation>变量</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>参数</translation>
    </message>
    <message>
        <source>Lesson</source>
        <translation>课程</translation>
    </message>
    <message>
        <source>Tensor</source>
        <translation>张量</translation>
    </message>
    <message>
        <source>Plots</source>
        <translation>图表</translation>
    </message>
    <message>
        <source>Breakpoints</source>
        <translation>断点</translation>
    </message>
    <message>
        <source>Findings</source>
        <translation>发现</translation>
    </message>
    <message>
        <source>Branches</source>
        <translation>分支</translation>
    </message>
    <message>
        <source>Demo</source>
        <translation>演示</translation>
    </message>
    <message>
        <source>Watches</source>
        <translation>监视</translation>
    </message>
</context>
<context>
    <name>equations</name>
    <message>
        <source>The matrices.</source>
        <translation>各个矩阵。</translation>
    </message>
    <message>
        <source>next: %1</source>
        <translation>下一步：%1</translation>
    </message>
    <message>
        <source>Kept for the backward pass.</source>
        <translation>为反向传播保存的值。</translation>
    </message>
    <message>
        <source>%1 in Python.</source>
        <translation>在 Python 里到达 %1。</translation>
    </message>
    <message>
        <source>Its next_functions, in their order.</source>
        <translation>它的 next_functions，按次序。</translation>
    </message>
    <message>
        <source>freed at step %1</source>
        <translation>已在第 %1 步释放</translation>
    </message>
    <message>
        <source>still there</source>
        <translation>还在</translation>
    </message>
    <message>
        <source>written to at step %1 meanwhile</source>
        <translation>其间在第 %1 步被改写</translation>
    </message>
    <message>
        <source>version %1</source>
        <translation>版本 %1</translation>
    </message>
</context>
<context>
    <name>examples</name>
    <message>
        <source>The smallest network that can learn: one input, one hidden neuron, one output neuron.</source>
        <translation>能学习的最小网络：一个输入、一个隐藏神经元、一个输出神经元。</translation>
    </message>
    <message>
        <source>Derivatives without pen and paper: four small sums that autograd differentiates.</source>
        <translation>不用纸笔求导：四个小算式，由自动微分求导。</translation>
    </message>
    <message>
        <source>Reading handwritten digits: 784 pixels, 500 hidden units, 10 answers, trained by Adam.</source>
        <translation>识别手写数字：784 个像素、500 个隐藏单元、10 个答案，用 Adam 训练。</translation>
    </message>
    <message>
        <source>A 4-3-1 network from plain tensors: every line of the backward pass is written by hand.</source>
        <translation>只用张量写成的 4-3-1 网络：反向传播的每一行都是手写的。</translation>
    </message>
    <message>
        <source>A small convolutional network in the manner of LeNet: one 32x32 picture, ten outputs.</source>
        <translation>LeNet 式的小型卷积网络：一张 32x32 的图片，十个输出。</translation>
    </message>
    <message>
        <source>Fit a line through three points: y = 2x, found by gradient descent.</source>
        <translation>过三个点拟合一条直线：用梯度下降找到 y = 2x。</translation>
    </message>
    <message>
        <source>A linear classifier from scratch: 1000 samples of four features, learned in batches of 50.</source>
        <translation>从零写出的线性分类器：1000 个样本、四个特征，每批 50 个。</translation>
    </message>
    <message>
        <source>A 5-8-4-1 classifier for two classes that no straight cut separates.</source>
        <translation>5-8-4-1 分类器：区分两个不能用直线分开的类别。</translation>
    </message>
</context>
<context>
    <name>hints</name>
    <message>
        <source>F10 takes a step, Ctrl+F10 takes it back. A step is one quantity.</source>
        <translation>F10 前进一步，Ctrl+F10 退回一步。一步就是一个量。</translation>
    </message>
    <message>
        <source>Click any number: every panel shows where it came from.</source>
        <translation>单击任意一个数：每个面板都会显示它的来处。</translation>
    </message>
    <message>
        <source>A right click on a node or a number asks what it is; Shift+F1 opens the glossary.</source>
        <translation>右键单击节点或数，可以问它是什么；Shift+F1 打开术语表。</translation>
    </message>
    <message>
        <source>F9 sets a breakpoint, F5 runs to it, Ctrl+F5 runs back to the one before.</source>
        <translation>F9 设置断点，F5 运行到断点，Ctrl+F5 退回到上一个断点。</translation>
    </message>
    <message>
        <source>Ctrl+Shift+. makes steps finer, Ctrl+Shift+, makes them coarser.</source>
        <translation>Ctrl+Shift+. 让步子更细，Ctrl+Shift+, 让步子更粗。</translation>
    </message>
    <message>
        <source>Ctrl+Shift+P finds any command by its name, and F1 lists the keys.</source>
        <translation>Ctrl+Shift+P 按名称查找任何命令，F1 列出全部快捷键。</translation>
    </message>
</context>
<context>
    <name>outline</name>
    <message>
        <source>%1 numbers</source>
        <translation>%1 个数</translation>
    </message>
    <message>
        <source>frozen</source>
        <translation>已冻结</translation>
    </message>
    <message>
        <source>none seen</source>
        <translation>未见到</translation>
    </message>
    <message>
        <source>wants a gradient</source>
        <translation>需要梯度</translation>
    </message>
    <message>
        <source>wants none</source>
        <translation>不需要梯度</translation>
    </message>
    <message>
        <source>None</source>
        <translation>None</translation>
    </message>
    <message>
        <source>held</source>
        <translation>保留中</translation>
    </message>
    <message>
        <source>zero</source>
        <translation>零</translation>
    </message>
    <message>
        <source>%1 of %2 passes</source>
        <translation>%1 / %2 遍</translation>
    </message>
</context>
<context>
    <name>pictures</name>
    <message>
        <source>training</source>
        <translation>训练数据</translation>
    </message>
    <message>
        <source>new data</source>
        <translation>新数据</translation>
    </message>
    <message>
        <source>forward</source>
        <translation>前向</translation>
    </message>
    <message>
        <source>loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>backward</source>
        <translation>反向</translation>
    </message>
    <message>
        <source>update</source>
        <translation>更新</translation>
    </message>
    <message>
        <source>1 epoch = 3 iterations</source>
        <translation>1 轮 = 3 次迭代</translation>
    </message>
</context>
<context>
    <name>pill</name>
    <message>
        <source>after its update</source>
        <translation>更新之后</translation>
    </message>
    <message>
        <source>before its update</source>
        <translation>更新之前</translation>
    </message>
    <message>
        <source>is None: no backward pass has put anything into it</source>
        <translation>为 None：还没有反向传播写入梯度</translation>
    </message>
    <message>
        <source>holds zeros</source>
        <translation>全为零</translation>
    </message>
    <message>
        <source>was just added to by backward pass %1: the sum of %1 passes</source>
        <translation>刚由第 %1 次反向传播累加：共 %1 次之和</translation>
    </message>
    <message>
        <source>holds the sum of %1 backward passes</source>
        <translation>是 %1 次反向传播的累加和</translation>
    </message>
    <message>
        <source>holds the gradient of one backward pass</source>
        <translation>存有一次反向传播的梯度</translation>
    </message>
</context>
<context>
    <name>plots</name>
    <message>
        <source>Gradient norms ‖∂C/∂w‖</source>
        <translation>梯度范数 ‖∂C/∂w‖</translation>
    </message>
    <message>
        <source>Weight norms ‖w‖</source>
        <translation>权重范数 ‖w‖</translation>
    </message>
    <message>
        <source>Update ratio ‖Δw‖ / ‖w‖</source>
        <translation>更新比 ‖Δw‖ / ‖w‖</translation>
    </message>
    <message>
        <source>Spread of activations, std a</source>
        <translation>激活值的离散程度，a 的标准差</translation>
    </message>
    <message>
        <source>Accuracy on the batch</source>
        <translation>本批次的准确率</translation>
    </message>
    <message>
        <source>Learning rate η</source>
        <translation>学习率 η</translation>
    </message>
    <message>
        <source>Predictions beside targets</source>
        <translation>预测与目标对照</translation>
    </message>
    <message>
        <source>Scatter of two features</source>
        <translation>两个特征的散点图</translation>
    </message>
    <message>
        <source>Fitted line over the data</source>
        <translation>数据上的拟合线</translation>
    </message>
    <message>
        <source>Function and slope, present point</source>
        <translation>函数与斜率，当前的点</translation>
    </message>
    <message>
        <source>Table of epochs</source>
        <translation>各轮的表格</translation>
    </message>
    <message>
        <source>Rows of the data</source>
        <translation>数据的行</translation>
    </message>
    <message>
        <source>The loss does not say which answers are right: that takes cross_entropy, nll_loss or a binary one. A watch can plot any other share, for example mean(output &gt; 0.5).</source>
        <translation>这个损失没有说明哪些答案正确：需要 cross_entropy、nll_loss 或二分类损失。其他比例可以用监视来画，例如 mean(output &gt; 0.5)。</translation>
    </message>
    <message>
        <source>No iteration has numbers of this.</source>
        <translation>没有哪次迭代有这个量的数。</translation>
    </message>
</context>
<context>
    <name>samples</name>
    <message>
        <source>sample</source>
        <translation>样本</translation>
    </message>
    <message>
        <source>predicted class</source>
        <translation>预测类别</translation>
    </message>
    <message>
        <source>target</source>
        <translation>目标</translation>
    </message>
    <message>
        <source>prediction</source>
        <translation>预测</translation>
    </message>
    <message>
        <source>difference</source>
        <translation>差</translation>
    </message>
    <message>
        <source>%1 of %2 samples right; the others are marked.</source>
        <translation>%2 个样本中 %1 个正确；其余的有标记。</translation>
    </message>
    <message>
        <source>%1 samples; furthest off is sample %2.</source>
        <translation>%1 个样本；差得最远的是样本 %2。</translation>
    </message>
    <message>
        <source>samples</source>
        <translation>样本</translation>
    </message>
    <message>
        <source>class %1 (%2)</source>
        <translation>类别 %1（%2）</translation>
    </message>
    <message>
        <source>fitted line</source>
        <translation>拟合线</translation>
    </message>
    <message>
        <source>y = %2 · x %3  (iteration %1, before its update)</source>
        <translation>y = %2 · x %3（第 %1 次迭代，更新之前）</translation>
    </message>
    <message>
        <source>before the update of iteration %1</source>
        <translation>第 %1 次迭代更新之前</translation>
    </message>
    <message>
        <source>slope</source>
        <translation>斜率</translation>
    </message>
    <message>
        <source>present value</source>
        <translation>当前的值</translation>
    </message>
    <message>
        <source>present slope</source>
        <translation>当前的斜率</translation>
    </message>
    <message>
        <source>%1 numbers; the slope is nearly 0 at %2 of them.</source>
        <translation>%1 个数；其中 %2 个处的斜率几乎为 0。</translation>
    </message>
    <message>
        <source>epoch</source>
        <translation>轮</translation>
    </message>
    <message>
        <source>iterations</source>
        <translation>迭代</translation>
    </message>
    <message>
        <source>mean C</source>
        <translation>平均 C</translation>
    </message>
    <message>
        <source>last C</source>
        <translation>末次 C</translation>
    </message>
    <message>
        <source>accuracy</source>
        <translation>准确率</translation>
    </message>
    <message>
        <source>rows seen</source>
        <translation>看过的行</translation>
    </message>
    <message>
        <source>more than once</source>
        <translation>不止一次</translation>
    </message>
    <message>
        <source>never</source>
        <translation>从未</translation>
    </message>
    <message>
        <source>%1 samples of this batch</source>
        <translation>这个批次的 %1 个样本</translation>
    </message>
</context>
<context>
    <name>tensor</name>
    <message>
        <source>%1 has no value of this name, or its numbers were not kept.</source>
        <translation>%1 中没有这个名称的值，或它的数没有保留。</translation>
    </message>
    <message>
        <source>The two have different shapes (%1), so they cannot be subtracted.</source>
        <translation>两者形状不同（%1），因此不能相减。</translation>
    </message>
    <message>
        <source>They are too large to be subtracted as a whole: more than %1 numbers.</source>
        <translation>它们太大，不能整体相减：超过 %1 个数。</translation>
    </message>
    <message>
        <source>The numbers of this iteration were dropped to stay within the trace&apos;s budget; what is known of them is below. Record again with a larger one: gradstep record --budget 4GiB.</source>
        <translation>为了不超出记录的容量上限，这次迭代的数已被舍去；仍知道的内容在下面。可用更大的上限重新记录：gradstep record --budget 4GiB。</translation>
    </message>
    <message>
        <source>The numbers were not kept: %1.</source>
        <translation>这些数没有保留：%1。</translation>
    </message>
    <message>
        <source>The numbers are in the folder of arrays beside the trace, and cannot be read there. Was the trace moved without its folder?</source>
        <translation>这些数在记录旁边的数组文件夹里，但无法读取。是不是只移动了记录而没有移动它的文件夹？</translation>
    </message>
    <message>
        <source>The numbers are not in the trace.</source>
        <translation>记录中没有这些数。</translation>
    </message>
</context>
<context>
    <name>trace</name>
    <message>
        <source>comes from</source>
        <translation>来自</translation>
    </message>
    <message>
        <source>goes on to</source>
        <translation>传给</translation>
    </message>
    <message>
        <source>made of</source>
        <translation>由以下得出：</translation>
    </message>
    <message>
        <source>goes into</source>
        <translation>用于</translation>
    </message>
</context>
<context>
    <name>values</name>
    <message>
        <source>norm</source>
        <translation>范数</translation>
    </message>
</context>
<context>
    <name>variables</name>
    <message>
        <source>Variables of the script</source>
        <translation>脚本的变量</translation>
    </message>
    <message>
        <source>Inputs, activations, gradients</source>
        <translation>输入、激活值、梯度</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>参数</translation>
    </message>
    <message>
        <source>Their .grad</source>
        <translation>它们的 .grad</translation>
    </message>
    <message>
        <source>Optimizer</source>
        <translation>优化器</translation>
    </message>
    <message>
        <source>None</source>
        <translation>None</translation>
    </message>
    <message>
        <source>not known yet</source>
        <translation>尚未知道</translation>
    </message>
</context>
<context>
    <name>verdict</name>
    <message>
        <source>%1: torch&apos;s numbers are those that NumPy computes.</source>
        <translation>%1：torch 的数与 NumPy 算出的一致。</translation>
    </message>
    <message>
        <source>%1: torch&apos;s numbers are not those that NumPy computes.</source>
        <translation>%1：torch 的数与 NumPy 算出的不一致。</translation>
    </message>
    <message>
        <source>%1 cannot be checked.</source>
        <translation>%1 无法核对。</translation>
    </message>
    <message>
        <source>what</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>how</source>
        <translation>方法</translation>
    </message>
    <message>
        <source>at</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>torch</source>
        <translation>torch</translation>
    </message>
    <message>
        <source>computed</source>
        <translation>计算值</translation>
    </message>
    <message>
        <source>difference</source>
        <translation>差</translation>
    </message>
    <message>
        <source>allowed</source>
        <translation>允许</translation>
    </message>
    <message>
        <source>numbers</source>
        <translation>数</translation>
    </message>
    <message>
        <source>answer</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>✓ agrees</source>
        <translation>✓ 一致</translation>
    </message>
    <message>
        <source>✗ differs</source>
        <translation>✗ 不同</translation>
    </message>
    <message>
        <source>NumPy, the same operation</source>
        <translation>NumPy，同一运算</translation>
    </message>
    <message>
        <source>NumPy, its gradient formula</source>
        <translation>NumPy，梯度公式</translation>
    </message>
    <message>
        <source>central differences</source>
        <translation>中心差分</translation>
    </message>
</context>
</TS>
