"""Where things are, and what the kept runs say."""

import json
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def chapter_name(number):
    """02 -> 02_jensen_elbo; LookupError where there is no such chapter, or more than one."""
    found = sorted(path.name for path in (ROOT / "chapters").glob(f"{number}_*"))
    if len(found) != 1:
        raise LookupError(f"wanted one chapter {number}, found {found}")
    return found[0]


def results_file(number):
    return ROOT / "figures" / chapter_name(number) / "results.json"


@lru_cache(maxsize=None)
def kept_run(number):
    """results.json of a chapter's kept run."""
    return json.loads(results_file(number).read_text(encoding="utf-8"))


def chapters():
    return sorted(path.name[:2] for path in (ROOT / "figures").glob("[0-9][0-9]_*"))


def claims_of(number, label):
    return [claim for claim in kept_run(number)["claims"] if claim["label"] == label]
