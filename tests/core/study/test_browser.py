"""The study in a real browser, two people at once. Skipped where there is no Chromium.

apt-get install chromium chromium-driver; pip install selenium
"""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from reenactor.study.answers import Answers
from reenactor.study.load import load_study

from .conftest import Maker, Serving, film, served

webdriver: Any = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
CHROME = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
)
DRIVER = shutil.which("chromedriver")
pytestmark = pytest.mark.skipif(not (CHROME and DRIVER), reason="no Chromium with chromedriver")

DESKTOP, PHONE = (1280, 800), (390, 844)
Opener = Callable[..., Any]


@pytest.fixture
def opened() -> Iterator[Opener]:
    """Opens browsers of a size, each with cookies of its own."""
    with ExitStack() as stack:

        def start(size: tuple[int, int] = DESKTOP) -> Any:
            options = webdriver.ChromeOptions()
            options.binary_location = CHROME
            options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
            sandbox = ["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else []
            for flag in ("--headless=new", "--disable-gpu", "--disable-dev-shm-usage", *sandbox):
                options.add_argument(flag)
            metrics = {"width": size[0], "height": size[1], "pixelRatio": 2.0, "mobile": True}
            if size == PHONE:
                options.add_experimental_option("mobileEmulation", {"deviceMetrics": metrics})
            else:
                options.add_argument(f"--window-size={size[0]},{size[1] + 150}")
            service = webdriver.ChromeService(DRIVER)
            browser = webdriver.Chrome(options=options, service=service)
            stack.callback(browser.quit)
            return browser

        yield start


def until(happens: Callable[[], Any], seconds: float = 20) -> Any:
    """Wait for something; its value."""
    end = time.monotonic() + seconds
    while not (value := happens()):
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)
    return value


def begin(browser: Any, address: str) -> None:
    browser.get(address)
    browser.find_element("css selector", "form button").click()
    playing(browser)


def playing(browser: Any) -> list[float]:
    """Wait until all videos play; their times."""
    script = """
        const videos = [...document.querySelectorAll("video")];
        const button = document.querySelector("button[value=left]");
        const well = videos.length && button && !button.disabled
            && videos.every((v) => !v.paused && v.currentTime > 0.1);
        return well ? videos.map((v) => v.currentTime) : null;"""
    times: list[float] = until(lambda: browser.execute_script(script))
    return times


def press(browser: Any, key: str) -> None:
    webdriver.ActionChains(browser).send_keys(key).perform()


def title(browser: Any, wanted: str) -> None:
    until(lambda: browser.title == wanted)


def fits(browser: Any) -> None:
    """Nothing is beyond the window's edges, down or aside, and the videos can be seen."""
    width, height, inner_width, inner_height, *videos = browser.execute_script(
        "const root = document.documentElement;"
        "return [root.scrollWidth, root.scrollHeight, innerWidth, innerHeight,"
        " ...[...document.querySelectorAll('video')].map((v) => Math.min(v.clientWidth,"
        " v.clientHeight))]"
    )
    assert width <= inner_width
    assert height <= inner_height
    assert min(videos) > 80


def is_quiet(browser: Any, address: str) -> None:
    """No error, nothing that the policy forbade, nothing from elsewhere."""
    assert browser.get_log("browser") == []
    asked = browser.execute_script(
        "return performance.getEntriesByType('resource').map((entry) => entry.name)"
    )
    assert asked
    assert all(name.startswith(address) for name in asked), asked


LEFT, RIGHT, DOWN = "\ue012", "\ue014", "\ue015"  # arrows, as WebDriver names them


def test_two_people_at_once(study_of: Maker, opened: Opener) -> None:
    study = study_of(3, beside=True, reference="ours")
    one, two = opened(DESKTOP), opened(PHONE)
    with served(study) as server:
        address, port = server.address, int(server.server_address[1])
        begin(one, address)
        begin(two, address)
        for browser in (one, two):
            fits(browser)
            is_quiet(browser, address)
            assert max(times := playing(browser)) - min(times) < 0.2
        title(one, "1 of 3")
        press(one, LEFT)
        title(one, "2 of 3")
        two.execute_script(  # a double click, quicker than any page
            "const button = document.querySelector('button[value=right]');"
            "button.click(); button.click();"
        )
        title(two, "2 of 3")
        one.refresh()
        title(one, "2 of 3")
        playing(one)
        press(one, RIGHT)
        title(one, "3 of 3")
        one.back()  # the browser may show a page that was answered, or the next one
        playing(one)
        one.find_element("css selector", "button[value=left]").click()
        until(lambda: one.title in ("3 of 3", "Thank you"))
        if one.title == "3 of 3":
            playing(one)
            press(one, LEFT)
        title(one, "Thank you")
    with served(load_study(study.folder), port):  # started anew: the other goes on
        two.get(address)
        two.find_element("css selector", "a.button").click()
        title(two, "2 of 3")
        for _ in range(2):
            playing(two)
            two.find_element("css selector", "button[value=left]").click()
            time.sleep(0.3)
        title(two, "Thank you")
    given = Answers(study.answers).all()
    assert len(given) == 6
    first, second = ([a.choice for a in given if a.number == n] for n in (0, 1))
    assert first == ["left", "right", "left"]
    assert second == ["right", "left", "left"]


def test_keys_videos_and_pause(study_of: Maker, opened: Opener, serving: Serving) -> None:
    """Unlike lengths begin anew together; a key that is held answers one question only."""
    study = study_of(2, no_preference=True)
    for video in ("dance0", "dance1"):
        film(study.folder / "ours" / f"{video}.mp4", frames=9)
    browser = opened()
    begin(browser, serving(study).address)
    seen: list[list[float]] = []

    def both_began_anew() -> bool:
        seen.append(
            browser.execute_script(
                "return [...document.querySelectorAll('video')].map((v) => v.currentTime)"
            )
        )
        return len(seen) > 1 and max(seen[-1]) < min(1.0, max(seen[-2]))

    until(both_began_anew)
    assert max(max(times) for times in seen) > 1.5  # the longer one came to its end
    browser.find_element("id", "pause").click()
    assert browser.execute_script(
        "return [...document.querySelectorAll('video')].every((v) => v.paused || v.ended)"
    )
    browser.execute_script(
        "document.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowLeft', repeat: true}))"
    )
    time.sleep(0.3)
    assert browser.title == "1 of 2"
    press(browser, DOWN)
    title(browser, "2 of 2")
    assert Answers(study.answers).all()[0].choice == "none"


def test_a_video_that_cannot_be_played(
    study_of: Maker, opened: Opener, serving: Serving, tmp_path: Path
) -> None:
    study = study_of(1)
    server = serving(study)
    for name in ("ours", "warp", "spt"):
        (study.folder / name / "dance0.mp4").write_bytes(b"no video any more" * 99)
    browser = opened()
    browser.get(server.address)
    browser.find_element("css selector", "form button").click()
    until(lambda: "cannot be played" in browser.find_element("id", "said").text)
    assert not browser.find_element("css selector", "button[value=left]").is_enabled()
