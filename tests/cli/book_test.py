"""Tests of ./book and of the scripts it calls, without a network and without installing."""

import contextlib
import errno
import gzip
import hashlib
import http.server
import io
import json
import os
import random
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path
from unittest import mock

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "cmake"))
sys.dont_write_bytecode = True

import fetch_data  # noqa: E402
import summary  # noqa: E402


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def assert_one_line(self, text, *parts):
        self.assertEqual(len(text.strip().splitlines()), 1, text)
        for part in parts:
            self.assertIn(part, text)


# --- The driver, in a house of cardboard: the real ./book among stubs of what it calls. ---

CHAPTER = """#!/bin/sh
echo "$(basename "$0")" "$@" >>"$LOG"
while [ "$1" != --out ]; do shift; done
mkdir -p "$2"
cd "$2"
echo '{"claims": [{"label": "eq:a", "statement": "a", "ok": true}], "seconds": 1.5}' >results.json
"""


class House(Case):
    def setUp(self):
        super().setUp()
        self.house = self.folder / "house"
        shutil.copytree(ROOT / "cmake", self.house / "cmake")
        shutil.copy(ROOT / "book", self.house)
        self.log = self.folder / "log"
        self.log.touch()
        # Only what a minimal Debian has, so that a tool of this machine cannot help out.
        self.bin = self.folder / "bin"
        self.bin.mkdir()
        for tool in ("basename bash cat comm cut df dirname echo env grep id mkdir nproc numfmt "
                     "printf readlink realpath rm sed sh sleep sort tail touch wc xargs").split():
            (self.bin / tool).symlink_to(shutil.which(tool))
        self.stub("apt-get", 'echo "apt-get $*" >>"$LOG"; exit 100')
        self.stub("dpkg-query", "shift 2; printf '%s 1.0 installed\\n' \"$@\"")
        self.stub("cmake", 'echo "cmake $*" >>"$LOG"')
        for name in ("01_one", "02_two", "05_vae"):
            self.chapter(name, CHAPTER)
        self.plot("print('plotted', *sys.argv[1:])")

    def write(self, path, text):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)

    def stub(self, name, script):
        self.write(self.bin / name, "#!/bin/sh\n" + script + "\n")

    def chapter(self, name, script):
        (self.house / "chapters" / name).mkdir(parents=True, exist_ok=True)
        self.write(self.house / "build/release/bin" / name, script)

    def plot(self, script):
        self.write(self.house / "figures/plot.py", "import sys\n" + script + "\n")

    def start(self, *arguments, cwd=None, **environment):
        return subprocess.Popen(
            [str(self.house / "book"), *arguments], cwd=cwd or self.house, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
            env={"PATH": str(self.bin), "HOME": str(self.folder), "LOG": str(self.log),
                 **environment},
            # A job in the background ignores interrupts, and so would its children.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))

    def book(self, *arguments, **how):
        with self.start(*arguments, **how) as process:
            out, err = process.communicate(timeout=30)
        return process.returncode, out, err

    def logged(self, tool):
        return [line for line in self.log.read_text().splitlines() if line.startswith(tool)]


class Words(House):
    def test_help(self):
        for words in ([], ["help"], ["--help"], ["run", "--help"], ["data", "-h"]):
            status, out, err = self.book(*words)
            self.assertEqual((status, err), (0, ""))
            for command in ("run", "test", "bench", "figures", "docs", "data", "doctor", "help"):
                self.assertIn(f"\n  {command} ", out)

    def test_misuse_is_one_line_and_exit_2(self):
        for words, named in [(["dance"], "dance"), (["run", "--fast"], "--fast"),
                             (["data"], "binarized-mnist"), (["data", "cifar"], "cifar"),
                             (["data", "mnist", "x"], "mnist x"), (["test", "3"], "3"),
                             (["doctor", "x"], "x"), (["figures", "--quick"], "--quick"),
                             (["bench", "--nonsense"], "--nonsense"), (["bench", "3"], "3")]:
            status, out, err = self.book(*words)
            self.assertEqual((status, out), (2, ""), words)
            self.assert_one_line(err, "book: ", named)

    def test_unknown_chapters_name_the_known_ones(self):
        for word in ("9", "two", "0", "", "01_x", "*", "-", "."):
            status, out, err = self.book("figures", word)
            self.assertEqual((status, out), (2, ""), word)
            self.assert_one_line(err, f"'{word}'", "01_one 02_two 05_vae")
        self.assertEqual(self.logged("cmake"), [])


class Run(House):
    def test_all_chapters_in_order_then_figures_then_the_table(self):
        status, out, err = self.book("run", "--quick")
        self.assertEqual(status, 0, err)
        self.assertEqual([line.split()[0] for line in self.logged("0")],
                         ["01_one", "02_two", "05_vae"])
        self.assertEqual(self.logged("01")[0], "01_one --out out/01_one --quick")
        self.assertIn("[2/3] 02_two", err)
        self.assertIn("plotted out/01_one out/02_two out/05_vae\n", out)
        self.assertRegex(out.splitlines()[-1], r"^05_vae +1/1 +1.5 ")
        self.assertIn("-DBUILD_TESTING=OFF", self.logged("cmake")[0])

    def test_ways_to_name_a_chapter(self):
        for word in ("2", "02", "02_t", "02_two", "chapters/02_two/"):
            self.log.write_text("")
            self.assertEqual(self.book("run", word)[0], 0)
            self.assertEqual(self.logged("0"), ["02_two --out out/02_two"])

    def test_options_after_two_dashes_go_to_the_chapter(self):
        self.book("run", "5", "--", "--data", "my digits", "--quick")
        self.assertEqual(self.logged("05"), ["05_vae --out out/05_vae --data my digits --quick"])

    def test_help_of_a_chapter(self):
        self.chapter("05_vae", 'echo "help: $*"')
        self.assertEqual(self.book("run", "5", "--", "--help")[:2], (0, "help: --help\n"))

    def test_from_another_folder(self):
        status, out, _ = self.book("run", "1", cwd=self.folder)
        self.assertEqual((status, self.logged("01")), (0, ["01_one --out house/out/01_one"]))
        self.assertTrue((self.house / "out/01_one/results.json").exists())

    def test_a_failing_chapter_does_not_stop_the_others(self):
        self.book("run")  # leaves results that the failing run must not show
        self.chapter("01_one", "exit 1")
        self.chapter("02_two", "kill -SEGV $$")
        status, out, err = self.book("run")
        self.assertEqual(status, 1)
        self.assertIn("plotted out/05_vae\n", out)
        self.assertRegex(out, r"01_one +no results\n02_two +no results\n05_vae +1/1 ")
        self.assertEqual(err.splitlines()[-1], "book: failed: 01_one 02_two")

    def test_misuse_of_a_chapter_stops_at_once(self):
        self.chapter("01_one", "echo '01_one: no such option' >&2; exit 2")
        status, out, err = self.book("run")
        self.assertEqual((status, out, self.logged("0")), (2, "", []))
        self.assertEqual(err.splitlines()[-1], "01_one: no such option")

    def test_a_failing_plot_leaves_the_numbers(self):
        self.plot("sys.exit('no ink')")
        status, out, err = self.book("run", "1")
        self.assertEqual(status, 1)
        self.assertRegex(out, r"01_one +1/1 ")
        self.assertIn("no ink", err)
        self.assertIn("book: failed: figures", err)

    def test_a_chapter_without_results_is_a_failure(self):
        self.chapter("01_one", "exit 0")
        status, _, err = self.book("run", "1")
        self.assertEqual((status, err.splitlines()[-1]), (1, "book: failed: results"))

    def test_a_failing_build(self):
        self.stub("cmake", "echo no Eigen; exit 1")
        status, _, err = self.book("run")
        self.assertEqual((status, self.logged("0")), (1, []))
        self.assertEqual(err, "Building.\nno Eigen\nbook: the build failed, see above\n")

    def test_interrupt(self):
        self.chapter("01_one", "#!/bin/sh\ntouch started\nexec sleep 20\n")
        with self.start("run", "1") as process:
            for _ in range(500):
                if (self.house / "started").exists():
                    break
                time.sleep(0.02)
            os.killpg(process.pid, signal.SIGINT)
            _, err = process.communicate(timeout=10)
        self.assertEqual(process.returncode, 130)
        self.assertIn("book: interrupted", err)

    def test_figures_keep_and_take_mnist_where_it_is(self):
        status, out, err = self.book("figures", "1", "5")
        self.assertIn(f"plotted out/01_one out/05_vae --keep {self.house}/figures\n", out)
        self.assertEqual(self.logged("05"), ["05_vae --out out/05_vae"])
        self.assertIn("./book data mnist", err)
        for place, variable, value in [("sets/mnist", "ELBO_DATA", "sets"),
                                       ("own", "ELBO_DATA", "own"),
                                       ("xdg/elbo/mnist", "XDG_CACHE_HOME", "xdg"),
                                       (".cache/elbo/mnist", "LANG", "C")]:
            for name in ("train-images-idx3-ubyte", "t10k-images-idx3-ubyte.gz"):
                self.write(self.folder / place / name, "")
            self.log.write_text("")
            self.book("figures", "1", "5", **{variable: str(self.folder / value)})
            self.assertEqual(self.logged("0"), ["01_one --out out/01_one",
                                                "05_vae --out out/05_vae --data mnist"], place)
            shutil.rmtree(self.folder / place)


class Setup(House):
    def setUp(self):
        super().setUp()
        # All is there but the compiler; $LOG.done says when that came too.
        self.stub("dpkg-query", """shift 2
            for name; do
              [ $name = g++ ] && [ ! -e "$LOG.done" ] || echo "$name 1.0 installed"
            done
            [ -e "$LOG.done" ]""")

    def user(self, number):
        (self.bin / "id").unlink()
        self.stub("id", f"echo {number}")

    def test_root_installs_what_is_missing_and_says_so(self):
        self.user(0)
        self.stub("apt-get", """echo chatter
            echo "apt-get $DEBIAN_FRONTEND $*" >>"$LOG"
            touch "$LOG.done\"""")
        status, out, err = self.book("run", "1")
        self.assertEqual(status, 0, err)
        self.assertIn("Installing (this can take minutes): g++\n", err)
        self.assertNotIn("chatter", out + err)
        update, install = self.logged("apt-get")
        self.assertRegex(update, r"^apt-get noninteractive .*update$")
        self.assertRegex(install, r"noninteractive .*install -y --no-install-recommends g\+\+$")

    def test_nothing_missing_installs_nothing(self):
        (self.folder / "log.done").touch()
        self.assertEqual(self.book("run", "1")[0], 0)
        self.assertEqual(self.logged("apt-get"), [])

    def test_sudo(self):
        self.user(1000)
        self.stub("apt-get", 'touch "$LOG.done"')
        self.stub("sudo", 'echo "sudo $*" >>"$LOG"; exec "$@"')
        self.assertEqual(self.book("run", "1")[0], 0)
        self.assertEqual(len(self.logged("sudo")), 2)

    def test_neither_root_nor_sudo(self):
        self.user(1000)
        status, out, err = self.book("run")
        self.assertEqual((status, out, self.logged("")), (1, "", []))
        self.assert_one_line(err, "administrator",
                             "apt-get update && apt-get install -y --no-install-recommends g++")

    def test_no_network(self):
        self.user(0)
        self.stub("apt-get", "echo \"W: Failed: Temporary failure resolving 'host'\" >&2; exit 100")
        status, _, err = self.book("run")
        self.assertEqual((status, len(err.splitlines())), (1, 2), err)
        self.assertIn("book: no network", err)

    def test_another_failure_of_apt_is_shown(self):
        self.user(0)
        self.stub("apt-get", "echo E: dpkg was interrupted; exit 100")
        status, _, err = self.book("run")
        self.assertEqual(status, 1)
        self.assertIn("E: dpkg was interrupted", err)
        self.assertIn("book: apt-get failed", err)

    def test_without_apt(self):
        (self.bin / "apt-get").unlink()
        status, _, err = self.book("run", "1")
        self.assertEqual(status, 1)
        self.assertIn("nlohmann-json3-dev", err.splitlines()[0])
        self.assertIn("book: missing: ninja c++;", err.splitlines()[1])
        self.stub("ninja", "")
        self.stub("c++", "")
        status, _, err = self.book("run", "1")
        self.assertEqual(status, 0)
        self.assertIn("Going on with what is here", err)

    def test_doctor(self):
        status, out, err = self.book("doctor")
        self.assertEqual((status, err), (1, ""))
        self.assertRegex(out, r"(?m)^cmake +1\.0$")
        self.assertRegex(out, r"(?m)^MISSING for run +as root: .*-no-install-recommends g\+\+$")
        self.assertRegex(out, r"(?m)^compiler +none$")
        self.assertRegex(out, r"chapters built +3 of 3")
        (self.folder / "log.done").touch()
        self.assertEqual(self.book("doctor")[0], 0)
        self.stub("dpkg-query", "exit 1")
        self.assertRegex(self.book("doctor")[1], r"MISSING for run .* cmake g\+\+ .* zlib1g-dev")
        self.assertEqual(self.logged("apt-get"), [])

    def test_doctor_of_this_machine(self):
        done = subprocess.run([ROOT / "book", "doctor"], capture_output=True, text=True, timeout=30)
        self.assertIn(done.returncode, (0, 1))
        self.assertRegex(done.stdout, r"(?m)^cores +\d+$")


class WithSite(House):
    """A house with a site of one page; npm, node and doxygen are stubs."""

    def setUp(self):
        super().setUp()
        for tool in ("cmp", "cp", "mv"):
            (self.bin / tool).symlink_to(shutil.which(tool))
        for tool in ("npm", "node", "doxygen"):
            self.stub(tool, f'echo "{tool} $*" >>"$LOG"')
        self.write(self.house / "docs/conf.py", "")
        self.write(self.house / "docs/index.rst", "One page\n========\n\nWords.\n")
        for name in ("package.json", "package-lock.json"):
            self.write(self.house / "docs" / name, "{}")
        (self.house / "tests/docs").mkdir(parents=True)


class Site(WithSite):
    def test_it_is_built_and_said_where(self):
        status, _, err = self.book("docs")
        self.assertEqual(status, 0, err)
        page = self.house / "build/docs/html/index.html"
        self.assertIn("Words.", page.read_text())
        self.assertIn(f"The site: {page}\n", err)
        self.assertEqual(len(self.logged("npm ci")), 1)
        self.assertIn("assets.mjs", self.logged("node")[0])

    def test_a_warning_is_a_failure(self):
        self.write(self.house / "docs/index.rst", "One page\n========\n\n:ref:`nowhere`\n")
        status, _, err = self.book("docs")
        self.assertEqual((status, err.splitlines()[-1]),
                         (1, "book: the site was not built, see above"))
        self.assertIn("nowhere", err)

    def test_without_npm_or_its_packages(self):
        self.stub("npm", "echo getaddrinfo ENOTFOUND >&2; exit 1")
        status, _, err = self.book("docs")
        self.assertEqual((status, err.splitlines()[-1]),
                         (1, "book: npm could not fetch its packages; with a network the same "
                             "command goes on"))
        self.assertIn("ENOTFOUND", err)
        (self.bin / "npm").unlink()
        status, _, err = self.book("docs")
        self.assertEqual(status, 1)
        self.assertIn("Installing (this can take minutes): nodejs npm\n", err)

    def test_misuse(self):
        status, _, err = self.book("docs", "--fast")
        self.assertEqual(status, 2)
        self.assert_one_line(err, "--serve, --pdf or --epub", "--fast")


class Check(WithSite):
    def setUp(self):
        super().setUp()
        for folder in ("src", ".ci", ".github"):
            (self.house / folder).mkdir()
        for tool in ("ctest", "codespell", "clang-format", "shellcheck", "find"):
            self.stub(tool, f'echo "{tool} $*" >>"$LOG"')

    def test_every_step_runs(self):
        status, _, err = self.book("test")
        self.assertEqual(status, 0, err)
        self.assertIn("-DBUILD_TESTING=ON", self.logged("cmake")[0])
        self.assertIn("--no-tests=error", self.logged("ctest")[0])
        self.assertIn("cmake --workflow --preset fuzz", self.logged("cmake"))
        for tool in ("ctest", "codespell", "clang-format", "shellcheck"):
            self.assertEqual(len(self.logged(tool)), 1, tool)
        self.assertIn("tests/docs/browser.mjs", self.logged("node")[-1])

    def test_a_finding_of_the_fuzzers_is_shown(self):
        self.stub("cmake", '[ "$1" != --workflow ] || { echo "must: one line"; exit 1; }')
        status, _, err = self.book("test")
        self.assertEqual((status, err.splitlines()[-1]), (1, "book: failed: fuzz"))
        self.assertIn("must: one line\n", err)

    def test_failing_steps_are_named(self):
        self.stub("ctest", "exit 8")
        self.stub("codespell", "exit 65")
        self.stub("npm", "exit 1")
        status, _, err = self.book("test")
        self.assertEqual((status, err.splitlines()[-1]), (1, "book: failed: tests site spelling"))
        self.stub("npm", "exit 0")
        self.stub("cmake", "exit 1")
        self.assertEqual(self.book("test")[2].splitlines()[-1], "book: failed: build spelling")

    def test_interrupt_ends_what_runs_beside(self):
        self.stub("npm", 'echo $$ >"$HOME/beside"; sleep 20; echo late >>"$LOG"')
        self.stub("cmake", 'sleep 20')
        with self.start("test") as process:
            for _ in range(500):
                if (self.folder / "beside").exists() and (self.folder / "beside").read_text():
                    break
                time.sleep(0.02)
            beside = int((self.folder / "beside").read_text())
            os.killpg(process.pid, signal.SIGINT)
            process.communicate(timeout=10)
        self.assertEqual(process.returncode, 130)
        with self.assertRaises(ProcessLookupError):
            for _ in range(100):
                os.kill(beside, 0)
                time.sleep(0.02)


class Bench(House):
    def setUp(self):
        super().setUp()
        self.write(self.house / "cmake/bench.py", "import sys\nprint(*sys.argv[1:])\n")

    def installs(self, *words):
        """What is installed for these words where only run.txt's packages are there."""
        self.stub("dpkg-query", """shift 2
            for name; do
              case $name in
                libbenchmark-dev | *torch* | *openblas*) ;;
                *) echo "$name 1 installed" ;;
              esac
            done""")
        return self.book("bench", *words)[2]

    def test_builds_the_measurements_alone_and_runs_them(self):
        status, out, err = self.book("bench", "--quick")
        self.assertEqual(status, 0, err)
        self.assertEqual(out, f"{self.house}/build/release/bin {self.house}/out --quick\n")
        configure, build = self.logged("cmake")
        self.assertIn("-DBUILD_TESTING=OFF -DELBO_BENCH=ON", configure)
        self.assertIn("--target measurements", build)
        self.log.write_text("")
        self.book("run", "1")
        self.assertIn("-DELBO_BENCH=OFF", self.logged("cmake")[0])

    def test_names_the_data_that_is_here(self):
        for name in ("train-images-idx3-ubyte.gz", "t10k-images-idx3-ubyte"):
            self.write(self.folder / "sets/mnist" / name, "")
        out = self.book("bench", ELBO_DATA=str(self.folder / "sets"))[1]
        self.assertEqual(out.split()[2:], ["--mnist", f"{self.folder}/sets/mnist"])

    def test_the_peer_is_installed_only_when_asked_for(self):
        self.assertIn(" libbenchmark-dev\n", self.installs())
        self.assertNotIn("torch", self.installs("--quick"))
        self.assertIn(" libbenchmark-dev libopenblas0-pthread python3-torch\n",
                      self.installs("--peer"))


# --- Fetching data, from a server on this machine. ---

class Mirror(http.server.BaseHTTPRequestHandler):
    """Serves the dictionary server.files. Knows ranges unless told not to; can break off early."""

    def do_GET(self):
        self.server.asked.append((self.path, self.headers["Range"]))
        content = self.server.files.get(self.path.lstrip("/"))
        if content is None:
            return self.send_error(404)
        start = 0
        if self.server.ranges and self.headers["Range"]:
            start = int(self.headers["Range"].removeprefix("bytes=").rstrip("-"))
            if start >= len(content):
                return self.send_error(416)
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        self.wfile.write(content[start:start + self.server.most])

    def log_message(self, *_):
        pass


def idx(pixels):
    return struct.pack(">4i", 0x803, len(pixels) // 784, 28, 28) + pixels


def entry(name, source, content):
    return fetch_data.File(name, source, hashlib.sha256(content).hexdigest())


class Fetch(Case):
    def setUp(self):
        super().setUp()
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Mirror)
        self.server.asked, self.server.ranges, self.server.most = [], True, 1 << 30
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

        draw = random.Random(1)
        self.content = idx(bytes(draw.randrange(256) for _ in range(784 * 3)))
        self.binary = idx(bytes(draw.randrange(2) for _ in range(784 * 2)))
        self.packed = gzip.compress(self.content)
        rows = [self.binary[16:800], self.binary[800:]]
        self.amat = "".join(" ".join(map(str, row)) + " \n" for row in rows).encode()
        self.server.files = {"grey.gz": self.packed, "binary.amat": self.amat}
        files = {"grey": entry("grey.gz", "grey.gz", self.content),
                 "binary": entry("binary.gz", "binary.amat", self.binary)}
        self.sets = {name: fetch_data.DataSet([self.url], [file]) for name, file in files.items()}
        self.cache = self.folder / "cache" / "elbo"
        self.part = self.cache / "grey.gz.part"

    def fetch(self, name="grey", mirror=None):
        """The error, or None; what is printed goes to self.said."""
        with contextlib.redirect_stdout(io.StringIO()) as said:
            result = fetch_data.main(name, self.cache, self.sets, mirror)
        self.said = said.getvalue()
        return result or None

    def assert_fetched(self, name="grey.gz", content=None):
        self.assertEqual(gzip.decompress((self.cache / name).read_bytes()), content or self.content)
        self.assertEqual(sorted(path.name for path in self.cache.iterdir()), [name])

    def break_off(self, after):
        self.server.most = after
        error = self.fetch()
        self.server.most = 1 << 30
        return error

    def test_fetch_and_then_nothing_to_do(self):
        self.assertIsNone(self.fetch())
        self.assert_fetched()
        self.assertIsNone(self.fetch())
        self.assertIn("already there", self.said)
        self.assertEqual(self.server.asked, [("/grey.gz", None)])

    def test_a_spoilt_file_is_fetched_again(self):
        self.fetch()
        (self.cache / "grey.gz").write_bytes(self.packed[:100])
        self.assertIsNone(self.fetch())
        self.assert_fetched()

    def test_the_second_mirror_goes_on_where_the_first_broke_off(self):
        self.break_off(1000)
        self.sets["grey"].mirrors.insert(0, self.url + "/gone")
        self.assertIsNone(self.fetch())
        self.assert_fetched()
        self.assertEqual(self.server.asked[1:],
                         [("/gone/grey.gz", "bytes=1000-"), ("/grey.gz", "bytes=1000-")])

    def test_resume(self):
        self.assert_one_line(self.break_off(1000), "wanted grey.gz", "by hand", "ELBO_DATA",
                             f"closed after 1000 of {len(self.packed)} bytes (kept) at {self.url}")
        self.assertEqual(self.part.read_bytes(), self.packed[:1000])
        self.assertIsNone(self.fetch())
        self.assert_fetched()
        self.assertEqual(self.server.asked[-1], ("/grey.gz", "bytes=1000-"))

    def test_resume_from_a_server_without_ranges(self):
        self.server.ranges = False
        self.break_off(1000)
        self.assertIsNone(self.fetch())
        self.assert_fetched()

    def test_resume_of_a_whole_part(self):
        self.cache.mkdir(parents=True)
        self.part.write_bytes(self.packed)
        self.assertIsNone(self.fetch())
        self.assert_fetched()

    def test_a_spoilt_part_is_refused_and_the_next_try_is_clean(self):
        self.cache.mkdir(parents=True)
        self.part.write_bytes(b"x" * 1000)
        self.assert_one_line(self.fetch(), "refused and removed")
        self.assertIsNone(self.fetch())
        self.assert_fetched()

    def test_wrong_content(self):
        for wrong in (gzip.compress(self.content + b"\0"), b"<html>sign in</html>",
                      self.packed[:-9], b""):
            self.server.files["grey.gz"] = wrong
            self.assert_one_line(self.fetch(), "wrong file", "refused and removed", "grey.gz")
            self.assertEqual(list(self.cache.iterdir()), [])

    def test_not_found(self):
        self.server.files.clear()
        self.assert_one_line(self.fetch(), "wanted grey.gz", f"404 Not Found at {self.url}",
                             f"put grey.gz into {self.cache} by hand")

    def test_refused_unknown_and_malformed_addresses(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            nobody = f"http://127.0.0.1:{free.getsockname()[1]}"
        self.assert_one_line(self.fetch(mirror=nobody), "Connection refused", nobody)
        self.assert_one_line(self.fetch(mirror="closet"), "unknown url type")
        self.assert_one_line(self.fetch(mirror="http://"), "no host")

    def test_a_silent_server(self):
        with socket.create_server(("127.0.0.1", 0)) as silent, \
                mock.patch.object(fetch_data, "TIMEOUT", 0.2):
            address = f"http://127.0.0.1:{silent.getsockname()[1]}"
            self.assert_one_line(self.fetch(mirror=address), f"timed out at {address}")

    def test_mirror_of_ones_own(self):
        self.sets["grey"].mirrors[:] = ["http://127.0.0.1:9"]
        self.assertIsNone(self.fetch(mirror=self.url + "/"))
        self.assert_fetched()

    def test_binary_text_becomes_idx(self):
        self.assertIsNone(self.fetch("binary"))
        self.assert_fetched("binary.gz", self.binary)

    def test_malformed_binary_text(self):
        first, second, _ = self.amat.split(b"\n")
        for spoilt in (second[2:], second.replace(b"1", b"2"), second + b"1", b""):
            self.server.files["binary.amat"] = first + b"\n" + spoilt + b"\n"
            self.assert_one_line(self.fetch("binary"), "line 2 is not 784 values 0 or 1", "removed")
            self.assertEqual(list(self.cache.iterdir()), [])
        self.server.files["binary.amat"] = first + b"\n"
        self.assert_one_line(self.fetch("binary"), "SHA-256")

    def test_full_disk(self):
        full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        with mock.patch.object(fetch_data, "receive", side_effect=[self.packed[:1000], full]):
            self.assert_one_line(self.fetch(), "the disk is full", str(self.cache), "kept")
        self.assertEqual(self.part.read_bytes(), self.packed[:1000])

    def test_a_cache_that_is_a_file(self):
        (self.folder / "cache").write_text("")
        self.assert_one_line(self.fetch(), f"{self.cache}: Not a directory", "XDG_CACHE_HOME")

    @unittest.skipIf(os.geteuid() == 0, "root can write anywhere")
    def test_read_only_cache(self):
        self.folder.chmod(0o500)
        self.addCleanup(self.folder.chmod, 0o700)
        self.assert_one_line(self.fetch(), "Permission denied", "XDG_CACHE_HOME", "ELBO_DATA")

    def test_the_published_sets(self):
        self.assertEqual(list(fetch_data.DATA_SETS), ["mnist", "binarized-mnist"])
        for data in fetch_data.DATA_SETS.values():
            for file in data.files:
                self.assertRegex(file.sha256, "^[0-9a-f]{64}$")
                self.assertRegex(file.name, r"^[a-z0-9-]+-ubyte\.gz$")


class FetchThroughTheBook(House):
    def test_one_line_and_where_it_looked(self):
        status, _, err = self.book("data", "mnist", ELBO_MIRROR="http://127.0.0.1:9")
        self.assertEqual(status, 1)
        self.assert_one_line(err, "book: wanted train-images-idx3-ubyte.gz", "http://127.0.0.1:9",
                             str(self.folder / ".cache/elbo/mnist"))


# --- The table. ---

class Summary(Case):
    def table(self, **chapters):
        folders = []
        for name, results in chapters.items():
            folders.append(self.folder / name)
            folders[-1].mkdir(exist_ok=True)
            if results is not None:
                (folders[-1] / "results.json").write_text(results)
        with contextlib.redirect_stdout(io.StringIO()) as out:
            status = summary.main(folders)
        return status, out.getvalue().strip().splitlines()

    def results(self, *verdicts, seconds=2.25, got=2.0):
        claims = [{"label": f"eq:{n}", "statement": f"claim {n}", "expected": 1.0, "got": got,
                   "error": 1.0, "tolerance": 0.5, "ok": ok} for n, ok in enumerate(verdicts)]
        return json.dumps({"claims": claims, "seconds": seconds})

    def test_all_hold(self):
        (self.folder / "a").mkdir()
        (self.folder / "a" / "kl-light.svg").touch()
        status, lines = self.table(a=self.results(True, True), b=self.results(seconds=11))
        self.assertEqual(status, 0)
        self.assertRegex(lines[0], r"^chapter +claims held +seconds +pictures$")
        self.assertRegex(lines[1], r"^a +2/2 +2\.2 +1 in \S+/a$")
        self.assertRegex(lines[2], r"^b +0/0 +11\.0 +none$")

    def test_a_failed_claim_is_named(self):
        status, lines = self.table(a=self.results(True, False), b=self.results(False, got=None))
        self.assertEqual(status, 1)
        self.assertRegex(lines[1], r"^a +1/2 FAILED +2\.2 ")
        self.assertEqual(lines[3], "a: eq:1 fails: claim 1: expected 1.0, got 2.0, tolerance 0.5")
        self.assertIn("got None", lines[4])

    def test_missing_and_spoilt_results(self):
        for spoilt in ("", "{", "[]", "null", '{"claims": 3, "seconds": 1}', '{"claims": []}',
                       '{"claims": [{}], "seconds": 1}', '{"claims": [], "seconds": "x"}'):
            status, lines = self.table(a=spoilt, b=self.results(True))
            self.assertEqual((status, len(lines)), (1, 3), spoilt)
            self.assertRegex(lines[1], r"^a +unreadable +\S+/a/results.json: ", spoilt)
        status, lines = self.table(c=None)
        self.assertEqual((status, lines[1]), (1, "c        no results"))


if __name__ == "__main__":
    unittest.main()
