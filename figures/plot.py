#!/usr/bin/python3
"""Draws the figures of the book from what the chapters' runs left in their folders.

    plot.py out/01_entropy_kl out/05_vae     as NAME_light.svg and NAME_dark.svg beside the tables
    plot.py out/* --keep figures             and copies what the book shows to figures/NN_name/
"""

import argparse
import importlib.util
import json
import logging
import multiprocessing
import os
import re
import signal
import sys
import traceback
import warnings
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
try:
    import numpy as np
    import style
except ImportError as error:
    sys.exit(f"plot.py: {error}; wanted matplotlib: install Debian's python3-matplotlib, or run "
             "this by the Python that has it")

CHAPTERS = Path(__file__).resolve().parents[1] / "chapters"
KEPT = (".svg", ".png", ".gif", ".json", ".csv")  # what may be removed where figures are kept


class BadInput(Exception):
    """One line for the reader: what was wanted, what was found, what to do."""


def first_line(error):
    said = (str(error).splitlines() or [""])[0].split(";")[0]
    return f"{type(error).__name__}: {said}"


# --- What a run left ---


class Named(dict):
    """Numbers or columns of numbers by name, from one file."""

    def __init__(self, path, content):
        super().__init__(content)
        self.path = path

    def __missing__(self, name):
        raise BadInput(f"{self.path}: wanted '{name}' in it, found {', '.join(self) or 'nothing'}; "
                       "run the chapter again")


def read_table(path):
    again = "run the chapter again"
    try:
        with open(path, encoding="utf-8") as file, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an empty table is told of below
            names = file.readline().strip().split(",")
            values = np.loadtxt(file, delimiter=",", ndmin=2)
    except FileNotFoundError:
        raise BadInput(f"{path}: wanted this table, found no such file; {again}") from None
    except (OSError, ValueError) as error:
        raise BadInput(f"{path}: wanted a table of numbers, found {first_line(error)}; "
                       f"{again}") from None
    if len(values) == 0 or values.shape[1] != len(names):
        raise BadInput(f"{path}: wanted rows of {len(names)} numbers below as many names, found "
                       f"{values.shape[0]} rows of {values.shape[1]}; {again}")
    return Named(path, zip(names, values.T))


