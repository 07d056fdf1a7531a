"""Keeps the tensor panel true to the place, and works out beside the window what takes long to look through."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from app.jobs import Beside, Ticket
from app.models.tensor_choice import difference
from app.models.tensor_history import Asked, Course, course
from app.models.tensor_saving import save_csv, save_npy
from app.models.tensor_search import Histogram, Wanted, find_element, histogram_of
from app.models.tensor_shown import LARGEST_COUNTED_HERE, TensorMissing, TensorShown
from app.theme import Theme
from app.views.tensor import TensorView
from engine.bilingual import Bilingual
from engine.errors import GradstepError
from engine.trace.reader import Trace

_FORMATS = {"npy": "NumPy (*.npy)", "csv": "CSV (*.csv)", "png": "PNG (*.png)"}
_FINDABLE: tuple[Wanted, ...] = ("max", "min", "not finite")


class Showing(QObject):
    """Owns the tensor panel.

    Signals:
        element_activated(index): an element was chosen; a tuple of integers. told(text): something was done, or found.
        failed(error): something could not be done; a `GradstepError`.
    """

    element_activated = Signal(object)
    told = Signal(str)
    failed = Signal(object)

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.view = TensorView(theme)
        self._trace: Trace | None = None
        self._recorded = 0
        self._plain: TensorShown | TensorMissing | None = None
        self._other: Trace | None = None
        self._other_name = ""
        self._asked: tuple[Asked, int] | None = None
        self._course: Course | None = None
        self._search, self._counting, self._following, self._saving = (Beside(self) for _ in range(4))
        view = self.view
        view.element_activated.connect(self.element_activated)
        view.find_wanted.connect(self.find)
        view.looked_at.connect(self._look)
        view.head.difference_toggled.connect(self._on_difference_toggled)
        view.head.other_wanted.connect(self._ask_for_other)
        view.head.save_wanted.connect(self._ask_where_to_save)
        self._search.done.connect(self._on_found)
        self._counting.done.connect(self._on_counted)
        self._following.done.connect(self._on_followed)
        self._following.progressed.connect(view.over_time.set_progress)
        self._following.failed.connect(self.failed)
        self._saving.done.connect(self._on_saved)
        self._saving.failed.connect(self._on_not_saved)
        self._saving.progressed.connect(view.saving.set_progress)
        view.saving.stop_wanted.connect(self._stop_saving)

    @property
    def is_working(self) -> bool:
        """Whether something is being looked through."""
        return any(one.is_busy for one in (self._search, self._counting, self._following, self._saving))

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self.view.set_theme(theme)

    def set_trace(self, trace: Trace | None) -> None:
        """Another trace is open, or none."""
        for one in (self._search, self._counting, self._following):
            one.cancel()
        self._trace, self._asked, self._course, self._plain = trace, None, None, None
        self.compare_with(None)
        self.view.set_tensor(None)

    def show_tensor(self, shown: TensorShown | TensorMissing | None, recorded: int, iteration: int) -> None:
        """Shows a tensor, or its difference if that is what is looked at. recorded: how many events are."""
        self._plain, self._recorded = shown, recorded
        self.view.over_time.plot.set_current(iteration if iteration >= 0 else None)
        self.view.set_tensor(self._as_looked_at())

    def compare_with(self, path: Path | None, name: str = "") -> None:
        """Shows differences to another trace from now on, None: no longer. Raises TraceError if it cannot be read."""
        opened = None if path is None else Trace(path)
        if self._other is not None:
            self._other.close()
        self._other, self._other_name = opened, name or ("" if path is None else path.stem)
        delta = self.view.head.delta
        delta.blockSignals(True)
        delta.setChecked(opened is not None)
        delta.blockSignals(False)
        delta.setText(f"Δ {self._other_name}".strip())

    def find(self, what: str) -> None:
        """Goes to the largest, the smallest, or the first not finite number."""
        shown = self.view.shown
        wanted = next((one for one in _FINDABLE if one == what), None)
        if shown is None or wanted is None:
            return
        array = shown.array
        if array.size <= LARGEST_COUNTED_HERE:
            self._search.cancel()
            self._on_found((shown, wanted, find_element(array, wanted)))
        else:
            self._search.ask(lambda ticket: (shown, wanted, find_element(array, wanted, ticket.went_on)))

    def close(self) -> None:
        """Waits until nothing of it runs."""
        for one in (self._search, self._counting, self._following, self._saving):
            one.close()
        if self._other is not None:
            self._other.close()
            self._other = None

    def _as_looked_at(self) -> TensorShown | TensorMissing | None:
        """What is shown: the value, or what it differs by."""
        plain, trace = self._plain, self._trace
        if not isinstance(plain, TensorShown) or trace is None or not self.view.head.delta.isChecked():
            return plain
        if self._other is not None:
            return difference(plain, self._other, plain.iteration, self._other_name)
        before = plain.iteration - 1
        to = self.tr("iteration %1").replace("%1", str(before + 1))
        return difference(plain, trace, before, to)

    def _look(self) -> None:
        """Begins what the open tab shows."""
        if self.view.wants_histogram:
            self._count()
        if self.view.wants_course:
            self._follow()

    def _count(self) -> None:
        shown, statistics = self.view.shown, self.view.statistics
        if shown is None:
            return
        low, high = (0.0, 1.0) if statistics is None else (statistics.min, statistics.max)
        if shown.array.size <= LARGEST_COUNTED_HERE:
            self._counting.cancel()
            self._on_counted((shown, histogram_of(shown.array, low, high)))
            return
        self.view.histogram_pane.set_histogram(None, shown.kind, None)
        self._counting.ask(lambda ticket: (shown, histogram_of(shown.array, low, high, ticket.went_on)))

    def _follow(self) -> None:
        plain, view = self._plain, self.view
        if not isinstance(plain, TensorShown) or self._trace is None:
            return
        element = view.element if view.over_time.element.isChecked() else None
        if plain.array.size == 1:
            element = (0,) * plain.array.ndim
        asked = (Asked(self._trace.path, plain.role, element), self._recorded)
        if asked == self._asked:
            if self._course is not None:
                view.over_time.set_course(self._course, self._title(self._course))
            return
        self._asked, self._course = asked, None
        if not plain.role:
            self._following.cancel()
            reason = Bilingual(
                "This value has no name by which other iterations have it.", "这个值没有其他迭代也使用的名称。"
            )
            self._course = Course(asked[0], (), reason=reason)
            view.over_time.set_course(self._course, plain.title)
            return
        view.over_time.set_course(None, plain.title)
        self._following.ask(lambda ticket: course(asked[0], ticket.went_on))

    def _title(self, found: Course) -> str:
        title = self._plain.title if self._plain is not None else ""
        place = found.asked.element
        return f"{title}[{', '.join(map(str, place))}]" if place else title

    def _on_found(self, found: tuple[TensorShown, str, tuple[int, ...] | None]) -> None:
        shown, what, index = found
        if shown is not self.view.shown:
            return
        if index is None:
            text = self.tr("All numbers are finite.") if what == "not finite" else self.tr("No number is finite.")
            self.told.emit(text)
            return
        self.view.select_element(index)
        self.element_activated.emit(index)

    def _on_counted(self, found: tuple[TensorShown, Histogram]) -> None:
        shown, histogram = found
        if shown is self.view.shown:
            statistics = self.view.statistics
            mean = None if statistics is None else statistics.mean
            self.view.histogram_pane.set_histogram(histogram, shown.kind, mean)

    def _on_followed(self, found: Course) -> None:
        if self._asked is not None and found.asked == self._asked[0]:
            self._course = found
            self.view.over_time.set_course(found, self._title(found))

    def _on_difference_toggled(self, shown: bool) -> None:
        if not shown:
            self.compare_with(None)
        self.view.set_tensor(self._as_looked_at())

    def _ask_for_other(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self.view, self.tr("Difference to another trace"), "", self.tr("Traces (*.gradstep)")
        )
        if not name:
            return
        try:
            self.compare_with(Path(name))
        except GradstepError as error:
            self.failed.emit(error)
            return
        self.view.set_tensor(self._as_looked_at())

    def _ask_where_to_save(self, form: str) -> None:
        shown = self.view.shown
        if shown is None:
            return
        proposed = f"{shown.title.replace('/', '_')}.{form}"
        name, _ = QFileDialog.getSaveFileName(self.view, self.tr("Save the tensor"), proposed, _FORMATS[form])
        if name:
            self.save(Path(name), form)

    def save(self, path: Path, form: str) -> None:
        """Writes what is shown into a file: "npy" the whole tensor, "csv" the table, "png" the picture."""
        shown, plane = self.view.shown, self.view.plane
        if shown is None:
            return
        saved = self.tr("Saved as %1.").replace("%1", str(path))
        if form == "png":
            picture = self.view.picture()
            if picture.isNull():
                self.told.emit(self.tr("There are no elements to draw."))
            elif picture.save(str(path)):
                self.told.emit(saved)
            else:
                what = Bilingual(f"The picture cannot be saved as {path}.", f"图片无法保存为 {path}。")
                self.failed.emit(GradstepError(what, Bilingual("Choose another folder.", "请选择另一个文件夹。")))
            return

        def write(ticket: Ticket) -> str:
            if form == "csv" and plane is not None:
                save_csv(plane, path, ticket.went_on)
            else:
                save_npy(shown.array, path, ticket.went_on)
            return saved

        self._saving.ask(write)

    def _on_saved(self, told: str) -> None:
        self.view.saving.hide()
        self.told.emit(told)

    def _on_not_saved(self, error: GradstepError) -> None:
        self.view.saving.hide()
        self.failed.emit(error)

    def _stop_saving(self) -> None:
        if self._saving.is_busy:
            self._saving.cancel()
            self._on_saved(self.tr("Nothing was saved."))
