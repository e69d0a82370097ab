"""`reenactor measure`: its tables, its JSON, and roles that do not exist."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

MakeShards = Callable[..., Path]


def test_tables_of_all_frames_and_by_yaw(drawn_shards: MakeShards, run: Any) -> None:
    shards = drawn_shards(people=1, poses=3, canvas=(128, 80))
    result = run("measure", "default", "--shards", str(shards), "--role", "body_generator")
    assert result.code == 0, result.err
    lines = result.out.splitlines()
    # The drawn dancer faces the camera.
    assert [line.split()[0] for line in lines if "ssbs ↑" in line] == [
        "body_generator",
        "body_generator,",
    ]
    assert any("yaw 0-30°" in line for line in lines)
    assert not any("yaw 60-120°" in line for line in lines)
    assert "frame_renderer" not in result.out


def test_json_by_yaw(drawn_shards: MakeShards, run: Any) -> None:
    shards = drawn_shards(people=1, poses=3, canvas=(128, 80))
    result = run(
        "measure", "default", "--shards", str(shards), "--role", "frame_renderer", "--json"
    )
    made = json.loads(result.out)["frame_renderer"]["default"]
    assert made["figures"]["psnr-person"]["count"] == 2
    assert made["by yaw"]["0-30"]["psnr-person"]["value"] == made["figures"]["psnr-person"]["value"]


def test_an_unknown_role(drawn_shards: MakeShards, run: Any) -> None:
    result = run("measure", "default", "--shards", str(drawn_shards()), "--role", "parser")
    assert result.code == 2
    assert "together" in result.err
