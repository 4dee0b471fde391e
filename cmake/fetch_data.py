"""Fetches a data set into a folder: fetch_data.py mnist|binarized-mnist FOLDER.

What counts is the content: the SHA-256 of the uncompressed IDX file. A transfer that breaks off
leaves NAME.part, from which the next try goes on.
"""

import errno
import gzip
import hashlib
import http.client
import os
import sys
import urllib.error
import urllib.request
import zlib
from pathlib import Path
from typing import NamedTuple

TIMEOUT = 30  # seconds without a byte


class File(NamedTuple):
    name: str  # in the folder: gzipped IDX
    source: str  # on the mirror: the same, or .amat text
    sha256: str  # of the uncompressed IDX content


class DataSet(NamedTuple):
    mirrors: list
    files: list


DATA_SETS = {
    "mnist": DataSet(
        ["https://ossci-datasets.s3.amazonaws.com/mnist",
         "https://storage.googleapis.com/cvdf-datasets/mnist"],
        [File(name, name, sha256) for name, sha256 in [
            ("train-images-idx3-ubyte.gz",
             "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
            ("train-labels-idx1-ubyte.gz",
             "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
            ("t10k-images-idx3-ubyte.gz",
             "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
            ("t10k-labels-idx1-ubyte.gz",
             "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2")]]),
    # Larochelle's fixed binarisation (Salakhutdinov and Murray 2008).
    "binarized-mnist": DataSet(
        ["http://www.cs.toronto.edu/~larocheh/public/datasets/binarized_mnist"],
        [File(f"binarized-{part}-images-idx3-ubyte.gz", f"binarized_mnist_{part}.amat", sha256)
         for part, sha256 in [
            ("train", "0eae7dff54784fdce12433da8ed5d8549d4676c91740d78aa0b18fa99a8b96f2"),
            ("valid", "1b017d51bf2733a6cbde62f26dd36be91c88ab4e95f8de9cdafadcb26fe9a852"),
            ("test", "491785121c5ff9ffb073809cd7c755a241b9e04052f1cf2ec7c9608a9346e097")]]),
}


class Unreachable(Exception):
    """The mirror did not give the file, or not all of it."""


class WrongContent(Exception):
    """What came is not the file that was wanted."""


NETWORK_ERRORS = (OSError, http.client.HTTPException)  # OSError has URLError, timeouts and TLS


def in_words(error):
    error = getattr(error, "reason", error)
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def download(url, part):
    """Appends to the file `part` what it still lacks of `url`."""
    start = part.stat().st_size if part.exists() else 0
    try:
        request = urllib.request.Request(url, headers={"Range": f"bytes={start}-"} if start else {})
        response = urllib.request.urlopen(request, timeout=TIMEOUT)
    except urllib.error.HTTPError as error:
        if error.code == 416 and start:
            return  # nothing lies beyond: the part is whole, or wrong, which its checksum tells
        raise Unreachable(f"{error.code} {error.reason}") from error
    except (*NETWORK_ERRORS, ValueError) as error:  # ValueError: not an address
        raise Unreachable(in_words(error)) from error
    with response:
        resumed = response.status == 206
        length = response.headers["Content-Length"]
        size = int(length) + start * resumed if length else None
        with open(part, "ab" if resumed else "wb") as file:
            while chunk := receive(response):
                file.write(chunk)
                show_progress(f"{part.stem}: {file.tell() / 1e6:.1f} MB")
        show_progress("")
        found = part.stat().st_size
    if size and found < size:
        raise Unreachable(f"the connection closed after {found} of {size} bytes (kept)")


def receive(response):
    try:
        return response.read(1 << 16)
    except NETWORK_ERRORS as error:
        raise Unreachable(f"the connection broke: {in_words(error)}") from error


def show_progress(text):
    if sys.stderr.isatty():
        print(f"\r{text}\x1b[K", end="", file=sys.stderr, flush=True)


def idx_from_amat(path):
    """One image a line, 784 values 0 or 1 separated by blanks: as IDX content, pixels 0 and 1."""
    pixels = bytearray()
    with open(path, "rb") as lines:
        for number, line in enumerate(lines, 1):
            values = line.translate(None, b" \t\r\n")
            if len(values) != 784 or values.strip(b"01"):
                raise WrongContent(f"line {number} is not 784 values 0 or 1")
            pixels += values.translate(bytes.maketrans(b"01", b"\0\1"))
    sizes = (len(pixels) // 784, 28, 28)
    return b"\0\0\x08\x03" + b"".join(size.to_bytes(4, "big") for size in sizes) + pixels


def unzip(path):
    try:
        return gzip.decompress(path.read_bytes())
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise WrongContent(f"not a whole gzip file ({error})") from error


def checked(content, sha256):
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise WrongContent(f"its content has SHA-256 {found[:12]}..., not {sha256[:12]}...")
    return content


def is_there(file, folder):
    try:
        return bool(checked(unzip(folder / file.name), file.sha256))
    except (FileNotFoundError, WrongContent):
        return False


def unpack(part, file):
    """Checks a whole `part` and returns it as the gzipped IDX file that was wanted."""
    if not file.source.endswith(".amat"):
        checked(unzip(part), file.sha256)
        return part
    packed = part.with_name(file.name + ".tmp")
    packed.write_bytes(gzip.compress(checked(idx_from_amat(part), file.sha256), 6))
    return packed


def fetch_file(file, folder, mirrors):
    """Brings one file from the first mirror that has it, or says in one line why none does."""
    part = folder / (file.source + ".part")
    found = []
    for mirror in mirrors:
        try:
            download(f"{mirror}/{file.source}", part)
            unpack(part, file).replace(folder / file.name)
            part.unlink(missing_ok=True)
            return
        except Unreachable as error:
            found.append(f"{error} at {mirror}")
        except WrongContent as error:
            part.unlink()
            found.append(f"a wrong file at {mirror}, refused and removed: {error}")
    raise Unreachable(
        f"wanted {file.source}, found {'; '.join(found)}. Try again later, put {file.name} into "
        f"{folder} by hand, or set ELBO_DATA to a folder that has it")


def fetch(name, folder, data_sets, mirror):
    data = data_sets[name]
    folder.mkdir(parents=True, exist_ok=True)
    for file in data.files:
        if is_there(file, folder):
            print(f"{file.name}: already there", flush=True)
        else:
            print(f"{file.name}: fetching", flush=True)
            fetch_file(file, folder, [mirror.rstrip("/")] if mirror else data.mirrors)
    print(f"{name} is in {folder}")


def main(name, folder, data_sets=DATA_SETS, mirror=os.environ.get("ELBO_MIRROR")):
    try:
        fetch(name, Path(folder), data_sets, mirror)
    except Unreachable as error:
        return f"book: {error}"
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return (f"book: {folder}: the disk is full; make room (150 MB are enough) and try "
                    f"again, what came so far is kept")
        return (f"book: {error.filename or folder}: {in_words(error)}; set XDG_CACHE_HOME to a "
                f"folder that can be written, or ELBO_DATA to one that has {name}")
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
