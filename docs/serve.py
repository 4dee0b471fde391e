"""Serves the site on this machine alone, builds it anew when a source changes, and has open pages
reload: serve.py ROOT [PORT]"""

import subprocess
import sys
import threading
import time
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(sys.argv[1])
SITE = ROOT / "build/docs/html"
WATCHED = ("docs", "chapters", "src", "figures")
RELOAD = b"""<script>
(() => { let seen; setInterval(async () => {
  try { const now = await (await fetch('/.changed')).text(); if (seen && seen !== now) location.reload(); seen = now; }
  catch { /* the server is gone; the page stays */ } }, 1000); })();
</script></body>"""
built = [str(time.time())]  # when


class Page(SimpleHTTPRequestHandler):
    def __init__(self, *args, **more):
        super().__init__(*args, directory=str(SITE), **more)

    def do_GET(self):
        if self.path == "/.changed":
            return self.answer(built[0].encode(), "text/plain")
        path = Path(self.translate_path(self.path))
        if path.is_dir():
            path /= "index.html"
        if path.suffix == ".html" and path.exists():
            return self.answer(path.read_bytes().replace(b"</body>", RELOAD), "text/html")
        return super().do_GET()

    def answer(self, body, kind):
        self.send_response(200)
        self.send_header("Content-Type", kind + "; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def newest():
    return max(path.stat().st_mtime for folder in WATCHED for path in (ROOT / folder).rglob("*")
               if path.is_file() and "__pycache__" not in path.parts)


def watch():
    seen = newest()
    while True:
        time.sleep(1)
        now = newest()
        if now != seen:
            seen = now
            print("Changed; building.", flush=True)
            if subprocess.run([ROOT / "book", "docs"], check=False).returncode == 0:
                built[0] = str(time.time())


def main():
    port = int(sys.argv[2]) if len(sys.argv) > 2 else 8000
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), Page)
    except OSError:
        server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=watch, daemon=True).start()
    print(f"http://127.0.0.1:{server.server_port}/ (Ctrl-C ends it)", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
