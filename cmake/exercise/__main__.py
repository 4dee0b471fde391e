"""./book exercise: what is done and what is next; one exercise, checked; hints, solution, a new start."""

import argparse
import difflib
import itertools
import os
import sys
import textwrap
import time

import build
import lesson as lessons
import progress
from catalogue import ROOT, catalogue

def relative(path):
    return path.relative_to(ROOT)


def show_list(exercises, kept):
    states = {one: kept.state(one) for one in exercises}
    following = next((one for one in exercises if states[one] != "done"), None)
    for chapter in dict.fromkeys(one.chapter for one in exercises):
        of_it = [one for one in exercises if one.chapter == chapter]
        print(f"{chapter}  {sum(states[one] == 'done' for one in of_it)} of {len(of_it)}")
        for one in of_it:
            state = "NEXT" if one == following and states[one] != "changed" else states[one]
            print(f"  {state:7} {one.name:32} {one.kind:9} {one.title}")
            if best := kept.of(one).get("best"):
                print(f"  {'':7} {'':32} {best}")
    done = sum(state == "done" for state in states.values())
    print(f"\n{done} of {len(exercises)} done." +
          (f" Next: ./book exercise {following.name}" if following else " That was the book."))
    return 0


def check(one, kept):
    """Builds and runs one answer, and says what there is to say; True if it is right."""
    print(f"{one.name}: {one.title} ({one.chapter}, {one.kind})\n", flush=True)
    with progress.alone(build.BUILD / "exercises" / f"{one.name}.lock"):
        code = build.snapshot(one)
        text = code.decode("utf-8", errors="replace")
        if word := one.not_allowed(text):
            print(f"  {word}.")
            return False
        if output := build.build([one]):
            report_compiler(one, output, text)
            return False
        lesson = lessons.hold(one, build.BIN / f"answer_{one.name}")
    if lesson.printed.strip() and not lesson.trouble:
        lines = lesson.printed.rstrip().splitlines()
        more = [f"... and {len(lines) - 20} lines more"] if len(lines) > 20 else []
        print("  Your program printed:\n" + textwrap.indent("\n".join(lines[:20] + more), "    "))
    if lesson.score:
        print(f"  score     {lesson.score}")
    if lesson.passed:
        best = progress.better(lesson.score, kept.of(one).get("best"))
        print(f"  Right, in all {lesson.right} cases.\n\n"
              f"  Another way to write it: ./book exercise {one.name} --solution\n"
              f"  What is next:            ./book exercise")
        kept.note(one, passed=progress.fingerprint(one, code), best=best)
        return True
    untouched = code == one.file().read_bytes()
    speak(one, lesson, untouched, as_found=untouched and one.kind == "bug")
    return False


def speak(one, lesson, untouched, as_found):
    """What a wrong answer is told. A bug that nobody has touched yet is shown, not explained."""
    if lesson.right:
        print(f"  {lesson.right} cases right, then:" if lesson.right > 1 else "  One case right, then:")
    if lesson.trouble:
        print(textwrap.indent(lesson.trouble, "  "))
    plain = lesson.said.get("expected") == "true"
    for key in ("case",) if plain else ("case", "expected", "got"):
        if key in lesson.said:
            print(f"  {key:9} {lesson.said[key]}")
    asks = "As you found it." if as_found else lesson.said.get("question")
    if asks:
        print("\n" + textwrap.fill(asks, 78, initial_indent="  ", subsequent_indent="  "))
    for line, message in () if untouched else build.warnings(one):
        print(f"\n  The compiler wonders about line {line}: {message}")
    print(f"\n  Read again: \"{one.reread}\" in chapter {one.chapter[:2]} ({one.label})\n"
          f"  Your file:  {relative(one.answer)}\n"
          f"  A hint:     ./book exercise {one.name} --hint")


def report_compiler(one, output, code):
    lines = code.splitlines()
    errors = build.short(output, one.answer)
    if not errors:
        print("  It does not build, and the fault is not in your file:\n" +
              textwrap.indent(output[-2000:], "  "))
    for number, message in errors:
        if not number:
            print(f"  The linker: {message}")
            continue
        print(f"  {relative(one.answer)}, line {number}: {message}")
        if number <= len(lines):
            print(f"      {lines[number - 1].strip()}")


