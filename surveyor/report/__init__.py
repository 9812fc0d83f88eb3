"""Reports: a notebook run in a real kernel, read as a document, written as a page."""

from surveyor.report.build import report

__all__ = ["report"]
