"""Runs an answer under its check, and reads what the check has to say."""

import os
import re
import resource
import signal
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import build

MEMORY = 8 << 30


@dataclass
class Lesson:
    passed: bool = False
    right: int = 0  # cases before the first that is wrong
    said: dict = field(default_factory=dict)  # case, expected, got, question
    score: str = ""
    trouble: str = ""  # it did not get as far: a loop, a crash
    printed: str = ""  # by the answer itself


def hold(exercise, program, environment=None):
    """The lesson of one program: the check with an answer in it."""
    with tempfile.TemporaryDirectory() as folder:
        path, report = Path(folder) / "lesson", Path(folder) / "report"
        path.touch()
        report.touch()
        try:
            done = subprocess.run(
                [program, "--abort", "--out", report], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                errors="replace", timeout=exercise.seconds, check=False, preexec_fn=limit,
                env={**os.environ, "ELBO_LESSON": str(path), **(environment or {})})
        except subprocess.TimeoutExpired:
            return Lesson(trouble=f"Stopped after {exercise.seconds} s. A loop whose end is never "
                                  "reached, or far more work than it needs?")
        lesson = read(path.read_text(encoding="utf-8"))
        said = report.read_text(encoding="utf-8", errors="replace")
    lesson.printed = done.stdout
    # Only a check that came to its end says so: std::exit(0) in an answer does not.
    lesson.passed = done.returncode == 0 and "All tests passed" in said
    if done.returncode == 0 and not lesson.passed:
        lesson.trouble = "It ended before its check did, with exit status 0. Is there an exit in it?"
    elif not lesson.passed and not lesson.said:
        lesson.trouble = crash(exercise, done, said)
    return lesson


def limit():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read(text):
    lesson = Lesson()
    for key, value in re.findall(r"^(\w+): (.*)$", text, re.MULTILINE):
        if key == "passed":
            lesson.right += 1
        elif key == "score":
            lesson.score = value
        else:
            lesson.said[key] = value
    return lesson


def crash(exercise, done, said):
    """What stopped it, and where: the same once more under the sanitizers, if it is the reader's."""
    if assertion := re.search(r"Assertion `(.*?)' failed", done.stdout):
        word = (assertion[1].split(' && "') + [""])[1].strip('"') or assertion[1]
        what = f"An assertion of Eigen's failed: {word}"
    elif thrown := re.search(r"due to unexpected exception with messages?:\s*(.*)", said):
        what = f"An exception came out of it: {thrown[1].strip()}"
    elif word := re.search(r"due to a fatal error condition:\s*(.*)", said):
        what = f"It crashed: {word[1].strip()}"
    else:
        name = signal.Signals(-done.returncode).name if done.returncode < 0 else "status " + str(done.returncode)
        what = f"It ended before its check did ({name})"
    seen = under_sanitizers(exercise)
    if "AddressSanitizer: stack-overflow" in seen:
        what = "It calls itself, and that call calls itself, without end"
    where = re.search(re.escape(str(exercise.answer)) + r":(\d+)", seen)
    return what + (f"\n  at line {where[1]} of your file" if where else "")


def under_sanitizers(exercise):
    """What they print of the same answer; nothing where they cannot be had."""
    if not exercise.answer.exists() or build.build([exercise], "crash"):
        return ""
    options = "abort_on_error=0:handle_abort=1:handle_segv=2:halt_on_error=1:print_stacktrace=1:detect_leaks=0"
    try:
        done = subprocess.run(
            [build.BIN / f"crash_{exercise.name}", "--abort"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, errors="replace", timeout=6 * exercise.seconds, check=False,
            env={**os.environ, "ASAN_OPTIONS": options, "UBSAN_OPTIONS": options})
    except subprocess.TimeoutExpired:
        return ""
    return done.stdout
