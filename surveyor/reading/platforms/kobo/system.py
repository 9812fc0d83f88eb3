"""What Kobo and ODK add to the answers: numbers of the submission, times, devices, places."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import pandas as pd

from surveyor.format import counted
from surveyor.questionnaire import Questionnaire
from surveyor.reading.platforms.times import between

#: Names, after any group prefix, of columns that describe the submission and are no answers.
SUBMISSION = frozenset({
    "_id", "_uuid", "_submission_time", "_index", "_parent_index", "_parent_table_name", "_submission__id",
    "_submission__uuid", "_submission__submission_time", "_submission__validation_status", "_submission__notes",
    "_submission__status", "_submission__submitted_by", "_submission___version__", "_submission__tags",
    "_validation_status", "_notes", "_status", "_submitted_by", "_tags", "_attachments", "_geolocation",
    "_xform_id_string", "_bamboo_dataset_id", "instanceID", "instanceName", "rootUuid", "deprecatedID", "deviceid",
    "device_id", "DeviceID", "subscriberid", "simid", "simserial", "devicephonenum", "phonenumber", "phone_number",
    "username", "email", "today", "audit", "SubmissionDate", "KEY", "PARENT_KEY", "SubmitterID", "SubmitterName",
    "AttachmentsPresent", "AttachmentsExpected", "Status", "ReviewState", "Edits",
})  # fmt: skip
VERSION = re.compile(r"_*(form)?_?version_*(_?\d+)?|formversion", re.IGNORECASE)
GPS = ("latitude", "longitude", "altitude", "precision")
#: ODK Central's names of the parts of a place.
_CENTRAL_GPS = {"latitude": "Latitude", "longitude": "Longitude", "altitude": "Altitude", "precision": "Accuracy"}
_BEFORE = re.compile(r"[/:.\-]")
_VALIDATION = ("_validation_status", "reviewstate")
_REJECTED = re.compile(r"not.?approved|rejected|hasissues", re.IGNORECASE)


def last_part(header: str) -> str:
    """A name without the groups it stands in.

    >>> last_part("A/home:ra01"), last_part("_uuid")
    ('ra01', '_uuid')
    """
    return _BEFORE.split(header)[-1]


def main_sheet(headers: Mapping[str, Sequence[str]]) -> str | None:
    """Of the sheets of a workbook of Kobo or ODK, the one with the cases; the others are repeats that point at it.

    headers  sheet -> its column names
    """
    roots = [name for name, names in headers.items() if "_index" in names and "_parent_index" not in names]
    return roots[0] if len(roots) == 1 and len(headers) > 1 else None


def without_system(
    frame: pd.DataFrame, asked: Questionnaire | None, entries: list[str], warnings: list[str]
) -> pd.DataFrame:
    """The frame without what describes submissions; times, duration and form version are kept under plain names."""
    mine = {name.casefold() for name in (column.id for column in asked.columns)} if asked else set()
    _repeats(frame, warnings)
    _rejected(frame, warnings)
    frame = _versions(frame, mine, entries)
    frame = _without_places(frame, entries)
    gone = [name for name in frame.columns if _is_system(str(name), mine)]
    if gone:
        entries.append(f"{counted(len(gone), 'column')} about the submission left out: {', '.join(map(str, gone))}")
    return _timed(frame.drop(columns=gone), asked, entries, warnings)


def _is_system(name: str, mine: set[str]) -> bool:
    last = last_part(name)
    return last in SUBMISSION and not {name.casefold(), last.casefold()} & mine


def _versions(frame: pd.DataFrame, mine: set[str], entries: list[str]) -> pd.DataFrame:
    """The versions of the form as one column `form_version`, counted where there are several."""
    found = [n for n in frame.columns if VERSION.fullmatch(last_part(str(n))) and str(n).casefold() not in mine]
    if not found:
        return frame
    version = frame[found[0]]
    for name in found[1:]:
        version = version.fillna(frame[name])
    counts = version.value_counts()
    if len(counts) > 1:
        told = ", ".join(f"{name} ({counted(int(n), 'row')})" for name, n in counts.items())
        entries.append(f"the rows come from {counted(len(counts), 'version')} of the form: {told}")
    return frame.drop(columns=found).assign(form_version=version)


def _without_places(frame: pd.DataFrame, entries: list[str]) -> pd.DataFrame:
    """The frame without places on the map: a column and its four parts."""
    names = {str(name) for name in frame.columns}
    gone: list[str] = []
    for name in sorted(names):
        group, last = name[: len(name) - len(last_part(name))], last_part(name)
        for parts in (
            [f"{before}_{last}_{part}" for part in GPS for before in ("", group)],
            [f"{name}-{part}" for part in _CENTRAL_GPS.values()],
        ):
            here = [part for part in parts if part in names]
            gone += [name, *here] if len(here) >= 2 else []
    bases = {m[1] for name in names if (m := re.fullmatch(r"(.+)-(?:Latitude|Longitude)", name))}
    gone += [f"{base}-{part}" for base in bases for part in _CENTRAL_GPS.values() if f"{base}-{part}" in names]
    gone = list(dict.fromkeys(gone))
    if gone:
        entries.append(f"places on the map (GPS) left out: {', '.join(gone)}")
    return frame.drop(columns=gone)


def _repeats(frame: pd.DataFrame, warnings: list[str]) -> None:
    """A warning where the rows are members of households or the like, and not cases."""
    by_last = {last_part(str(name)).casefold(): name for name in frame.columns}
    parent = by_last.get("_parent_index", by_last.get("parent_key"))
    if parent is None:
        return
    pointing = frame[parent].where(~frame[parent].isin(["-1", ""])).dropna()
    if len(pointing):
        warnings.append(
            f"this is the table of a repeated group: its {counted(len(frame), 'row')} belong to "
            f"{counted(pointing.nunique(), 'case')}. A row is a member of a household or the like, not a case; "
            "read the main table for the cases"
        )


def _rejected(frame: pd.DataFrame, warnings: list[str]) -> None:
    for name in frame.columns:
        if last_part(str(name)).casefold() in _VALIDATION:
            n = int(frame[name].fillna("").str.contains(_REJECTED).sum())
            if n:
                warnings.append(f"{counted(n, 'row')} marked as not approved in '{name}' are still among the answers")


def _timed(frame: pd.DataFrame, asked: Questionnaire | None, entries: list[str], warnings: list[str]) -> pd.DataFrame:
    """Start and end under their plain names, and the seconds between them."""
    ends = {last_part(str(n)): n for n in frame.columns if last_part(str(n)) in ("start", "end")}
    frame = frame.rename(columns={name: last for last, name in ends.items()})
    duration = (asked.role("duration") if asked else None) or "duration"
    if len(ends) < 2 or duration in frame:
        return frame
    made, lost = between(frame["start"], frame["end"])
    told = counted(int(made.notna().sum()), "row")
    entries.append(f"start and end kept; {duration} is the seconds between them, {told}")
    if lost:
        warnings.append(f"{counted(lost, 'row')} in which start and end give no duration")
    return frame.assign(**{duration: made})
