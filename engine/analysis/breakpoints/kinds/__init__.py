"""What breakpoints can wait for, one file a kind; importing this fills the table."""

from importlib import import_module
from pkgutil import iter_modules

for _kind in iter_modules(__path__):
    import_module(f"{__name__}.{_kind.name}")
