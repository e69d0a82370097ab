import pytest

from reenactor.resource import find_resource


def test_a_file_of_a_package() -> None:
    assert find_resource("reenactor:py.typed").is_file()


@pytest.mark.parametrize("name", ["", "reenactor", "a b:c", "reenactor:/etc/passwd", "a:../b"])
def test_what_is_no_name(name: str) -> None:
    with pytest.raises(ValueError, match="package:path/file"):
        find_resource(name)


@pytest.mark.parametrize("name", ["reenactor:none.txt", "no_such_package_at_all:a.txt"])
def test_what_is_not_there(name: str) -> None:
    with pytest.raises(FileNotFoundError):
        find_resource(name)
