"""What a room declares in a file of its own is found when its app gets ready: nobody keeps a list of rooms."""

from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules


def read_rooms(app: str, *files: str) -> None:
    """Imports the files of these names (`problems`) of the app itself and of every room that has one, by their names."""
    rooms = [room.name for room in iter_modules(import_module(app).__path__, f"{app}.") if room.ispkg]
    for place in (app, *sorted(rooms)):
        for file in files:
            if find_spec(f"{place}.{file}"):
                import_module(f"{place}.{file}")
