"""The one stylesheet, made from a theme. Widgets choose a look by the dynamic property `look`, never by name."""

from __future__ import annotations

from string import Template
from typing import TYPE_CHECKING

from studio_resources import icon

if TYPE_CHECKING:
    from studio.gui.theme import Theme


def stylesheet(theme: Theme) -> str:
    """Qt style sheet text for a theme."""
    return Template(_SHEET).substitute(
        background=theme.background,
        pane=theme.pane,
        raised=theme.raised,
        line=theme.line,
        ink=theme.ink,
        dim=theme.dim,
        accent=theme.accent,
        bad=theme.bad,
        on_accent=theme.on_accent,
        hover="#2b3038" if theme.dark else "#e6e8ed",
        pressed="#343a44" if theme.dark else "#d9dce3",
        chevron=icon("chevron").as_posix(),
        check=icon("check-dark" if theme.dark else "check-light").as_posix(),
        accent_hover="#93aeff" if theme.dark else "#3357c8",
    )


_SHEET = """
QWidget { color: $ink; }
QMainWindow, QDialog { background: $pane; }
QToolTip { background: $raised; color: $ink; border: 1px solid $line; padding: 6px 8px; }

QLabel[look="section"] { color: $dim; font-size: 12px; font-weight: 600; }
QLabel[look="dim"] { color: $dim; }
QLabel[look="title"] { font-size: 20px; font-weight: 600; }
QLabel[look="strong"] { font-weight: 600; }
QLabel[look="small"] { color: $dim; font-size: 12px; }
QLabel[look="question"] { font-size: 15px; font-weight: 600; }
QLabel[look="hero"] { font-size: 26px; font-weight: 600; }
QLabel[look="bad"] { color: $bad; font-size: 12px; }

QPushButton, QToolButton[look="button"] {
    background: $raised; border: 1px solid $line; border-radius: 6px; padding: 0 14px; min-height: 26px;
}
QPushButton:hover, QToolButton[look="button"]:hover { background: $hover; }
QPushButton:pressed, QToolButton[look="button"]:pressed, QPushButton:checked { background: $pressed; }
QPushButton:focus, QToolButton[look="button"]:focus { border-color: $accent; }
QPushButton:disabled { color: $dim; background: transparent; }
QPushButton::menu-indicator { width: 0; }
*[look="card"] QPushButton[look="plain"] { background: $pane; }
*[look="card"] QPushButton[look="plain"]:hover { background: $hover; }
QPushButton[look="primary"] {
    background: $accent; border-color: $accent; color: $on_accent; font-weight: 600;
}
QPushButton[look="primary"]:hover { background: $accent_hover; }
QPushButton[look="primary"]:focus { border: 2px solid $ink; padding: 0 13px; min-height: 24px; }
QPushButton[look="primary"]:disabled { background: $raised; border-color: $line; color: $dim; }
QPushButton[look="quiet-first"] { margin-left: -8px; }
QPushButton[look="quiet"], QPushButton[look="quiet-first"] {
    background: transparent; border-color: transparent; color: $dim; padding: 0 8px;
}
QPushButton[look="quiet"]:hover, QPushButton[look="quiet-first"]:hover { color: $ink; }
QPushButton[look="quiet"]:focus, QPushButton[look="quiet-first"]:focus { border-color: $accent; color: $ink; }
QPushButton[look="small"] {
    background: transparent; border-color: transparent; color: $dim; font-size: 12px; padding: 0 8px; min-height: 20px;
}
QPushButton[look="small"]:hover { color: $ink; }
QPushButton[look="small"]:focus { border-color: $accent; }
QPushButton[look="choice"] { text-align: left; padding: 0 10px; }
QPushButton[look="crumb"] { background: transparent; border-color: transparent; padding: 0 6px; margin-left: -8px; }
QPushButton[look="crumb"]:hover { background: $hover; }
QPushButton[look="crumb"]:focus { border-color: $accent; }
QToolButton[look="fold"] { color: $dim; padding: 0 8px 0 0; }
QToolButton[look="fold"]:hover { color: $ink; background: transparent; }
QToolButton { background: transparent; border: 1px solid transparent; border-radius: 6px; padding: 0; }
QToolButton:hover { background: $hover; }
QToolButton:pressed, QToolButton:checked { background: $pressed; }
QToolButton:focus { border-color: $accent; }
QToolButton::menu-indicator { width: 0; }

QLineEdit, QAbstractSpinBox, QComboBox {
    background: $raised; border: 1px solid $line; border-radius: 6px; padding: 0 8px; min-height: 26px;
    selection-background-color: $accent; selection-color: $on_accent;
}
QAbstractSpinBox QLineEdit { background: transparent; border: 0; padding: 0; min-height: 0; }
QLineEdit:hover, QAbstractSpinBox:hover, QComboBox:hover { border-color: $dim; }
QLineEdit:focus, QAbstractSpinBox:focus, QComboBox:focus { border-color: $accent; }
QLineEdit[invalid="true"], QAbstractSpinBox[invalid="true"] { border-color: $bad; }
QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled { color: $dim; background: transparent; }
QLineEdit:read-only { background: transparent; }
QLineEdit[look="value"] { background: transparent; border: 0; border-bottom: 1px solid transparent; border-radius: 0;
    padding: 0; min-height: 18px; }
QLineEdit[look="value"]:hover { border-bottom-color: $dim; }
QLineEdit[look="value"]:focus { border-bottom-color: $accent; }
QLineEdit[look="value"][invalid="true"] { border-bottom-color: $bad; color: $bad; }
QComboBox::drop-down { border: 0; width: 24px; }
QComboBox::down-arrow { image: url($chevron); width: 12px; height: 12px; }
QComboBox QAbstractItemView::item { min-height: 26px; padding: 0 8px; border-radius: 4px; }
QComboBox QAbstractItemView::item:selected { background: $accent; color: $on_accent; }
QComboBox QAbstractItemView { background: $raised; border: 1px solid $line; padding: 4px; outline: 0; }
QSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::up-button, QDoubleSpinBox::down-button {
    width: 0; border: 0;
}
QCheckBox { spacing: 8px; min-height: 26px; }
QCheckBox::indicator { width: 16px; height: 16px; border: 1px solid $dim; border-radius: 4px; background: $raised; }
QCheckBox::indicator:hover { border-color: $ink; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: url($check); }
QCheckBox::indicator:focus { border-color: $ink; }
QCheckBox::indicator:disabled { border-color: $line; background: transparent; }
QCheckBox::indicator:checked:disabled { background: $dim; border-color: $dim; }

QTabBar[look="pills"] { border: 0; qproperty-drawBase: 0; }
QTabBar[look="pills"]::tab {
    background: transparent; color: $dim; border: 1px solid transparent; border-radius: 6px; padding: 0 12px;
    min-height: 26px; margin-right: 4px;
}
QTabBar[look="pills"]::tab:hover { color: $ink; }
QTabBar[look="pills"]::tab:selected { background: $raised; color: $ink; }
QTabBar[look="pills"]::tab:focus { border-color: $accent; }

QMenu { background: $raised; border: 1px solid $line; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 12px; border-radius: 4px; }
QMenu::item:selected { background: $accent; color: $on_accent; }
QMenu::item:disabled { color: $dim; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }

QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; border: 0; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 2px; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 2px; }
QScrollBar::handle { background: $line; border-radius: 3px; min-height: 32px; min-width: 32px; }
QScrollBar::handle:hover { background: $dim; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {
    background: transparent; width: 0; height: 0;
}

QAbstractItemView { background: transparent; border: 0; outline: 0; alternate-background-color: transparent; }
QTableView { gridline-color: transparent; selection-background-color: $raised; selection-color: $ink; }
QTableView::item { padding: 0 8px; border: 0; }
QTableView::item:selected { background: $raised; color: $ink; }
QTableView:focus { border: 1px solid $accent; border-radius: 6px; }
QTableView { border: 1px solid transparent; }
QHeaderView { background: transparent; }
QHeaderView::section {
    background: transparent; color: $dim; border: 0; border-bottom: 1px solid $line; padding: 6px 11px; font-size: 12px;
    font-weight: 600;
}
QHeaderView::up-arrow, QHeaderView::down-arrow { width: 0; height: 0; }
QListView::item { border-radius: 6px; padding: 6px 10px; }
QListView::item:selected { background: $raised; color: $ink; }
*[look="palette"] QLineEdit { background: $pane; }
*[look="palette"] QListView::item:selected { background: $pressed; }
QPlainTextEdit, QTextEdit {
    background: $raised; border: 1px solid $line; border-radius: 6px; padding: 6px;
    selection-background-color: $accent; selection-color: $on_accent;
}
QPlainTextEdit:focus, QTextEdit:focus { border-color: $accent; }

QProgressBar { background: $line; border: 0; border-radius: 2px; max-height: 4px; min-height: 4px; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }
QSplitter::handle { background: $line; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QSplitter::handle:hover { background: $accent; }
QFrame[look="line"] { background: $line; border: 0; }
QWidget[look="pane"] { background: $pane; }
"""
