import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Run = Callable[..., Any]


def test_to_stdout_and_to_a_file(run: Run, tmp_path: Path) -> None:
    shown = run("schema")
    assert shown.code == 0
    assert shown.document["properties"]["version"]["const"] == 1
    path = tmp_path / "reenactor.schema.json"
    written = run("schema", "--output", str(path))
    assert written.out.split() == ["wrote", str(path)]
    assert json.loads(path.read_text("utf-8")) == shown.document


def test_where_nothing_can_be_written(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = run("schema", "-o", str(tmp_path / "file" / "schema.json"))
    assert result.code == 7
    assert "cannot be written" in result.err
