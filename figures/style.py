"""What the chapters draw with: ink in two themes, a page, and words beside the lines they name.

A chapter's figures.py holds one function a figure, `def name(run, page, ink)`, and lists them in
FIGURES; tables that a page reads itself it names in KEPT_TABLES. `run` is what the chapter's run left (run["kl_surface"]["mean"], run.results["kl"]),
`page.axes()` the paper, `ink.blue` a colour. An animation, listed in ANIMATIONS, is the same but
yields whenever the page is ready to be a frame.
"""

import base64
import io
import re
from dataclasses import dataclass
from pathlib import Path

import matplotlib.style
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap, to_rgb
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from PIL import Image

WIDTH = 5.0  # inches; every figure has it, so that all letters have one size


# --- Colours ---


@dataclass(frozen=True)
class Ink:
    """Colours after Okabe and Ito, darkened or lightened until words in them are read easily.

    Blue and orange are the pair that everybody tells apart; green and purple come third and fourth.
    """

    name: str
    page: str  # what the page behind the transparent figure is like
    text: str
    muted: str  # axes, and lines that are there for comparison
    faint: str  # areas that should hardly be noticed
    blue: str
    orange: str
    green: str
    purple: str

    def shades(self, colour):
        """A colour map from the page to the colour."""
        return LinearSegmentedColormap.from_list("shades", [self.page, colour])

    @staticmethod
    def mix(colours, shares):
        """Mixtures of the colours, one for each row of shares."""
        return np.clip(shares @ np.array([to_rgb(colour) for colour in colours]), 0, 1)

    @property
    def ten(self):
        """Colours for ten digits: five of them, then each once more, halfway to white."""
        five = self.blue, self.orange, self.green, self.purple, self.muted
        plain = np.array([to_rgb(colour) for colour in five])
        return np.vstack([plain, (plain + 1) / 2])

    @property
    def palette(self):
        """All colours of a scatter plot, and each on its way to the page's for soft edges."""
        page = np.array(to_rgb(self.page))
        full = np.vstack([to_rgb(self.text), to_rgb(self.muted), self.ten])
        return np.vstack([page, *(page + part * (full - page) for part in (1, 0.75, 0.5, 0.25))])

    @property
    def settings(self):
        return {"text.color": self.text, "axes.labelcolor": self.text,
                "axes.edgecolor": self.muted, "xtick.color": self.muted,
                "ytick.color": self.muted, "xtick.labelcolor": self.text,
                "ytick.labelcolor": self.text}


LIGHT = Ink("light", page="#ffffff", text="#1b1c1e", muted="#5c6068", faint="#d9dce1",
            blue="#0072b2", orange="#c04f00", green="#00795a", purple="#a8508a")
DARK = Ink("dark", page="#131416", text="#e8e9eb", muted="#a3a8b0", faint="#3a3d43",
           blue="#56b4e9", orange="#f5a04c", green="#2dbe92", purple="#e08fc2")
THEMES = LIGHT, DARK


def themed(ink):
    """A context in which everything is drawn in the book's style and this ink."""
    return matplotlib.style.context([Path(__file__).with_name("book.mplstyle"), ink.settings])


# --- Paper ---


class Page:
    """The paper of one figure."""

    figure = None

    def axes(self, rows=1, cols=1, height=2.8, **options):
        """One Axes, or an array of them; height in inches. Options are those of subplots()."""
        self.figure = Figure(figsize=(WIDTH, height))
        return self.figure.subplots(rows, cols, **options)

    def save(self, path, frames, ink):
        """As SVG, or as GIF where the figure's function yields frames."""
        if frames is None:
            self.save_svg(path)
        else:
            self.save_gif(path, frames, ink)

    def save_svg(self, path):
        """Nothing in it tells when it was drawn; scatters, which are pixels, are made small."""
        svg = io.StringIO()
        self.figure.savefig(svg, format="svg", metadata={"Date": None})
        path.write_text(re.sub(r"(?<=data:image/png;base64,)[^\"]+", small_png, svg.getvalue()),
                        encoding="utf-8")

    def save_gif(self, path, frames, ink, milliseconds=160, pause=2500, dpi=84):
        """Holds the last frame for a while. The page's colour is behind it, for a GIF's own
        transparency has no soft edges."""
        palette = Image.new("P", (1, 1))
        palette.putpalette(np.round(255 * ink.palette).astype(np.uint8).tobytes())
        pictures = []
        for _ in frames:
            self.figure.set(dpi=dpi, facecolor=ink.page)
            canvas = FigureCanvasAgg(self.figure)
            canvas.draw()
            self.figure.set_layout_engine("none")  # from now on the axes stay where they are
            picture = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
            pictures.append(picture.quantize(palette=palette, dither=Image.Dither.NONE))
        pictures[0].save(path, format="GIF", save_all=True, append_images=pictures[1:], loop=0,
                         duration=[milliseconds] * (len(pictures) - 1) + [pause])


def small_png(match):
    """The same picture in 128 colours and transparencies: half the bytes or less."""
    picture = Image.open(io.BytesIO(base64.b64decode(match[0])))
    small = io.BytesIO()
    picture.convert("RGBA").quantize(128, method=Image.Quantize.FASTOCTREE).save(small, "PNG")
    return base64.b64encode(small.getvalue()).decode()


# --- Words and areas ---


def label(ax, text, at, colour, dx=0, dy=0, **options):
    """Words beside a point `at` of the data, dx and dy points away from it."""
    options = {"ha": "left" if dx >= 0 else "right", "va": "center", "color": colour,
               "textcoords": "offset points", "annotation_clip": False} | options
    return ax.annotate(text, at, (dx, dy), **options)


def on_line(ax, text, x, y, at, colour, **options):
    """Words beside the line through x, y, where it passes x = at."""
    return label(ax, text, (at, np.interp(at, x, y)), colour, **options)


def level(ax, y, text, colour, at=1, below=False, **options):
    """A horizontal line across the axes, named above or below it at the right (1) or left (0)."""
    ax.axhline(y, color=colour, linewidth=1.2, **options)
    label(ax, text, (at, y), colour, dy=-3 if below else 3, va="top" if below else "bottom",
          ha="right" if at else "left", xycoords=("axes fraction", "data"))


def gap(ax, x, lower, upper, colour):
    """The area between two curves."""
    ax.fill_between(x, lower, upper, color=colour, alpha=0.22, linewidth=0)


def halo(ink, width=3):
    """For letters that cross lines: a rim of the page's colour."""
    return [withStroke(linewidth=width, foreground=ink.page)]


def plain_ticks(axis, ticks, form="{:g}"):
    """These ticks, written as plain numbers, also where the scale is logarithmic."""
    axis.set_ticks(ticks, [form.format(tick) for tick in ticks])
    axis.set_ticks([], minor=True)


def circle(ax, radius, at=(0, 0), root=((1, 0), (0, 1)), **options):
    """Where a normal is `radius` standard deviations from its mean; root is its covariance's."""
    turn = np.linspace(0, 2 * np.pi, 100)
    x, y = radius * np.asarray(root) @ [np.cos(turn), np.sin(turn)]
    ax.plot(at[0] + x, at[1] + y, **options)
