"""The exceptions that reenactor raises on purpose, each with an exit code.

    ReenactorError                1   any other error
    ├── UsageError                2   an invalid command line or API call
    ├── InputError                3   an unusable photo, video or folder
    │   └── NoPersonError         3   nobody, or not the selected person, was found
    ├── SpecError                 4   an invalid pipeline spec
    ├── WeightsError              5   weights that are missing, damaged or do not match
    ├── PluginError               6   a plugin that is broken, missing or conflicting
    ├── OutputError               7   an output that cannot be written (disk full, no permission)
    └── TrainingError             8   a training that cannot continue (NaN loss)

Ctrl-C ends a command with exit code 130, SIGTERM with 143, SIGHUP with 129, a bug in reenactor with
70, and a closed pipe (`reenactor plugins list | head -1`) with 141.

A message says what was given, what was expected, and what to try. `given`, `expected` and `advice`
are also attributes, so that a program (`--json`) can read them.
"""


class ReenactorError(Exception):
    """The base class of all errors. `exit_code` is the command line's exit code."""

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
