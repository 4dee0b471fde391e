"""Colours of code: few, and dark enough to read (4.5 to 1 and more on their ground)."""

from pygments.style import Style
from pygments.token import Comment, Generic, Keyword, Literal, Name, Number, String, Token


class Light(Style):
    background_color = "#f6f7f9"
    styles = {Token: "#1f2328", Comment: "#57606a", Keyword: "#8a2f8f", Name.Builtin: "#0b5cad",
              Keyword.Type: "#0b5cad", Name.Variable: "#1f2328", Number: "#9a3b00",
              Literal: "#9a3b00", String: "#116329", Comment.Preproc: "#8a2f8f",
              Comment.PreprocFile: "#116329", Generic.Prompt: "#57606a", Generic.Output: "#1f2328"}


class Dark(Style):
    background_color = "#1b2027"
    styles = {Token: "#e6edf3", Comment: "#9aa7b4", Keyword: "#e2a7f0", Name.Builtin: "#8cc5ff",
              Keyword.Type: "#8cc5ff", Name.Variable: "#e6edf3", Number: "#ffb27a",
              Literal: "#ffb27a", String: "#8fe3a5", Comment.Preproc: "#e2a7f0",
              Comment.PreprocFile: "#8fe3a5", Generic.Prompt: "#9aa7b4", Generic.Output: "#e6edf3"}
