"""Figures as a page for people and as JSON for tools: ratios first, they outlive the machine."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from benchmarks.figures import Figure, Section


def to_json(sections: Sequence[Section], *, machine: str, notes: Sequence[str]) -> str:
    """Give everything measured, with the ratios worked out."""
    return json.dumps(
        {
            "machine": machine,
            "notes": list(notes),
            "sections": {
                one.name: {
                    "title": one.title,
                    "how": one.how,
                    "figures": [
                        {**asdict(figure), "ratio": figure.ratio} for figure in one.figures
                    ],
                }
                for one in sections
            },
        },
        indent=1,
    )


def to_markdown(sections: Sequence[Section], *, machine: str, notes: Sequence[str]) -> str:
    """Give the page, one table a section."""
    lines = [
        "# Measured",
        "",
        "`make bench` writes this page; every figure stands beside its peer of the same run.",
        "Ratios come first: they say more than the machine does.",
        "",
        f"Machine: {machine}.",
        *(f"{note[0].upper()}{note[1:]}." for note in notes),
    ]
    for section in sections:
        lines += ["", f"## {section.title}", "", section.how, "", *_table(section.figures)]
    return "\n".join(lines) + "\n"


def _table(figures: Sequence[Figure]) -> Iterator[str]:
    yield "| figure | ratio | ours | peer | the peer's |"
    yield "|---|---|---:|---|---:|"
    for one in figures:
        ratio = "" if one.ratio is None else f"**{_short(one.ratio)}** {one.ratio_reads}"
        peers = "" if one.peers is None else _with_unit(one.peers, one.unit)
        yield f"| {one.what} | {ratio} | {_with_unit(one.ours, one.unit)} | {one.peer} | {peers} |"


def _with_unit(value: float, unit: str) -> str:
    return f"{_short(value)}/s" if unit == "1/s" else f"{_short(value)} {unit}"


def _short(value: float) -> str:
    """Three digits say what these measurements can say."""
    if value >= 100:
        return f"{float(f'{value:.3g}'):,.0f}"
    return f"{value:.3g}"
