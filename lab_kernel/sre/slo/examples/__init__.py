"""SLOs that the pages, the labs and the tests use. Each is a valid OpenSLO v1 document."""

from importlib.resources import files

from lab_kernel.cloud_native import examples


def example(name: str) -> str:
    """The text of an example, ``checkout`` or ``checkout.yaml``; BadInput names those there are."""
    return examples.example(name, __name__)


def names() -> list[str]:
    """Every example there is."""
    found = (file.name for file in files(__name__).iterdir())
    return sorted(name.removesuffix(".yaml") for name in found if name.endswith(".yaml"))
