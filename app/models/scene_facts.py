"""When each value, gradient and `.grad` box of a scene is known: from the quantities, and from events where none is.

NOTE [Boxes]
`.grad` is filled by AccumulateGrad just after the gradient became known. Where steps are quantities, the box is filled
by the step that reveals the gradient: nothing else happens that a learner could see.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from app.models.built_scene import BoxChange, CardFacts, Known, PillFacts
from app.models.scene import GradStatus
from engine.analysis.families import is_in_place
from engine.analysis.graph import GraphNode
from engine.analysis.quantities import Quantity
from engine.events import Event, Kind, Phase
from engine.trace.reader import Trace

_NO_ARRAY = -1
MOST_EARLIER = 20
"""So many iterations are looked back to count the passes that are in a box that nobody empties."""


class SceneFacts:
    """Looks up what is known when, for one iteration."""

    def __init__(self, trace: Trace, iteration: int, steps: Sequence[Quantity]) -> None:
        self._trace = trace
        self.quantities = steps
        self._events = trace.events(iteration=iteration)
        self._edited = [one for one in self._events if one.kind == Kind.EDIT and not one.pending and one.inputs]
        self._values: dict[int, Known] = {}
        self._grads: defaultdict[int, list[Known]] = defaultdict(list)
        self._tensor_grads: defaultdict[int, list[Known]] = defaultdict(list)
        self._updates: defaultdict[int, list[Known]] = defaultdict(list)
        for step in steps:
            self._sort_in(step)
        self._arrived = self._arrivals()
        self._boxes = self._box_changes(iteration)

    def of_card(self, node: GraphNode) -> CardFacts:
        """Facts of an input or an op."""
        if node.value is None:
            return CardFacts()
        grads = tuple(self._grads[node.value]) or self._recorded_grads(node)
        edits = tuple(self._edits(node.value))
        if node.position is None:
            return CardFacts(Known(node.value, 0), grads, edits)
        return CardFacts(self._values.get(node.value, Known(node.value, node.position + 1)), grads, edits)

    def _edits(self, value: int) -> Iterator[Known]:
        """What somebody put in the place of a value by hand, in order."""
        for event in self._edited:
            if event.inputs[0].value == value:
                new = event.outputs[0].value if event.outputs else None
                if new is not None and event.tensor is None:
                    value = new
                    yield self._values.get(new, Known(new, event.position + 1))

    def of_pill(self, node: GraphNode) -> PillFacts:
        """Facts of a parameter."""
        is_scalar = all(size == 1 for size in node.shape)
        if node.tensor is None:
            return PillFacts(node.value, is_scalar)
        updates, boxes = self._updates[node.tensor], self._boxes.get(node.tensor, [])
        return PillFacts(node.value, is_scalar, tuple(updates), tuple(boxes))

    def _sort_in(self, step: Quantity) -> None:
        if step.value is None:
            return
        known = Known(step.value, step.known_at, step.index)
        if step.phase == Phase.FORWARD:
            self._values.setdefault(step.value, known)
        elif step.phase == Phase.UPDATE:
            if step.tensor is not None:
                self._updates[step.tensor].append(known)
        elif step.target is not None:
            self._grads[step.target].append(known)
        elif step.tensor is not None:
            self._tensor_grads[step.tensor].append(known)

    def _arrivals(self) -> dict[tuple[int, int], Known]:
        """Gradients that arrived at (node, output number), for values whose gradient is no step."""
        return {
            (event.node, slot.index): Known(slot.value, event.position + 1)
            for event in self._events
            if event.kind == Kind.NODE and event.node is not None
            for slot in event.inputs
            if slot.value is not None
        }

    def _recorded_grads(self, node: GraphNode) -> tuple[Known, ...]:
        if node.position is None:
            fills = (self._trace.event(position) for position in node.backward)
            found = (_accumulated(event) for event in fills if event is not None)
            return tuple(known for known in found if known is not None)
        event = self._trace.event(node.position)
        slots = [slot for slot in event.outputs if slot.value == node.value] if event is not None else []
        places = ((slot.node, slot.index) for slot in slots if slot.node is not None)
        return tuple(self._arrived[place] for place in places if place in self._arrived)

    def _box_changes(self, iteration: int) -> dict[int, list[BoxChange]]:
        """Changes in this iteration, first the state that the one before left behind."""
        begin = self._events[0].position if self._events else 0
        before = _Boxes(self._trace, {})
        earlier, unsure = self._earlier(iteration)
        for event in earlier:
            before.visit(event)
        boxes = _Boxes(self._trace, self._tensor_grads)
        for tensor, changes in before.found.items():
            last = changes[-1]
            status: GradStatus = "holding" if last.status == "added" else last.status
            passes = 0 if tensor in unsure else last.passes
            boxes.found[tensor].append(BoxChange(Known(last.at.value, begin), status, passes))
        for event in self._events:
            boxes.visit(event)
        return dict(boxes.found)

    def _earlier(self, iteration: int) -> tuple[list[Event], set[int]]:
        """Events since all boxes were last emptied, and the tensors of boxes of which that is too long ago to look."""
        found: list[list[Event]] = []
        filled: set[int] = set()
        emptied: set[int] = set()
        oldest = max(-1, iteration - MOST_EARLIER)
        for number in range(iteration - 1, oldest - 1, -1):
            events = list(self._trace.events(iteration=number))
            found.append(events)
            filled |= {one.tensor for one in events if one.tensor is not None and one.kind == Kind.NODE}
            emptied |= {one.tensor for one in events if one.tensor is not None and one.kind == Kind.GRAD}
            if filled <= emptied:
                return [event for events in reversed(found) for event in events], set()
        unsure = filled - emptied if oldest > -1 else set()
        return [event for events in reversed(found) for event in events], unsure


class _Boxes:
    """Follows the `.grad` boxes through events. revealed: tensor -> the steps that reveal its gradients."""

    def __init__(self, trace: Trace, revealed: dict[int, list[Known]]) -> None:
        self.found: defaultdict[int, list[BoxChange]] = defaultdict(list)
        self._trace = trace
        self._revealed = revealed
        self._fills: defaultdict[int, int] = defaultdict(int)

    def visit(self, event: Event) -> None:
        """Takes in one event, in order."""
        if event.pending:
            return
        if event.kind == Kind.OP:
            self._visit_write(event)
        elif event.tensor is not None and event.kind == Kind.GRAD:
            self._set(event.tensor, event.outputs[0].value if event.outputs else None, event.position)
        elif event.tensor is not None and event.kind == Kind.NODE and (filled := _accumulated(event)) is not None:
            changes = self.found[event.tensor]
            is_empty = not changes or changes[-1].status in ("none", "zero")
            before = changes[-1].passes if changes else 0
            passes = 1 if is_empty else before + 1 if before else 0
            status: GradStatus = "holding" if is_empty else "added"
            changes.append(BoxChange(self._when(event.tensor, filled), status, passes))

    def _visit_write(self, event: Event) -> None:
        """A box written to by hand, as `w.grad.zero_()` does."""
        if not (event.inputs and event.outputs and is_in_place(event)):
            return
        old, new = event.inputs[0].value, event.outputs[0].value
        for tensor, changes in self.found.items():
            if old is not None and changes and changes[-1].at.value == old:
                self._set(tensor, new, event.position)

    def _set(self, tensor: int, value: int | None, position: int) -> None:
        status: GradStatus = "none" if value is None else "zero" if self._is_zero(value) else "holding"
        at = Known(_NO_ARRAY if value is None else value, position + 1)
        self.found[tensor].append(BoxChange(at, status))

    def _when(self, tensor: int, filled: Known) -> Known:
        """See NOTE [Boxes]."""
        steps, fill = self._revealed.get(tensor, []), self._fills[tensor]
        self._fills[tensor] += 1
        return Known(filled.value, filled.known_at, steps[fill].quantity) if fill < len(steps) else filled

    def _is_zero(self, value: int) -> bool:
        known = self._trace.value(value).statistics
        return known is not None and known.norm == 0.0


def _accumulated(event: Event) -> Known | None:
    """What is in `.grad` after an AccumulateGrad."""
    value = next((slot.value for slot in event.outputs if slot.name == "grad"), None)
    return None if value is None else Known(value, event.position + 1)
