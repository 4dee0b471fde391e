"""The table at the end of ./book run: a line for each folder that a chapter wrote to."""

import json
import sys
from pathlib import Path


def row(folder):
    """The folder's line (chapter, claims held, seconds, pictures) and the claims that failed."""
    name = folder.resolve().name
    try:
        results = json.loads((folder / "results.json").read_text())
        claims = results["claims"]
        failed = [claim for claim in claims if not claim["ok"]]
        seconds = f"{results['seconds']:.1f}"
    except FileNotFoundError:
        return (name, "no results", "", ""), None
    except (OSError, ValueError, LookupError, TypeError) as error:
        return (name, "unreadable", "", f"{folder / 'results.json'}: {error}"), None
    held = f"{len(claims) - len(failed)}/{len(claims)}" + (" FAILED" if failed else "")
    pictures = sum(len(list(folder.glob(f"*.{ending}"))) for ending in ("svg", "png", "gif"))
    return (name, held, seconds, f"{pictures} in {folder}" if pictures else "none"), failed


def main(folders):
    rows, failures = zip(*(row(Path(folder)) for folder in folders))
    table = [("chapter", "claims held", "seconds", "pictures"), *rows]
    widths = [max(map(len, column)) for column in zip(*table)]
    print()
    for chapter, held, seconds, pictures in table:
        line = f"{chapter:{widths[0]}}  {held:{widths[1]}}  {seconds:>{widths[2]}}  {pictures}"
        print(line.rstrip())
    for (chapter, *_), failed in zip(rows, failures):
        for claim in failed or []:
            print(f"{chapter}: {claim['label']} fails: {claim['statement']}: expected "
                  f"{claim['expected']}, got {claim['got']}, tolerance {claim['tolerance']}")
    return 0 if all(failed == [] for failed in failures) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
