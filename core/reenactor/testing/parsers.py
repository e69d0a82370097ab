"""The checks of parsers."""

from collections.abc import Sequence

import torch

from reenactor.roles import Parser
from reenactor.roles.contract import LABELS, expect
from reenactor.testing.check import Candidate, Check
from reenactor.testing.exercise import Exercise, Trial
from reenactor.testing.expect import Results
from reenactor.testing.samples import empty_frames, frames_of
from reenactor.values import Skeleton


def _parse(now: Trial, prepared: None, frames: Sequence[int]) -> Results:
    del prepared
    assert isinstance(now.component, Parser)
    driver, at = now.given.driver, torch.tensor(list(frames), dtype=torch.long)
    return {"labels": now.component.parse(frames_of(driver, frames), driver.skeleton[at]).labels}


def _nobody(candidate: Candidate) -> None:
    parser = candidate.component
    assert isinstance(parser, Parser)
    labels = parser.parse(empty_frames(2), Skeleton.empty(2)).labels
    expect(
        not labels.any(),
        "only background in a picture of an empty room",
        f"{int((labels > 0).sum())} pixels of other classes",
    )


CHECKS: tuple[Check, ...] = (
    *Exercise(lambda _: None, _parse, {"labels": LABELS}, canvas=False).checks(),
    Check("nobody", "a picture without a person is all background", _nobody),
)
