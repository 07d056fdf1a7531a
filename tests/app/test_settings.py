"""What the window remembers comes back as it was, and a spoilt file does no harm."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QSettings

from app.settings import MOST_DIGITS, RECENT_LIMIT, Settings, load_settings, save_settings


def store(folder: Path) -> QSettings:
    return QSettings(str(folder / "gradstep.ini"), QSettings.Format.IniFormat)


def test_an_empty_file_gives_the_defaults(tmp_path: Path) -> None:
    assert load_settings(store(tmp_path)) == Settings()


def test_everything_survives_a_round_trip(tmp_path: Path) -> None:
    written = Settings(
        theme="projector", digits=5, level="operation", geometry=b"\x01\x00\xff", layout=b"ab",
        recent=("/a.py", "/b, c.py"), trusted=("/a.py",), reduce_motion=True,
        watches=("/a, b.py\nclip(z1, -1, 1)\nloss",), language="zh_CN", font_percent=150, budget_mib=77,
        keys=("step_over=F7", "stop="), layouts=("My own\tAAH/",), hints_read=("levels",),
    )  # fmt: skip
    save_settings(store(tmp_path), written)
    assert load_settings(store(tmp_path)) == written


def test_one_recent_file_stays_a_list(tmp_path: Path) -> None:
    save_settings(store(tmp_path), replace(Settings(), recent=("/only.py",)))
    assert load_settings(store(tmp_path)).recent == ("/only.py",)


def test_nonsense_in_the_file_is_ignored(tmp_path: Path) -> None:
    (tmp_path / "gradstep.ini").write_text("[General]\ndigits=many\ngeometry=7\nreduce_motion=perhaps\n")
    assert load_settings(store(tmp_path)) == Settings()


def test_digits_stay_within_what_makes_sense(tmp_path: Path) -> None:
    (tmp_path / "gradstep.ini").write_text("[General]\ndigits=400\n")
    assert load_settings(store(tmp_path)).digits == MOST_DIGITS


def test_letters_stay_within_what_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "gradstep.ini").write_text("[General]\nfont_percent=9000\nbudget_mib=-3\n")
    loaded = load_settings(store(tmp_path))
    assert (loaded.font_percent, loaded.budget_mib) == (200, 1)


def test_keys_of_the_user_come_before_those_that_actions_came_with() -> None:
    settings = Settings().with_keys({"stop": "", "step_over": "Ctrl+="})
    assert settings.key_of("step_over") == "Ctrl+="
    assert settings.key_of("stop") == ""
    assert settings.key_of("fit") is None


def test_arrangements_are_kept_by_name() -> None:
    settings = Settings().with_layout("wide", b"\x00\xff").with_layout("tall", b"t").with_layout("wide", b"w")
    assert settings.layout_named("wide") == b"w"
    assert settings.layout_named("tall") == b"t"
    assert settings.layout_named("none") is None
    assert settings.with_layout("wide", None).layout_named("wide") is None


def test_a_hint_is_put_away_once() -> None:
    assert Settings().having_read("a").having_read("b").having_read("a").hints_read == ("a", "b")


def test_recent_files_are_the_newest_first_and_few(tmp_path: Path) -> None:
    settings = Settings()
    for number in range(RECENT_LIMIT + 3):
        settings = settings.opened(tmp_path / f"{number}.py")
    settings = settings.opened(tmp_path / "5.py")
    assert len(settings.recent) == RECENT_LIMIT
    assert [Path(one).stem for one in settings.recent[:3]] == ["5", "10", "9"]


def test_trust_is_given_once(tmp_path: Path) -> None:
    script = tmp_path / "a.py"
    settings = Settings().trusting(script).trusting(script)
    assert settings.trusted == (str(script.resolve()),)


def test_watches_are_kept_for_each_script() -> None:
    settings = Settings().watching("/a.py", ("loss", "z1")).watching("/b.py", ("C",)).watching("/a.py", ("lr",))
    assert settings.watches_of("/a.py") == ("lr",)
    assert settings.watches_of("/b.py") == ("C",)
    assert settings.watches_of("/c.py") == ()
    assert settings.watching("/a.py", ()).watches == ("/b.py\nC",)
