"""What the reader has done: exercises/progress.json, beside the answers."""

import hashlib
import json
import shutil

from catalogue import WORK

FILE = WORK / "progress.json"


def fingerprint(exercise):
    """Of an answer and its check: when one changes, it is to be run again."""
    files = (exercise.answer, exercise.file("test"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


class Progress:
    def __init__(self):
        try:
            self.kept = json.loads(FILE.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            self.kept = {}

    def of(self, exercise):
        return self.kept.setdefault(exercise.name, {})

    def save(self):
        WORK.mkdir(exist_ok=True)
        new = FILE.with_suffix(".tmp")
        new.write_text(json.dumps(self.kept, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        new.replace(FILE)

    def done(self, exercise):
        return (exercise.answer.exists() and
                self.of(exercise).get("passed") == fingerprint(exercise))


def begin(exercise):
    """The reader's copy of the stub; True where it is new."""
    if exercise.answer.exists():
        return False
    exercise.answer.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(exercise.file(), exercise.answer)
    return True


def put_aside(exercise):
    """The answer under a name that nothing has yet, and a new stub in its place."""
    number = 1
    while (aside := exercise.answer.with_suffix(f".cpp.{number}")).exists():
        number += 1
    exercise.answer.rename(aside)
    begin(exercise)
    return aside