def hint(one, kept):
    seen = kept.of(one).get("hints", 0)
    tier = min((seen if isinstance(seen, int) else 0) + 1, len(one.hints))
    for number in range(tier):
        print(textwrap.fill(one.hints[number], 80, subsequent_indent="   ",
                            initial_indent=f"{number + 1} of {len(one.hints)}: "))
    print(f"\nMore, when you have tried: ./book exercise {one.name} --hint" if tier < len(one.hints)
          else "\nThat was the last.")
    kept.note(one, hints=tier)
    return 0


def code_of(path):
    """Its lines, without the comment it begins with."""
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines(keepends=True)
    return list(itertools.dropwhile(lambda line: line.startswith("//"), lines))


def solution(one, kept):
    if kept.state(one) != "done":
        print(f"Show the solution of {one.name}, which is not solved yet? [y/N] ", end="", flush=True)
        if sys.stdin.readline().strip().lower() not in ("y", "yes"):
            print("Not shown.")
            return 0
    difference = list(difflib.unified_diff(
        code_of(one.answer), code_of(one.file("solution")), str(relative(one.answer)),
        str(relative(one.file("solution")))))
    sys.stdout.writelines(difference or ["The same as ours.\n"])
    return 0


def watch(one, kept):
    """After every save once more, until it is right (an open one may always get better) or Ctrl-C; a look
    at the file's time every 0.3 s."""
    seen = None
    while True:
        now = one.answer.stat().st_mtime_ns if one.answer.exists() else seen
        if now == seen:
            time.sleep(0.3)
            continue
        seen = now
        if sys.stdout.isatty():
            print("\033[2J\033[H", end="")
        if check(one, kept) and one.kind != "open":
            return 0
        print("\n  Waiting for you to save it. Ctrl-C ends.", flush=True)


def check_all(exercises, kept):
    begun = [one for one in exercises if one.answer.exists()]
    if not begun:
        print("Nothing begun yet. The first: ./book exercise " + exercises[0].name)
        return 0
    for one in begun:
        build.snapshot(one)
    build.build(begun)  # together: the ones that fail are built again, to be told why
    right = sum([check(one, kept) or bool(print()) for one in begun])
    print(f"\n{right} of {len(begun)} right.")
    return 0 if right == len(begun) else 1


class Parser(argparse.ArgumentParser):
    def error(self, message):
        self.exit(2, f"book: exercise: {message}\n")


def main():
    parser = Parser(prog="./book exercise", description=__doc__)
    parser.add_argument("name", nargs="?", help="an exercise; without it the list")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--hint", action="store_true", help="the next of three hints")
    what.add_argument("--watch", action="store_true", help="check again after every save")
    what.add_argument("--solution", action="store_true", help="the difference to a solution")
    what.add_argument("--reset", action="store_true", help="start anew; what you wrote is kept aside")
    what.add_argument("--all", action="store_true", help="check all that you have begun")
    chosen = parser.parse_args()
    exercises, kept = catalogue(), progress.Progress()
    if chosen.all and chosen.name:
        parser.error("wanted an exercise or --all, found both")
    if chosen.all:
        return check_all(exercises, kept)
    if chosen.name is None:
        if chosen.hint or chosen.watch or chosen.solution or chosen.reset:
            parser.error("which exercise? ./book exercise lists them")
        return show_list(exercises, kept)
    one = next((one for one in exercises if one.name == chosen.name), None)
    if one is None:
        close = difflib.get_close_matches(chosen.name, [one.name for one in exercises], 1, 0.4)
        parser.error(f"no exercise is called '{chosen.name}'" +
                     (f"; did you mean {close[0]}?" if close else "; ./book exercise lists them"))
    if chosen.hint:
        return hint(one, kept)
    if progress.begin(one):
        print(f"New: {relative(one.answer)} is yours to edit; the question stands in it.\n")
        if chosen.reset:
            return 0
    elif chosen.reset:
        print(f"What you wrote is in {relative(progress.put_aside(one))}; "
              f"{relative(one.answer)} is new.")
        return 0
    if chosen.solution:
        return solution(one, kept)
    if chosen.watch:
        return watch(one, kept)
    return 0 if check(one, kept) else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        print("\nStopped; what you wrote is where it was.")
        sys.exit(130)
    except BrokenPipeError:  # ./book exercise | head
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        sys.exit(f"book: exercise: {error}")
