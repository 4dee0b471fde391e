"""What the pages' boxes "Try this" tell a reader to run does run, and prints the names they mention.

As written where that takes seconds; the chapters that train do it on a small data set, unless
ELBO_KEPT=all asks for everything as it stands."""

import os
import re
import sys
import textwrap
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
from chapter import BOOK, CHAPTERS, ROOT, Case, Run, SmallData  # noqa: E402

ALL = os.environ.get("ELBO_KEPT") == "all"
COMMAND = re.compile(r"^\s*\$ ./book run (\d+)((?: --quick)?)(?: -- (.*))?$", re.MULTILINE)


def boxes():
    """(page, text) of every box."""
    for path in sorted((ROOT / "docs").glob("[0-9][0-9]_*.rst")):
        text = path.read_text(encoding="utf-8")
        for block in re.findall(r"^\.\. try::\n((?:\n|   .*\n)+)", text, re.MULTILINE):
            yield path.stem, textwrap.dedent(block)


def options_of(chapter, quick, words, data):
    """As written, or made small: what the reader asks for wins."""
    words = (words or "").split()
    if ALL or not BOOK[chapter].trains:
        return (["--quick"] if quick else []) + words
    small = list(BOOK[chapter].small) + ["--data", data]
    pairs = [pair for pair in zip(small[::2], small[1::2]) if pair[0] not in words]
    if "--data" in words:
        at = words.index("--data")
        words[at:at + 2] = ["--data", data]
    return ["--quick", *(str(word) for pair in pairs for word in pair), *map(str, words)]


class TryThis(Case):
    def test_every_command(self):
        data = SmallData(self.folder / "data").folder
        pages = set()
        for page, text in boxes():
            commands = COMMAND.findall(text)
            self.assertTrue(commands, f"{page}: a box without a command:\n{text}")
            self.assertEqual(len(commands), text.count("$ ./book"), f"{page}: {text}")
            pages.add(page)
            results = set()  # and the columns of tables
            for number, quick, words in commands:
                chapter = next(name for name in CHAPTERS if name.startswith(number))
                with self.subTest(page, command=f"{number} {words}"):
                    run = Run(chapter, "--json", *options_of(chapter, quick, words, data))
                    as_written = ALL or not BOOK[chapter].trains
                    fails = re.search(r"\bNO\b|claim[^.]* fails", text)
                    self.assertIn(run.status, (0, 1) if fails or not as_written else (0,), run)
                    results |= run.results.keys()
                    for table in run.folder.glob("*.csv"):
                        results |= run.table(table.stem).keys()
            with self.subTest(page, box=text[:60]):
                named = set(re.findall(r"``([a-z]+(?:_[a-z0-9]+)+)``", text))
                self.assertLessEqual(named, results)
        self.assertEqual(pages, set(CHAPTERS))


if __name__ == "__main__":
    unittest.main()
