"""The one style sheet of the window: `$token` is one of `app.theme.Theme`, so no colour is written here."""

STYLE_TEMPLATE = """
QWidget { font-size: ${base_px}px; }
QMainWindow, QDialog { background: $background; }
QMainWindow::separator { background: $background; width: 5px; height: 5px; }
QMainWindow::separator:hover { background: $accent; }

QMenuBar { background: $background; color: $text; padding: 2px 6px; }
QMenuBar::item { padding: 4px 9px; border-radius: 5px; background: transparent; }
QMenuBar::item:selected { background: $raised; }
QMenu { background: $raised; color: $text; border: 1px solid $border; padding: 5px; }
QMenu::item { padding: 5px 26px 5px 22px; border-radius: 4px; }
QMenu::item:selected { background: $selection; }
QMenu::item:disabled { color: $muted; }
QMenu::separator { height: 1px; background: $border; margin: 5px 8px; }

QToolBar { background: $background; border: none; border-bottom: 1px solid $border; spacing: 3px; padding: 4px 8px;
  icon-size: ${icon_px}px; }
QToolBar::separator { background: $border; width: 1px; margin: 6px 7px; }
QToolButton { background: transparent; border: 1px solid transparent; border-radius: 6px; padding: 5px; color: $text; }
QToolButton[checkable="true"] { border-color: $border; padding: 3px 7px; }
QToolButton:hover { background: $raised; border-color: $border; }
QToolButton:pressed, QToolButton:checked { background: $selection; }
QToolButton:disabled { color: $muted; }
QToolButton:focus { border-color: $accent; }

QDockWidget { color: $text; font-weight: 600; }
QDockWidget::title { background: $background; padding: 7px 10px; text-align: left; }

QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QPushButton { background: $raised; color: $text; border: 1px solid $border; border-radius: 6px; padding: 5px 14px;
  icon-size: ${icon_px}px; }
QPushButton:hover { border-color: $accent; }
QPushButton:pressed { background: $selection; }
QPushButton:default { background: $accent; color: $accent_text; border-color: $accent; }
QPushButton:disabled { color: $muted; }
QPushButton:focus { border-color: $accent; }

QLineEdit, QSpinBox, QDoubleSpinBox, QComboBox {
  background: $surface; color: $text; border: 1px solid $border; border-radius: 5px; padding: 3px 7px;
  selection-background-color: $selection; selection-color: $text; }
QLineEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QComboBox:focus { border-color: $accent; }
QComboBox { padding-right: 22px; }
QComboBox::drop-down { border: none; width: 20px; }
QComboBox::down-arrow { image: url("$arrows/$name-down.svg"); width: 12px; height: 12px; }
QSpinBox, QDoubleSpinBox { padding-right: 20px; }
QSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::up-button, QDoubleSpinBox::down-button {
  border: none; background: transparent; width: 18px; }
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow { image: url("$arrows/$name-up.svg"); width: 10px; height: 10px; }
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow { image: url("$arrows/$name-down.svg"); width: 10px; height: 10px; }
QComboBox QAbstractItemView { background: $raised; color: $text; border: 1px solid $border;
  selection-background-color: $selection; selection-color: $text; }

QPlainTextEdit, QTextEdit, QTextBrowser, QTreeView, QTableView, QListView {
  background: $surface; color: $text; border: 1px solid $border; border-radius: 6px;
  selection-background-color: $selection; selection-color: $text; alternate-background-color: $raised; }
QPlainTextEdit:focus, QTextEdit:focus, QTextBrowser:focus, QTreeView:focus, QTableView:focus, QListView:focus {
  border-color: $accent; }
QTreeView, QListView { outline: none; }
QTreeView::item, QListView::item { padding: 2px 3px; }
QTreeView::item:selected, QListView::item:selected { background: $selection; color: $text; }
QTableView { gridline-color: $border; }
QHeaderView { background: $surface; border: none; }
QHeaderView::section { background: $surface; color: $muted; border: none; border-bottom: 1px solid $border;
  padding: 4px 6px; }
QTableCornerButton::section { background: $surface; border: none; }

QTabWidget::pane { border: none; }
QTabBar { background: $background; qproperty-elideMode: ElideNone; }
QTabBar::tab { background: transparent; color: $muted; padding: 6px 10px; border-bottom: 2px solid transparent; }
QMainWindow > QTabBar::tab { padding: 6px 7px; font-size: ${tab_px}px; }
QTabBar::scroller { width: ${scroller_px}px; }
QTabBar QToolButton { padding: 0; border-radius: 0; background: $background; }
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected:focus { color: $accent; }

QCheckBox::indicator { width: ${box_px}px; height: ${box_px}px; border: 1px solid $muted; background: $surface;
  border-radius: 3px; }
QCheckBox::indicator:hover, QCheckBox::indicator:focus { border-color: $accent; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent;
  image: url("$arrows/$name-check.svg"); }
QCheckBox::indicator:disabled { border-color: $border; }
QCheckBox::indicator:checked:focus { border-color: $text; }

QRadioButton::indicator { width: ${dot_px}px; height: ${dot_px}px; border: 1px solid $muted; background: $surface;
  border-radius: ${dot_radius}px; }
QRadioButton::indicator:hover, QRadioButton::indicator:focus { border-color: $accent; }
QRadioButton::indicator:checked { background: qradialgradient(cx: 0.5, cy: 0.5, radius: 0.5, fx: 0.5, fy: 0.5,
  stop: 0.5 $accent, stop: 0.6 $surface); border-color: $accent; }

QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: $border; }
QSlider::sub-page:horizontal { height: 4px; border-radius: 2px; background: $accent; }
QSlider::handle:horizontal { width: 14px; height: 14px; margin: -5px 0; border-radius: 7px; background: $accent; }
QSlider::handle:horizontal:focus { border: 2px solid $text; width: 10px; height: 10px; }

QScrollBar:vertical { background: transparent; width: 11px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 11px; margin: 0; }
QScrollBar::handle { background: $border; border-radius: 4px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QProgressBar { background: $surface; border: 1px solid $border; border-radius: 5px; text-align: center; color: $text; }
QProgressBar::chunk { background: $accent; border-radius: 4px; }
QStatusBar { background: $surface; color: $muted; border-top: 1px solid $border; }
QStatusBar::item { border: none; }
QToolTip { background: $raised; color: $text; border: 1px solid $border; padding: 5px 7px; }
QGraphicsView { background: $background; border: 1px solid transparent; }
QGraphicsView:focus { border-color: $accent; }
QSplitter::handle { background: $background; }
"""
