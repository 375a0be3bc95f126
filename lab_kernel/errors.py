"""Bad input, said in one line that a reader can act on."""

from __future__ import annotations


class BadInput(ValueError):
    """Raised for any input a person can get wrong.

    ``argument`` names what is wrong as its user knows it (``frames``, ``--refs``, ``answer``);
    ``message`` is one localised sentence that says what was found and what is allowed.
    The command line prints ``argument: message`` and exits with 2; a notebook shows the same
    line instead of a traceback. One line it stays, whatever a person put into it.
    """

    def __init__(self, argument: str, message: str) -> None:
        self.argument = one_line(argument)
        self.message = one_line(message)
        super().__init__(f"{self.argument}: {self.message}")

    def __reduce__(self) -> tuple[type[BadInput], tuple[str, str], dict[str, object]]:
        """Pickled with both arguments and all notes, so that it can come from another process."""
        return type(self), (self.argument, self.message), self.__dict__

    def _render_traceback_(self) -> list[str]:
        """IPython's hook: a learner sees the line, not our call stack."""
        return [str(self)]


def one_line(text: str) -> str:
    """The text with a space for each line end and control character, of any alphabet."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