class Run:
    """A folder that a chapter's run wrote: run["table"]["column"], run.results["name"]."""

    def __init__(self, folder):
        self.folder = folder
        self.tables = {}
        path = folder / "results.json"
        wanted = f"{path}: wanted a chapter's results, found"
        again = f"run the chapter with --out {folder}"
        try:
            written = json.loads(path.read_text(encoding="utf-8"))
            self.chapter = str(written["chapter"])
            self.results = Named(path, written["results"])
        except FileNotFoundError:
            raise BadInput(f"{wanted} no such file; {again}") from None
        except (OSError, ValueError, LookupError, TypeError) as error:
            raise BadInput(f"{wanted} {first_line(error)}; {again}") from None
        known = re.fullmatch(r"\d\d_\w+", self.chapter) and (CHAPTERS / self.chapter).is_dir()
        if not known:
            raise BadInput(f"{wanted} those of '{self.chapter}', which is not in {CHAPTERS}; "
                           f"{again}")

    def __getitem__(self, table):
        if table not in self.tables:
            self.tables[table] = read_table(self.folder / f"{table}.csv")
        return self.tables[table]

    @cached_property
    def module(self):
        """The chapter's figures.py; None for a chapter that has none."""
        path = CHAPTERS / self.chapter / "figures.py"
        if not path.exists():
            return None
        spec = importlib.util.spec_from_file_location(f"figures_{self.chapter}", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    @property
    def figures(self):
        return getattr(self.module, "FIGURES", ())

    @property
    def animations(self):
        return getattr(self.module, "ANIMATIONS", ())

    @property
    def kept_tables(self):
        """Tables that a page of the book reads itself; figures.py names them in KEPT_TABLES."""
        return [f"{name}.csv" for name in getattr(self.module, "KEPT_TABLES", ())]

    def drawn(self, ink):
        """Names of the files that draw() writes."""
        return [*(f"{figure.__name__}_{ink.name}.svg" for figure in self.figures),
                *(f"{animation.__name__}_{ink.name}.gif" for animation in self.animations)]


# --- Drawing ---


def replace(path, write):
    """A file is there whole or not at all."""
    part = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        write(part)
        os.replace(part, path)
    except OSError as error:
        raise BadInput(f"{path}: wanted to write it, found {first_line(error)}; free the path or "
                       "take a folder you may write to") from None
    finally:
        try:
            part.unlink(missing_ok=True)
        except OSError:
            pass


@contextmanager
def one_line(run, figure):
    """A figure that cannot cope with what its run left must not stop the other chapters."""
    try:
        yield
    except BadInput:
        raise
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        raise BadInput(f"{run.folder}: {figure.__name__} cannot be drawn: {first_line(error)} "
                       f"({where.filename}, line {where.lineno}); run the chapter again, with less "
                       "extreme options") from error


def draw(run, ink):
    """Every figure of a run in one theme."""
    with style.themed(ink):
        for figure, name in zip((*run.figures, *run.animations), run.drawn(ink)):
            with one_line(run, figure):
                drawing = style.Page()
                frames = figure(run, drawing, ink)
                replace(run.folder / name, lambda part: drawing.save(part, frames, ink))


def attempt(folder, ink):
    """draw() for a worker: None, or the line that says why not."""
    try:
        draw(Run(folder), ink)
    except BadInput as error:
        return str(error)
    return None


def draw_all(folders):
    """Both themes of every folder, two at a time. Returns what went wrong, by folder."""
    jobs = [(folder, ink) for folder in folders for ink in style.THEMES]
    pool = ProcessPoolExecutor(2, multiprocessing.get_context("fork"), signal.signal,
                               (signal.SIGINT, signal.SIG_DFL))
    with pool:
        told = list(pool.map(attempt, *zip(*jobs)))
    return {folder: line for (folder, _), line in zip(jobs, told) if line}


# --- Keeping ---


def keep(run, folder):
    """Copies what the book shows to folder/NN_name, and removes there what is made no more."""
    names = {"results.json", *run.kept_tables, *(path.name for path in run.folder.glob("*.png")),
             *(name for ink in style.THEMES for name in run.drawn(ink))}
    target = folder / run.chapter
    try:
        target.mkdir(parents=True, exist_ok=True)
        for name in sorted(names):
            content = (run.folder / name).read_bytes()
            replace(target / name, lambda part: part.write_bytes(content))
        for path in target.iterdir():
            if path.suffix in KEPT and path.name not in names:
                path.unlink()
    except OSError as error:
        raise BadInput(f"{target}: wanted to keep figures there, found {first_line(error)}; take "
                       "a folder you may write to") from None


# --- Command line ---


class Parser(argparse.ArgumentParser):
    def error(self, message):
        self.exit(2, f"plot.py: {message}; see plot.py --help\n")


def parse(arguments):
    parser = Parser(prog="plot.py", description=__doc__, allow_abbrev=False,
                    formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", metavar="OUT_DIR", type=Path,
                        help="folder that a chapter's run wrote")
    parser.add_argument("--keep", metavar="FOLDER", type=Path, help="copy to FOLDER/NN_name, too")
    options = parser.parse_args(arguments)
    options.folders = list(dict.fromkeys(options.folders))
    return options


def main(arguments):
    options = parse(arguments)
    logging.getLogger("matplotlib").setLevel(logging.ERROR)  # no chatter about its font cache
    warnings.simplefilter("ignore")  # nor about a layout that is tight
    failures = draw_all(options.folders)
    for folder in options.folders:
        try:
            if folder in failures:
                raise BadInput(failures[folder])
            run = Run(folder)
            where = str(folder)
            if options.keep:
                keep(run, options.keep)
                where += f", kept in {options.keep / run.chapter}"
            count = len(run.figures) + len(run.animations)
            print(f"{run.chapter}: {count} figures, light and dark, in {where}", flush=True)
        except BadInput as error:
            failures[folder] = str(error)
            print(f"plot.py: {error}", file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except BrokenProcessPool:
        sys.exit("plot.py: the drawing was killed; was there memory left?")
    except KeyboardInterrupt:
        sys.exit(130)
