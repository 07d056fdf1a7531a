"""The languages of the window: which there are, and how one is put on, also while the window is open."""

from __future__ import annotations

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from app.assets import resources_dir
from engine.bilingual import Bilingual

LANGUAGES: dict[str, str] = {"en": "English", "zh_CN": "简体中文"}
"""Codes of the languages, each with its name in itself."""

_installed: list[QTranslator] = []
"""Qt does not keep translators; there is one application a process."""


def language_of(wish: str, system: QLocale) -> str:
    """The code of the language to speak: the one wished for, else the system's, else English."""
    if wish in LANGUAGES:
        return wish
    return "zh_CN" if system.language() is QLocale.Language.Chinese else "en"


def is_chinese() -> bool:
    """Whether the window speaks Chinese now, for texts that are written in both languages side by side."""
    return QLocale().language() is QLocale.Language.Chinese


def spoken() -> str:
    """The code of the language that the window speaks now; lessons have the same codes."""
    return "zh_CN" if is_chinese() else "en"


def say(text: Bilingual) -> str:
    """A text in the language that the window speaks now."""
    return text.in_language(is_chinese())


def speak(app: QApplication, language: str) -> None:
    """Makes all text that is written from now on be in this language, ours and Qt's own. language: a code."""
    locale = QLocale(language)
    for translator in _installed:
        app.removeTranslator(translator)
    _installed.clear()
    QLocale.setDefault(locale)
    places = (("qtbase", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)),
              ("gradstep", str(resources_dir() / "i18n")))  # fmt: skip
    for name, folder in places:
        translator = QTranslator(app)
        if translator.load(locale, name, "_", folder):
            app.installTranslator(translator)
            _installed.append(translator)
