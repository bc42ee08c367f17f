"""Which of a clause's figures is meant: the amount a day, the days near a word, the category."""

from __future__ import annotations

import re

from data.schemas.people import Degree
from models.clauses.patterns import NUMBER_WORDS, Span, TimeUnit, amounts, shares, spans

DAY_MINUTES = 24 * 60
NEAR_CHARACTERS = 90
"""How far after an amount its place is looked for."""
FAR_CHARACTERS = 300
"""Beyond this a figure and a word have nothing to do with each other; half of it for a new
sentence."""
MAX_LISTED = 12
_MINUTES_OF = {TimeUnit.MINUTE: 1, TimeUnit.HOUR: 60}


def own_amounts(text: str, *, currency: str) -> tuple[int, ...]:
    """Give the sums in the contract's currency; others bind nobody without a rate."""
    return tuple(one.minor for one in amounts(text, currency=currency) if one.currency == currency)


def share_of(text: str) -> float | None:
    """Give the first percentage up to a hundred."""
    return next((one.share for one in shares(text) if 0 <= one.share <= 1), None)


def count_of(text: str, unit: TimeUnit) -> int | None:
    """Give the first whole count of a unit."""
    return next((int(one.count) for one in spans(text, unit) if one.count % 1 == 0), None)


def count_near(text: str, unit: TimeUnit, *, words: str) -> int | None:
    """Give the count that stands nearest to one of the words, in its sentence where one does."""
    found = [one for one in spans(text, unit) if one.count % 1 == 0]
    ranked = sorted(
        (_gap(text, one, word=word.span()), number)
        for number, one in enumerate(found)
        for word in re.finditer(words, text, re.IGNORECASE)
    )
    if not ranked or ranked[0][0] > FAR_CHARACTERS:
        return None
    return int(found[ranked[0][1]].count)


def count_in_sentence(text: str, unit: TimeUnit, *, words: str) -> int | None:
    """Give the first whole count of a unit in a sentence that holds one of the words."""
    for sentence in re.split(r"(?<=[.;])\s", text):
        if re.search(words, sentence, re.IGNORECASE):
            count = count_of(sentence, unit)
            if count is not None:
                return count
    return None


def longest_minutes(text: str) -> int | None:
    """Give the longest span of minutes or hours, in minutes."""
    return max(_minutes(text), default=None)


def shortest_minutes(text: str) -> int | None:
    """Give the shortest span of minutes or hours, in minutes."""
    return min(_minutes(text), default=None)


def daily_minutes(text: str) -> int | None:
    """Give a day's limit in minutes: the longest span that fits into one day."""
    return max((one for one in _minutes(text) if one <= DAY_MINUTES), default=None)


def day_of_month(text: str) -> int | None:
    """Give a day such as 'the 5th of the following month'."""
    match = re.search(
        r"\b(\d{1,2})(?:st|nd|rd|th)?\s(?:calendar\s)?(?:day\s)?of\s(?:the\s)?"
        r"(?:following|next|subsequent)\smonth",
        text,
        re.IGNORECASE,
    )
    return None if match is None else int(match[1])


def word_count(text: str) -> int | None:
    """Give a number of words, as 'at least five words' asks for."""
    return _counted(text, before=r"\s?(?:\(\d+\)\s)?words\b")


def quoted(text: str) -> tuple[str, ...]:
    """Give the phrases in quotation marks, each once."""
    phrases = re.findall(r"[\"“„]([^\"“”„]{2,60})[\"”“]", text)
    return tuple(dict.fromkeys(phrase.strip(" ,.;") for phrase in phrases))


def labor_category(text: str, *, hint: str | None) -> str | None:
    """Give the labor category a clause names, as an id."""
    if hint is not None:
        return _as_id(hint)
    for pattern in _CATEGORIES:
        match = re.search(pattern, text)
        name = "" if match is None else _ARTICLE.sub("", match["name"])
        if name and name.casefold() not in _NO_CATEGORY:
            return _as_id(name)
    return None


def degree(text: str) -> Degree:
    """Give the highest degree a text asks for."""
    for word, found in (
        (r"doctora|ph\.?\s?d", Degree.DOCTORATE),
        (r"master", Degree.MASTER),
        (r"bachelor|university degree|undergraduate degree", Degree.BACHELOR),
    ):
        if re.search(word, text, re.IGNORECASE):
            return found
    return Degree.NONE


