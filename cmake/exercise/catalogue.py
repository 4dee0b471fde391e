"""The exercises that there are: chapters/NN_name/exercises/exercises.toml, in the order of the book."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / "exercises"  # the reader's own; no update touches it
KINDS = ("formula", "gradient", "bug", "extend", "open")


@dataclass(frozen=True)
class Exercise:
    chapter: str
    name: str
    title: str
    kind: str
    label: str       # of the formula
    reread: str      # the section of the chapter's page
    hints: tuple     # three, from a nudge to nearly all of it
    slips: tuple     # what the check asks of the wrong answers in NAME_slips.cpp, by number
    uses: tuple = ()        # the library's headers that an answer may include: none
    off_limits: tuple = ()  # and names that it may not write
    seconds: int = 10       # then an answer is stopped

    def file(self, kind=""):
        """The stub, or with "test", "solution", "slips" what stands beside it."""
        tail = f"_{kind}" if kind else ""
        return ROOT / "chapters" / self.chapter / "exercises" / f"{self.name}{tail}.cpp"

    @property
    def answer(self):
        return WORK / self.chapter / f"{self.name}.cpp"

    def not_allowed(self, code):
        """What `code` takes from the library and may not, in a line; or nothing."""
        code = re.sub(r"//[^\n]*|/\*.*?\*/", "", code, flags=re.DOTALL)
        for quote, header in re.findall(r'#\s*include\s*(["<])([^">]+)[">]', code):
            if header not in self.uses and (quote == '"' or header.startswith("elbo/")):
                return (f"{header} is not for this one; allowed are the standard library, Eigen" +
                        "".join(f", {name}" for name in self.uses))
        for name in self.off_limits:
            if re.search(rf"\b{name}\b", code):
                return f"{name} is off limits here: it is what you are to write"
        return ""


def catalogue():
    """All exercises, in the order of the book."""
    found = []
    for path in sorted((ROOT / "chapters").glob("*/exercises/exercises.toml")):
        for name, entry in tomllib.loads(path.read_text(encoding="utf-8")).items():
            lists = {key: tuple(value) for key, value in entry.items() if isinstance(value, list)}
            found.append(Exercise(path.parts[-3], name, **{**entry, **lists}))
    return found
