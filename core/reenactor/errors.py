"""Every error that a user can meet, as one tree; each branch has its exit code.

    ReenactorError                1   the branch that is none of those below
    ├── UsageError                2   a command line, or a call of the API, that does not fit
    ├── InputError                3   a photo, video or folder that cannot be used
    │   └── NoPersonError         3   nobody (or not the wanted person) is in the picture
    ├── SpecError                 4   a pipeline spec with mistakes
    ├── WeightsError              5   weights that are missing, damaged or do not fit
    ├── PluginError               6   a plugin that is broken, missing or in conflict
    ├── OutputError               7   an output that cannot be written (disk full, no rights)
    └── TrainingError             8   a training that cannot go on (a loss that is no number)

Ctrl-C ends a command with exit code 130, SIGTERM with 143, SIGHUP with 129, a defect of ours
with 70, and a reader that has left (`reenactor plugins list | head -1`) with 141.

A message says what was given, what was expected, and what to do. `given`, `expected` and
`advice` are kept apart so that a program (`--json`) can read them.
"""


class ReenactorError(Exception):
    """The root. `exit_code` is what the command line ends with."""

    exit_code = 1

    def __init__(
        self, problem: str, *, given: str = "", expected: str = "", advice: str = ""
    ) -> None:
        self.problem = problem
        self.given = given
        self.expected = expected
        self.advice = advice
        lines = [problem]
        for label, text in (("given", given), ("expected", expected), ("try", advice)):
            if text:
                lines.append(f"  {label + ':':<10}{text}")
        super().__init__("\n".join(lines))


class UsageError(ReenactorError):
    exit_code = 2


class InputError(ReenactorError):
    exit_code = 3


class NoPersonError(InputError):
    pass


class SpecError(ReenactorError):
    exit_code = 4


class WeightsError(ReenactorError):
    exit_code = 5


class PluginError(ReenactorError):
    exit_code = 6


class OutputError(ReenactorError):
    exit_code = 7


class TrainingError(ReenactorError):
    exit_code = 8
