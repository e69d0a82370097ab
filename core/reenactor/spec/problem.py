"""One mistake in a spec, and the error that carries all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from enum import StrEnum

from reenactor.errors import PluginError, ReenactorError, SpecError, WeightsError
from reenactor.spec.source import FieldPath, Position, dotted


class Kind(StrEnum):
    """What a problem is about; each but a note stops a run."""

    SPEC = "spec"
    PLUGIN = "plugin"
    WEIGHTS = "weights"
    NOTE = "note"
    """Worth knowing, and no mistake: a licence, a download to come."""


_EXIT_CODES = {
    Kind.SPEC: SpecError.exit_code,
    Kind.PLUGIN: PluginError.exit_code,
    Kind.WEIGHTS: WeightsError.exit_code,
}


@dataclass(frozen=True)
class Problem:
    """A mistake, or a note, about one field: what is wrong, given, expected, and what to do."""

    problem: str
    position: Position
    field: FieldPath = ()
    given: str = ""
    expected: str = ""
    advice: str = ""
    kind: Kind = Kind.SPEC
    cause: Exception | None = dataclass_field(default=None, compare=False, repr=False)
    """What a plugin's code raised, for who asks for the traceback."""

    def __str__(self) -> str:
        where = [str(self.position), dotted(self.field)]
        head = ": ".join([*(part for part in where if part), self.problem])
        body = ReenactorError(head, given=self.given, expected=self.expected, advice=self.advice)
        return str(body)

    def as_json(self) -> dict[str, str | int]:
        """The same for a program."""
        return {
            "kind": str(self.kind),
            "file": self.position.origin,
            "line": self.position.line,
            "column": self.position.column,
            "field": dotted(self.field),
            "problem": self.problem,
            "given": self.given,
            "expected": self.expected,
            "advice": self.advice,
        }


MOST = 50
"""So many mistakes are written out; `problems` has all."""


class SpecMistakesError(SpecError):
    """Every mistake that was found in a spec, at once.

    It ends a command with the code of its mistakes where all are of one kind (a missing weight:
    5, a missing plugin: 6), and with that of a spec (4) otherwise.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problem for problem in problems if problem.kind is not Kind.NOTE)
        if not self.problems:
            raise ValueError("no mistakes to report")
        listed = [str(problem) for problem in self.problems[:MOST]]
        count = len(self.problems)
        if count > MOST:
            listed.append(f"and {count - MOST} more")
        super().__init__("\n".join([f"{count} mistakes", *listed] if count > 1 else listed))
        self.problem = f"{count} mistakes" if count > 1 else self.problems[0].problem
        causes = [problem.cause for problem in self.problems if problem.cause is not None]
        if causes:
            self.__cause__ = ExceptionGroup("what plugins raised", causes)
        kinds = {problem.kind for problem in self.problems}
        self.exit_code = _EXIT_CODES[kinds.pop() if len(kinds) == 1 else Kind.SPEC]


def in_order(problems: Sequence[Problem]) -> list[Problem]:
    """As a reader of the file meets them; what has no line comes last."""
    return sorted(problems, key=lambda p: (not p.position.line, p.position.line, p.position.column))
