"""A whole trace: counts by answer, shares, differences and reasons."""

from engine.analysis.verdict.answer import Answer
from engine.analysis.verdict.report import check, usual_iterations
from tests.helpers.checked_programs import NET, SQUARE


def test_counts_add_up(recorded) -> None:
    trace = recorded(source=NET)
    report = check(trace)
    assert sum(row.events for row in report.rows) == len(trace)
    assert sum(report.count(answer) for answer in Answer) == len(trace)
    assert report.count(Answer.CANNOT_CHECK) == sum(map(len, report.unchecked.values()))
    assert {share.group: share.events for share in report.shares} == {
        group: sum(row.events for row in report.rows if row.group == group)
        for group in ("forward", "backward", ".grad", "update")
    }
    assert report.agrees
    assert len(report.passes) == 2


def test_an_iteration_of_a_plain_net_is_checked_and_explained_completely(recorded) -> None:
    report = check(recorded(source=NET), [0, 1])
    for share in report.shares:
        assert share.checked == share.explained == share.events
    linear = next(row for row in report.rows if row.name.english == "linear")
    assert (linear.events, linear.agrees) == (4, 4)
    assert 0 < linear.ulps < 1000


def test_a_difference_is_in_the_report(recorded) -> None:
    report = check(recorded(source=SQUARE.replace("{gradient}", "3 * x")))
    assert not report.agrees
    assert [found.name for found in report.differences] == ["SquareBackward"]
    assert [found.differing for found in report.passes] == [["w"]]


def test_the_whole_program_can_be_left_out(recorded) -> None:
    assert check(recorded(source=NET), [0], whole=False).passes == ()


def test_progress_is_told(recorded) -> None:
    told: list[tuple[int, int, int]] = []
    check(recorded(source=NET), [1], progress=lambda *place: told.append(place))
    assert [done for _, done, _ in told] == list(range(told[0][2]))
    assert {number for number, *_ in told} == {1}


def test_the_usual_iterations_are_the_first_second_and_last(recorded) -> None:
    assert usual_iterations(recorded("hello", "--iterations", "5")) == ([0, 1, 4], 5)
    assert usual_iterations(recorded("hello", "--iterations", "2")) == ([0, 1], 2)
