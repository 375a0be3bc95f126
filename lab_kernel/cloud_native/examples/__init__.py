"""Manifests that the pages, the labs and the tests use. A real cluster accepts each of them."""

from importlib.resources import files

from lab_kernel.registry import unknown


def example(name: str, package: str = __name__) -> str:
    """The text of an example, ``web`` or ``web.yaml``; BadInput names those there are.

    ``package`` is the room that has them: others keep examples of their own.
    """
    here = files(package)
    there = sorted(
        file.name.removesuffix(".yaml") for file in here.iterdir() if file.name.endswith(".yaml")
    )
    if name.removesuffix(".yaml") not in there:
        raise unknown("example", name, there)
    return (here / f"{name.removesuffix('.yaml')}.yaml").read_text(encoding="utf-8")
