"""Checking answers before results are believed: one table of findings, and response rates."""

from surveyor.checking.check import check
from surveyor.checking.findings import Finding, Findings
from surveyor.checking.response import ResponseRates, response_rates

__all__ = ["Finding", "Findings", "ResponseRates", "check", "response_rates"]
