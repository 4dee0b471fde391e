"""Weights as Python sees them: our files read, and its files given to us, with numpy and the
format's description alone."""

import json
import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import numpy as np

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
from chapter import BIN  # noqa: E402

TYPES = {"F32": "<f4", "F64": "<f8", "I64": "<i8", "U64": "<u8", "U8": "|u1"}


def read(path):
    """Header, arrays by name, and metadata."""
    content = path.read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8:8 + length])
    metadata = header.pop("__metadata__", {})
    arrays = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        array = np.frombuffer(content[8 + length + begin:8 + length + end], TYPES[entry["dtype"]])
        arrays[name] = array.reshape(entry["shape"])
    return content, header, arrays, metadata


def write(path, arrays, metadata=None, backwards=False):
    """Arrays as others write them; `backwards` names the last one first."""
    header, data = {}, b""
    for name, array in arrays.items():
        dtype = {str(np.dtype(code)): name for name, code in TYPES.items()}[str(array.dtype)]
        begin, data = len(data), data + array.tobytes()  # C order, whatever the array's own
        header[name] = {"dtype": dtype, "shape": array.shape, "data_offsets": [begin, len(data)]}
    if backwards:
        header = dict(reversed(header.items()))
    if metadata is not None:
        header["__metadata__"] = metadata
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


class Safetensors(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.path = self.folder / "w.safetensors"

    def tool(self, *paths):
        done = subprocess.run([BIN / "safetensors_tool", *paths], capture_output=True, text=True,
                              timeout=60, check=False)
        return done.returncode, done.stderr

    def example(self):
        self.assertEqual(self.tool(self.path), (0, ""))
        return read(self.path)

    def assert_same(self, arrays, others):
        self.assertEqual(arrays.keys(), others.keys())
        for name, array in arrays.items():
            with self.subTest(name):
                self.assertEqual((array.dtype, array.shape),
                                 (others[name].dtype, others[name].shape))
                self.assertEqual(array.tobytes(), others[name].tobytes())  # NaN is NaN, -0 is -0

    def test_rows_and_columns(self):
        _, _, arrays, _ = self.example()
        weight = np.array([[1.0, 2, 3], [40, 50, 60]])
        np.testing.assert_array_equal(arrays["layer.weight"], weight)  # out x in
        np.testing.assert_array_equal(arrays["weight32"], weight.astype(np.float32))
        np.testing.assert_array_equal(arrays["column"], weight[:, :1])
        # What C++ makes of x, Python does.
        y = arrays["layer.weight"] @ arrays["x"] + arrays["layer.bias"]
        np.testing.assert_array_equal(y, arrays["y"])
        np.testing.assert_array_equal(y, [321.5, 6539.75])

    def test_every_type(self):
        _, header, arrays, _ = self.example()
        self.assertEqual(arrays["u64"].tolist(), [0, 2**64 - 1])
        self.assertEqual(arrays["i64"].tolist(), [-1, 2**62])
        self.assertEqual(arrays["u8"].tolist(), [0, 128, 255])
        single = np.finfo(np.float32)
        self.assertEqual(arrays["floats"].tolist(), [0.0, 2.0**-149, float(single.max), np.inf])
        self.assertTrue(np.signbit(arrays["floats"][0]))
        self.assertEqual(arrays["empty"].shape, (0, 4))
        self.assertEqual({entry["dtype"] for entry in header.values()}, TYPES.keys())

    def test_layout_of_the_file(self):
        content, header, _, metadata = self.example()
        (length,) = struct.unpack("<Q", content[:8])
        self.assertEqual((length % 8, content[8:9]), (0, b"{"))
        end = 0
        for entry in header.values():
            self.assertEqual(entry.keys(), {"dtype", "shape", "data_offsets"})
            self.assertEqual(entry["data_offsets"][0], end)
            end = entry["data_offsets"][1]
        self.assertEqual(len(content), 8 + length + end)
        self.assertEqual(metadata, {"format": "pt", 'a "word"\n': "ä"})

    def test_files_of_python(self):
        generator = np.random.default_rng(1)
        arrays = {"turned": np.arange(6.0).reshape(2, 3).T}
        for name, code in TYPES.items():
            for shape in [(), (5,), (3, 4), (4, 3), (1, 7), (7, 1), (2, 3, 4), (0, 2)]:
                raw = generator.integers(0, 256, (*shape, np.dtype(code).itemsize), np.uint8)
                arrays[f"{name} {shape} ä"] = raw.view(code)[..., 0]
        for backwards in (False, True):
            write(self.path, arrays, {"who": "Python"}, backwards)
            copied = self.folder / "copy.safetensors"
            self.assertEqual(self.tool(self.path, copied), (0, ""))
            _, _, others, metadata = read(copied)
            self.assert_same(arrays, others)
            self.assertEqual(metadata, {"who": "Python"})

    def test_a_spoilt_file_is_one_line_and_no_copy(self):
        write(self.path, {"a": np.arange(3.0)})
        whole = self.path.read_bytes()
        for spoilt in (whole[:-1], whole + b"\0", whole.replace(b"F64", b"F16"), b"", b"\x80\x02"):
            self.path.write_bytes(spoilt)
            status, said = self.tool(self.path, self.folder / "copy")
            self.assertEqual((status, len(said.splitlines())), (1, 1), said)
            self.assertRegex(said, rf"^safetensors_tool: {self.path}: wanted .*, found .*; ")
            self.assertEqual(list(self.folder.iterdir()), [self.path])


if __name__ == "__main__":
    unittest.main()
