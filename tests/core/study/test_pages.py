"""Pages as text; `test_browser` looks at them."""

import re
from html.parser import HTMLParser

from reenactor.study.pages import end_page, intro_page, message_page, pair_page

from .conftest import Maker


class Balance(HTMLParser):
    """Complains of tags that are not closed in their order."""

    EMPTY = frozenset({"meta", "link", "input", "img", "br"})

    def check(self, text: str) -> None:
        self.open: list[str] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_pages_are_well_formed_and_escaped(study_of: Maker) -> None:
    study = study_of(1, beside=True, title="A < B", intro="One & two.\n\n\nThree.", thanks="<i>")
    pages = [
        intro_page(study, 9),
        intro_page(study, 1, "/s/x"),
        pair_page(study, "token", 2, 9, "dance0", 'Which "one"?'),
        end_page(study, 9),
        message_page("<No>", "a & b"),
    ]
    for page in pages:
        Balance().check(page)
        assert "<i>" not in page
    assert "<p>One &amp; two.</p><p>Three.</p>" in pages[0]
    assert "There are 9 questions." in pages[0]
    assert "Continue where I stopped" in pages[1]
    assert "Continue where I stopped" not in pages[0]


def test_a_pair_shows_what_the_study_has(study_of: Maker) -> None:
    plain = pair_page(study_of(1), "token", 2, 9, "dance0", "Which?")
    assert re.findall(r'src="([^"]+)"', plain) == [
        "/s/token/2/left", "/s/token/2/right", "/study.js"
    ]  # fmt: skip
    assert "3 of 9" in plain
    assert "No preference" not in plain
    beside = pair_page(study_of(1, beside=True), "token", 2, 9, "dance0", "Which?")
    assert "/s/token/2/target" in beside
    assert "/s/token/2/driver" in beside