def years(text: str) -> int:
    """Give the years of experience a text asks for, or none."""
    return _counted(text, before=r"\s?(?:\(\d+\)\s)?(?:full\s)?years") or 0


def listed(text: str, *, hint: str | None) -> tuple[str, ...]:
    """Give what stands after a colon, parted by commas, as ids."""
    match = re.search(r":\s*([^.:;]{3,300})(?:[.;]|$)", text)
    written = hint if hint is not None else match[1] if match is not None else ""
    parts = re.split(r",|;|\band\b|\bor\b", written)
    names = [_as_id(part) for part in parts if part.strip()]
    return tuple(dict.fromkeys(name for name in names if name))[:MAX_LISTED]


def daily_rates(text: str, *, currency: str) -> tuple[tuple[str, int], ...]:
    """Give place and rate of each 'EUR 120 per day in Vienna'."""
    found = []
    for amount in amounts(text, currency=currency):
        after = text[amount.end : amount.end + NEAR_CHARACTERS]
        match = re.match(
            r"\s?(?:\(?(?:per|a|each)\s?(?:calendar\s)?day\)?|daily)?\s?(?:in|for|at)\s"
            r"(?P<place>[A-Z]\w+(?: [A-Z]\w+)?)",
            after,
        )
        if match is not None and amount.currency == currency:
            found.append((match["place"], amount.minor))
    return tuple(dict(found).items())


def daily_and_cap(text: str, *, currency: str) -> tuple[int | None, int | None]:
    """Give the amount for each day and the most of all days; percentages give no amount."""
    daily = cap = None
    for amount in amounts(text, currency=currency):
        if amount.currency != currency:
            continue
        after = text[amount.end : amount.end + 40]
        if re.match(r"\s?(?:per|for each|for every|a|each|every)\s(?:\w+\s){0,2}?day", after):
            daily = amount.minor
        else:
            cap = amount.minor if cap is None else max(cap, amount.minor)
    return daily, cap


_NAME = r"(?P<name>[A-Z][a-z]+(?: [A-Z][a-z]+){0,3})"
_ARTICLE = re.compile(r"^(?:An?|The|Each|Every|All|No)(?: |$)")
_CATEGORIES = (
    rf"category (?:of )?[\"\u201c]?{_NAME}",
    r"category (?:of )?[\"\u201c]?(?P<name>[a-z]+_[a-z_]+)",
    r"category (?P<name>[a-z]+(?: [a-z]+){0,2}?) (?=(?:is|are|may|must|shall|can)\b)",
    rf"\b(?:hours|billed|charged|invoiced) (?:of|for|by|as) (?:the |an? )?{_NAME}",
    rf"(?:^|[.:]\s|\b(?:as|for|of)\s)(?:An? )?{_NAME}"
    r"(?= (?:shall|must|may|is|are|has|have|will|can)\b)",
)
_NO_CATEGORY = frozenset(
    {"client", "customer", "supplier", "contractor", "consultant", "provider", "services", "work",
     "time", "staff", "personnel", "hours", "it", "nobody", "persons", "people"}
)  # fmt: skip


def _counted(text: str, *, before: str) -> int | None:
    words = "|".join(NUMBER_WORDS)
    match = re.search(rf"\b(\d{{1,2}}|{words}){before}", text, re.IGNORECASE)
    if match is None:
        return None
    return NUMBER_WORDS.get(match[1].casefold()) or int(match[1])


def _as_id(name: str) -> str:
    return re.sub(r"\W+", "_", name.strip().casefold()).strip("_")


def _minutes(text: str) -> list[int]:
    found = [
        one.count * _MINUTES_OF[one.unit] for one in spans(text, TimeUnit.MINUTE, TimeUnit.HOUR)
    ]
    return [int(one) for one in found if one % 1 == 0]


def _gap(text: str, span: Span, *, word: tuple[int, int]) -> int:
    between = text[span.end : word[0]] if span.end <= word[0] else text[word[1] : span.start]
    return len(between) + (FAR_CHARACTERS // 2 if re.search(r"[.;]\s", between) else 0)
