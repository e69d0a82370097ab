"""A mistake in a spec, and the error that lists all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from enum import StrEnum

from reenactor.errors import PluginError, ReenactorError, SpecError, WeightsError
from reenactor.spec.source import FieldPath, Position, dotted


class Kind(StrEnum):
    """The kind of a problem. All but notes prevent a run."""

    SPEC = "spec"
    PLUGIN = "plugin"
    WEIGHTS = "weights"
    NOTE = "note"
    """Not a mistake: a restricted licence or a pending download, for example."""


_EXIT_CODES = {
    Kind.SPEC: SpecError.exit_code,
    Kind.PLUGIN: PluginError.exit_code,
    Kind.WEIGHTS: WeightsError.exit_code,
}


@dataclass(frozen=True)
class Problem:
    """A mistake or note about a field: problem, given, expected, and advice."""

    problem: str
    position: Position
    field: FieldPath = ()
    given: str = ""
    expected: str = ""
    advice: str = ""
    kind: Kind = Kind.SPEC
    cause: Exception | None = dataclass_field(default=None, compare=False, repr=False)
    """The exception of a plugin's code, for its traceback."""

    def __str__(self) -> str:
        where = [str(self.position), dotted(self.field)]
        head = ": ".join([*(part for part in where if part), self.problem])
        body = ReenactorError(head, given=self.given, expected=self.expected, advice=self.advice)
        return str(body)

    def as_json(self) -> dict[str, str | int]:
        """The same as JSON values."""
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
"""The most mistakes in the message; `problems` has all."""


class SpecMistakesError(SpecError):
    """All mistakes found in a spec.

    If all are of one kind, the exit code is that of the kind (missing weights: 5, missing plugin:
    6); otherwise it is that of specs (4).
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
    """In the order of the file; problems without a line come last."""
    return sorted(problems, key=lambda p: (not p.position.line, p.position.line, p.position.column))
