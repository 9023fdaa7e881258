"""Checked values of `sources.yaml`: durations, languages, codes, addresses, patterns; errors in sentences."""

from __future__ import annotations

import re
import warnings
from datetime import datetime, time, timedelta
from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer

from storage.addresses import host_of
from storage.sources_patterns import has_nested_repeats

LONGEST_RULE = 500  # characters of a pattern or selector: longer ones are flow, not facts
LONGEST_WAIT = timedelta(days=3650)
UNITS = {"m": "minutes", "h": "hours", "d": "days"}

# ISO 639-1, the two-letter codes.
LANGUAGES = frozenset(
    re.findall(
        r"[a-z]{2}",
        """
        aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv
        dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie
        ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv
        mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm
        rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts
        tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
        """,
    )
)


def read_duration(value: object) -> timedelta:
    """Return a length of time from its short form.

    >>> read_duration("7d"), read_duration("12h")
    (datetime.timedelta(days=7), datetime.timedelta(seconds=43200))
    """
    if isinstance(value, timedelta):
        return value
    written = re.fullmatch(r"([1-9]\d{0,6})([mhd])", value, re.ASCII) if isinstance(value, str) else None
    length = timedelta(**{UNITS[written[2]]: int(written[1])}) if written else timedelta()
    if not timedelta() < length <= LONGEST_WAIT:
        raise ValueError(f"{value!r} is not a duration: write days, hours or minutes such as 7d, 12h or 30m")
    return length


def written_duration(length: timedelta) -> str:
    """Return a length of time in its short form.

    >>> written_duration(timedelta(days=7)), written_duration(timedelta(minutes=90))
    ('7d', '90m')
    """
    minutes = int(length.total_seconds() // 60)
    for unit, size in (("d", 24 * 60), ("h", 60)):
        if minutes % size == 0:
            return f"{minutes // size}{unit}"
    return f"{minutes}m"


def read_hours(value: object) -> tuple[time, time]:
    """Return the beginning and the end of a span of the day, which may go over midnight.

    >>> read_hours("22:00-06:30")
    (datetime.time(22, 0), datetime.time(6, 30))
    """
    if isinstance(value, tuple):
        return value
    written = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)", str(value), re.ASCII)
    if not written or written[0][:5] == written[0][6:]:
        raise ValueError(f'{value!r} is not a span of the day: write it such as "22:00-06:00", in quotes')
    numbers = [int(part) for part in written.groups()]
    return time(numbers[0], numbers[1]), time(numbers[2], numbers[3])


def written_hours(hours: tuple[time, time]) -> str:
    """Return a span of the day as it is written."""
    return f"{hours[0]:%H:%M}-{hours[1]:%H:%M}"


def read_month(value: str) -> str:
    """Return a month that is written as one.

    >>> read_month("2024-03")
    '2024-03'
    """
    if not re.fullmatch(r"(19|20)\d\d-(0[1-9]|1[0-2])", value, re.ASCII):
        raise ValueError(f"{value!r} is not a month: write it such as 2024-03")
    return value


def within(hours: tuple[time, time], moment: datetime) -> bool:
    """Return whether a moment lies in a span of the day, which may go over midnight.

    >>> within((time(22), time(6)), datetime(2026, 3, 1, 23, 30)), within((time(22), time(6)), datetime(2026, 3, 1, 7))
    (True, False)
    """
    begin, end = hours
    now = moment.time()
    return begin <= now < end if begin < end else now >= begin or now < end


def next_opening(hours: tuple[time, time], moment: datetime) -> datetime:
    """Return when a span of the day begins next, after a moment that lies outside of it.

    >>> next_opening((time(22), time(6)), datetime(2026, 3, 1, 7))
    datetime.datetime(2026, 3, 1, 22, 0)
    >>> next_opening((time(1), time(6)), datetime(2026, 3, 1, 7))
    datetime.datetime(2026, 3, 2, 1, 0)
    """
    today = datetime.combine(moment.date(), hours[0], moment.tzinfo)
    return today if today > moment else today + timedelta(days=1)


def _language(code: str) -> str:
    if code == "und":
        raise ValueError("'und' says that a language is unknown: leave it out and name those you expect, such as fr")
    if code not in LANGUAGES:
        short = re.split("[-_]", code.lower())[0]
        hint = f"write {short}" if short in LANGUAGES else "write its two small letters, such as fr or zh"
        raise ValueError(f"{code!r} is not a language of ISO 639-1: {hint}")
    return code


def _siren(number: str) -> str:
    if not re.fullmatch(r"\d{9}", number, re.ASCII):
        raise ValueError(f"{number!r} is not a SIREN: it has nine digits, without spaces")
    expected = check_digit(number[:8])
    if number[8] != expected:
        raise ValueError(
            f"SIREN {number!r} is mistyped: after {number[:8]} the check digit is {expected}, not {number[8]}"
        )
    return number


