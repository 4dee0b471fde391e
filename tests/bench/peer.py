"""What the two PyTorch programs share: the thread count, the data, the output."""

import argparse
import gzip
import json
import os
import sys
from pathlib import Path


def options(summary, **more):
    """The command line. Call it before torch is imported: PyTorch and the BLAS under it have
    threads of their own, and the BLAS reads its count from the environment, once."""
    parser = argparse.ArgumentParser(description=summary)
    parser.add_argument("--threads", type=int, default=1, help="of PyTorch")
    parser.add_argument("--blas-threads", type=int, default=1, help="of the BLAS under it")
    parser.add_argument("--data", type=Path, help="folder of IDX files; random pixels without it")
    for name, (kind, default, text) in more.items():
        flag = {"action": "store_true"} if kind is bool else {"type": kind, "default": default}
        parser.add_argument("--" + name, help=text, **flag)
    chosen = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = str(chosen.threads)
    os.environ["OPENBLAS_NUM_THREADS"] = os.environ["BLIS_NUM_THREADS"] = str(chosen.blas_threads)
    return chosen


def set_up(torch, threads):
    torch.manual_seed(1)
    torch.set_num_threads(threads)
    torch.set_flush_denormal(True)  # as our own threads do: Adam would slow down fourfold


def pixels(torch, folder, name, count):
    """count x 784 bytes."""
    if folder is None:
        return torch.randint(256, (count, 784), dtype=torch.uint8)
    path = next((p for p in (folder / name, folder / f"{name}.gz") if p.exists()), None)
    if path is None:
        sys.exit(f"{folder}: wanted {name}[.gz], found neither; check --data")
    stored = (gzip.open if path.suffix == ".gz" else open)(path, "rb").read()
    return torch.frombuffer(bytearray(stored[16:]), dtype=torch.uint8).reshape(-1, 784)[:count]


def report(torch, chosen, **results):
    print(json.dumps({"torch": torch.__version__, "threads": chosen.threads,
                      "blas_threads": chosen.blas_threads, **results}))
