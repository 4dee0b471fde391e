"""Builds an answer with its check, and says in few lines what a compiler says in many."""

import re
import subprocess
import sys

from catalogue import ROOT

BUILD = ROOT / "build/release"
BIN = BUILD / "bin/exercises"


def snapshot(exercise):
    """What stands in the answer now, for the compiler: saving while it builds changes nothing. A file of
    the same content is left alone, so that what was built of it is still good."""
    code = exercise.answer.read_bytes()
    copy = BUILD / "exercises" / exercise.chapter / exercise.answer.name
    text = f'#line 1 "{exercise.answer}"\n'.encode() + code
    if not copy.exists() or copy.read_bytes() != text:
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(text)
    return code


def configured(exercise):
    try:
        return f"bin/exercises/answer_{exercise.name}:" in (BUILD / "build.ninja").read_text()
    except OSError:
        return False


def build(exercises, kind="answer"):
    """Their answers (or "crash": the same under the sanitizers); what was printed if it failed."""
    if sys.stderr.isatty():
        print("Building." if kind == "answer" else "Once more, under the sanitizers.",
              file=sys.stderr)
    if not all(configured(one) for one in exercises):
        done = run("cmake", "--preset", "release", "-DELBO_EXERCISES=ON")
        if done.returncode:
            return done.stdout
    targets = [f"{kind}_{one.name}" for one in exercises]
    done = run("cmake", "--build", "--preset", "release", "--target", *targets, "--", "-k", "0")
    for one, target in zip(exercises, targets):
        if f"/{target}.dir/" in done.stdout:  # it was compiled, and not found up to date
            kept_warnings(one).write_text(done.stdout)
    return done.stdout if done.returncode else ""


def kept_warnings(exercise):
    return BUILD / "exercises" / exercise.chapter / f"{exercise.name}.warnings"


def warnings(exercise):
    """What the compiler found odd in the answer when it last compiled it: [(line, message)], three at most."""
    try:
        output = kept_warnings(exercise).read_text()
    except OSError:
        return []
    place = re.escape(str(exercise.answer)) + r":(\d+):(?:\d+:)?"
    found = re.findall(rf"^{place} warning: (.*?)(?: \[-W\S+\])?$", output, re.MULTILINE)
    return [(int(line), clip(message)) for line, message in dict.fromkeys(found)][:3]


def run(*command):
    return subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, check=False)


def short(output, path):
    """The errors that belong to `path`: [(line, message)], three at most."""
    place = re.escape(str(path)) + r":(\d+):(?:\d+:)?"
    errors, asked_from = [], None
    for line in output.splitlines():
        if found := re.match(rf"{place}\s+required from", line):
            asked_from = int(found[1])  # the compiler stopped in a header, on behalf of this line
        elif found := re.match(rf"{place} (?:fatal )?error: (.*)", line):
            errors.append((int(found[1]), clip(found[2])))
        elif asked_from and (found := re.match(r"\S+:\d+:\d+: error: (.*)", line)):
            errors.append((asked_from, clip(found[1])))
            asked_from = None
        elif re.search(r"multiple definition of `main'", line):
            errors.append((0, "there is a main in your file; the check has its own"))
        elif found := re.search(r"undefined reference to `([^']+)'", line):
            errors.append((0, f"the check calls {found[1]}, and no function has this name and "
                              "these arguments: compare with the stub's"))
    seen = []
    for error in errors:
        if error not in seen:
            seen.append(error)
    return seen[:3]


def clip(message, width=160):
    """Without the full names of templates."""
    message = re.sub(r"\[with .*?\]", "", message)
    message = re.sub(r"[‘']([^’']{60})[^’']*[’']", "‘\\1...’", message)
    return message if len(message) <= width else message[:width - 3] + "..."
