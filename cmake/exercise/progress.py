"""What the reader has done: exercises/progress.json, beside the answers."""

import contextlib
import fcntl
import hashlib
import json
import re
import shutil

from catalogue import WORK

FILE = WORK / "progress.json"


def fingerprint(exercise, code):
    """Of an answer and its check: when one changes, it is to be run again."""
    return hashlib.sha256(code + exercise.file("test").read_bytes()).hexdigest()


@contextlib.contextmanager
def alone(path):
    """One at a time: who comes second waits."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def read():
    """What was noted; a file that is none is put aside, not overwritten."""
    if not FILE.exists():
        return {}
    try:
        kept = json.loads(FILE.read_text(encoding="utf-8"))
        if isinstance(kept, dict) and all(isinstance(value, dict) for value in kept.values()):
            return kept
    except ValueError:
        pass
    bad = FILE.with_suffix(".json.bad")
    FILE.replace(bad)
    print(f"{FILE.name} could not be read and is now {bad.name}; ./book exercise --all finds your "
          "answers again.\n")
    return {}


class Progress:
    def of(self, exercise):
        return read().get(exercise.name, {})

    def note(self, exercise, **changes):
        """Into the file as it is now: another terminal may have written meanwhile."""
        try:
            with alone(WORK / ".lock"):
                kept = read()
                kept.setdefault(exercise.name, {}).update(changes)
                new = FILE.with_suffix(".tmp")
                new.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", encoding="utf-8")
                new.replace(FILE)
        except OSError as error:
            print(f"  (It could not be noted: {error.strerror}: {FILE})")

    def state(self, exercise):
        """done, changed (since it was), begun, or nothing."""
        if not exercise.answer.exists():
            return ""
        passed = self.of(exercise).get("passed")
        if not passed:
            return "begun"
        now = fingerprint(exercise, exercise.answer.read_bytes())
        return "done" if passed == now else "changed"


def better(score, old):
    """The better of two scores as a check prints them; their goal says which side is up."""
    def value(text):
        found = re.search(r"= (\S+), goal (<=|>=)", str(text))
        return float(found[1]) * (1 if found[2] == ">=" else -1) if found else None
    if value(old) is None or value(score) is None:
        return score
    return score if value(score) > value(old) else old


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
