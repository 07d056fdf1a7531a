"""The bundled fonts and icons: all there, readable by Qt, drawn in the colour asked for."""

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QFontDatabase, QIcon, QImage, QRawFont

from app import assets

pytestmark = pytest.mark.usefixtures("qapp")

ORANGE = QColor("#f0a030")
TOOLBAR_ICONS = {
    "play",
    "pause",
    "square",
    "step-forward",
    "step-back",
    "skip-forward",
    "skip-back",
    "arrow-down-to-line",
    "arrow-up-from-line",
    "redo-2",
    "undo-2",
    "rotate-ccw",
    "circle-dot",
    "maximize",
    "scan",
    "search",
    "sun",
    "moon",
    "folder-open",
    "save",
    "cpu",
    "dice-5",
    "table",
    "grid-3x3",
    "chart-line",
    "list-tree",
    "code",
    "terminal",
    "sigma",
    "git-branch",
    "chevron-down",
    "chevron-up",
    "chevron-left",
    "chevron-right",
}


def pixels(image: QImage) -> list[QColor]:
    """All pixels of a picture."""
    return [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]


def strongest_alpha(image: QImage) -> int:
    """The opacity of the least see-through pixel, 0 to 255."""
    return max(pixel.alpha() for pixel in pixels(image))


def is_drawn_in(image: QImage, color: QColor) -> bool:
    """Whether something is drawn, and every fully covered pixel has this colour, up to rounding; edges are blends."""
    covered = [pixel for pixel in pixels(image) if pixel.alpha() == 255]
    return bool(covered) and all(
        abs(pixel.red() - color.red()) <= 2
        and abs(pixel.green() - color.green()) <= 2
        and abs(pixel.blue() - color.blue()) <= 2
        for pixel in covered
    )


def test_the_families_of_the_design_are_loaded() -> None:
    assert {"Inter", "JetBrains Mono", "STIX Two Math"} <= set(assets.load_fonts())
    assert QFontDatabase.isFixedPitch("JetBrains Mono")
    assert not QFontDatabase.isFixedPitch("Inter")


@pytest.mark.parametrize(
    ("file", "letters"),
    [
        ("Inter-Regular.otf", "Cη∂→⁽ˡ⁾₁−×"),
        ("JetBrainsMono-Regular.ttf", "Cη∂→−×"),
        ("GradstepSigns-Regular.ttf", "ᵀ"),
        ("STIXTwoMath-Regular.ttf", "Cη∂∇∑⊤𝑧𝑎⁽ˡ⁾"),
    ],
)
def test_the_letters_of_the_field_are_in_the_fonts(file: str, letters: str) -> None:
    font = QRawFont(str(assets.resources_dir() / "fonts" / file), 16.0)
    assert [letter for letter in letters if not font.supportsCharacter(ord(letter))] == []


def test_every_font_has_its_licence_beside_it() -> None:
    fonts = assets.resources_dir() / "fonts"
    families = {file.stem.split("-")[0] for file in fonts.iterdir() if file.suffix in (".otf", ".ttf")}
    for family in families:
        text = (fonts / f"{family}-OFL.txt").read_text(encoding="utf-8")
        assert text.startswith("Copyright")
        assert "SIL OPEN FONT LICENSE Version 1.1" in text


def test_the_fonts_stay_small() -> None:
    assert sum(file.stat().st_size for file in (assets.resources_dir() / "fonts").iterdir()) < 4_000_000


@pytest.mark.parametrize("name", assets.icon_names())
def test_every_icon_is_drawn_in_the_colour_asked_for(name: str) -> None:
    image = assets.icon_pixmap(name, ORANGE, 48).toImage()
    assert is_drawn_in(image, ORANGE)
    assert 0.02 < sum(pixel.alpha() > 0 for pixel in pixels(image)) / 48**2 < 0.7


def test_the_icons_of_the_toolbar_are_there() -> None:
    assert set(assets.icon_names()) >= TOOLBAR_ICONS


def test_the_same_icon_is_not_drawn_twice() -> None:
    first = assets.icon("play", ORANGE)
    assert assets.icon("play", QColor("#f0a030")).cacheKey() == first.cacheKey()
    assert assets.icon("play", QColor("#56b4e9")).cacheKey() != first.cacheKey()


def test_a_disabled_icon_is_fainter_and_keeps_its_colour() -> None:
    drawn = assets.icon("square", ORANGE)
    normal, disabled = (
        drawn.pixmap(QSize(32, 32), 1.0, mode).toImage() for mode in (QIcon.Mode.Normal, QIcon.Mode.Disabled)
    )
    assert is_drawn_in(normal, ORANGE)
    assert strongest_alpha(disabled) == pytest.approx(0.35 * 255, abs=2)
    assert max(pixels(disabled), key=QColor.alpha).hue() == pytest.approx(ORANGE.hue(), abs=3)


def test_a_see_through_colour_gives_a_see_through_icon() -> None:
    image = assets.icon_pixmap("square", QColor(240, 160, 48, 128), 32).toImage()
    assert strongest_alpha(image) == pytest.approx(128, abs=2)


def test_a_pixmap_for_a_dense_screen_has_more_pixels_and_the_same_size() -> None:
    picture = assets.icon_pixmap("play", ORANGE, 20, pixel_ratio=2.0)
    assert (picture.width(), picture.deviceIndependentSize().width()) == (40, 20.0)


def test_the_application_icon_shows_forward_backward_and_current() -> None:
    image = assets.application_icon().pixmap(QSize(256, 256), 1.0).toImage()
    assert {"#56b4e9", "#f0a030", "#ffd60a"} <= {pixel.name() for pixel in pixels(image)}
    assert image.pixelColor(0, 0).alpha() == 0


def test_an_unknown_icon_is_refused_with_the_names_that_exist() -> None:
    with pytest.raises(assets.MissingAssetError, match=r"no icon called 'plya'.*There are: .*play"):
        assets.icon("plya", ORANGE)


def test_missing_fonts_are_reported_with_a_way_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "resources_dir", lambda: tmp_path)
    with pytest.raises(assets.MissingAssetError, match="Install Gradstep again"):
        assets.load_fonts.__wrapped__()
    (tmp_path / "fonts").mkdir()
    (tmp_path / "fonts" / "broken.ttf").write_bytes(b"not a font")
    with pytest.raises(assets.MissingAssetError, match=r"cannot read the font .*broken\.ttf"):
        assets.load_fonts.__wrapped__()


def test_icons_that_outlive_the_application_end_the_process_quietly() -> None:
    program = (
        "from PySide6.QtGui import QColor, QGuiApplication\n"
        "from app import assets\n"
        "application = QGuiApplication(['gradstep'])\n"
        "assets.load_fonts(); assets.application_icon(); assets.icon('play', QColor('red'))\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=assets.resources_dir().parent, capture_output=True, text=True, timeout=60
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