def check_digit(digits: str) -> str:
    """Return the Luhn digit that closes a row of digits.

    >>> check_digit("21340172")
    '2'
    """
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(reversed(digits))]
    return str(-sum(number // 10 + number % 10 for number in doubled) % 10)


def _identifier(name: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,63}", name):
        raise ValueError(f"{name!r} is not an id: use a to z, digits and -, at most 64 characters")
    return name


def _country(code: str) -> str:
    if not re.fullmatch(r"[A-Z]{2}", code):
        raise ValueError(f"{code!r} is not a country: write the two capital letters of ISO 3166, such as FR or CN")
    return code


def _web_address(url: str) -> str:
    if not url.isprintable() or " " in url or not _has_host(url):
        raise ValueError(f"{url!r} is not a web address: it begins with http:// or https:// and has a host")
    if "@" in urlsplit(url).netloc:
        raise ValueError(f"{host_of(url)} is given with a user name, and no password is ever kept here: remove it")
    return url


def _has_host(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # such as http://[broken or a port that is no number
        return False


def _host(name: str) -> str:
    host = name.lower()
    if not re.fullmatch(r"(\[[0-9a-f:.]+\]|[^\s/:@?#\\]+)(:\d{1,5})?", host):
        raise ValueError(f"{name!r} is not a host: write its name alone, such as www.example.org")
    return host


def _contact(contact: str) -> str:
    mail = re.fullmatch(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", contact, re.ASCII)
    page = re.fullmatch(r"https?://[\w-]+(\.[\w-]+)+(:\d+)?(/[!-'*-~]*)?", contact, re.ASCII)
    if contact and not mail and not page:  # it goes into a header, where line ends and brackets would do harm
        raise ValueError(f"{contact!r} is neither an e-mail address nor a web page: it tells webmasters who asks")
    return contact


def contact_is_placeholder(contact: str) -> bool:
    """Return whether nobody could be reached there: nothing, or the names kept for examples.

    >>> contact_is_placeholder("corpus@example.org"), contact_is_placeholder("https://lab.univ-tlse.fr/corpus")
    (True, False)
    """
    host = (urlsplit(contact).hostname if "://" in contact else contact.rpartition("@")[2]) or ""
    return not host or bool(re.search(r"(^|\.)(example\.(org|com|net)|invalid|example|test)$", host.lower()))


def is_loopback(host: str) -> bool:
    """Return whether a host, with or without its port, is this machine.

    >>> [is_loopback(host) for host in ("127.0.0.1:8000", "[::1]:80", "localhost", "example.org")]
    [True, True, True, False]
    """
    name = urlsplit(f"//{host}").hostname or ""
    try:
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False


def _pattern(pattern: str) -> str:
    if not pattern or len(pattern) > LONGEST_RULE:
        raise ValueError(f"the pattern has {len(pattern)} characters: it must have 1 to {LONGEST_RULE}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            re.compile(pattern)
    except (re.error, OverflowError, RecursionError, Warning) as error:
        raise ValueError(f"{pattern!r} is not a regular expression ({error})") from None
    if has_nested_repeats(pattern):
        raise ValueError(f"{pattern!r} repeats a repeated group, which can take hours: repeat only one of them")
    return pattern


def _css(selector: str) -> str:
    if len(selector) > LONGEST_RULE:
        raise ValueError(f"the selector has {len(selector)} characters: it must have at most {LONGEST_RULE}")
    try:
        from cssselect import HTMLTranslator, SelectorError
    except ImportError:  # only crawling needs it; whoever only reads a corpus may lack it
        return selector
    try:
        HTMLTranslator().css_to_xpath(selector)
    except (SelectorError, RecursionError) as error:
        hint = ": select the element itself" if "::" in selector else ""
        raise ValueError(f"{selector!r} is not a CSS selector ({str(error).rstrip('.')}){hint}") from None
    return selector


Duration = Annotated[timedelta, BeforeValidator(read_duration), PlainSerializer(written_duration, when_used="json")]
Hours = Annotated[tuple[time, time], BeforeValidator(read_hours), PlainSerializer(written_hours, when_used="json")]
Language = Annotated[str, AfterValidator(_language)]
Siren = Annotated[str, AfterValidator(_siren)]
Identifier = Annotated[str, AfterValidator(_identifier)]
Country = Annotated[str, AfterValidator(_country)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
Host = Annotated[str, AfterValidator(_host)]
Contact = Annotated[str, AfterValidator(_contact)]
Month = Annotated[str, AfterValidator(read_month)]
Words = Annotated[str, Field(min_length=1)]
Pattern = Annotated[str, AfterValidator(_pattern)]
"""A regular expression that compiles, is short, and does not repeat a repeated group."""
Css = Annotated[str, AfterValidator(_css)]
"""A CSS selector of elements."""
