"""The simulated shop: teams, queues, channels, issue types, products, names.

Belongs here: constants of the organisation and pure functions from a number to a person.
Does not belong here: randomness, time, vendor formats, incidents.
"""

from typing import NamedTuple

SITE = "shop.example"
FIRST = (
    "Anna", "Omar", "Lea", "Marc", "Ines", "Jonas", "Priya", "Luca", "Maya", "Tom", "Sara", "Emil", "Nora",
    "Paul", "Zoe", "Ali", "Ida", "Finn", "Rosa", "Hugo", "Vera", "Noel", "Kim", "Ben",
)  # fmt: skip
LAST = (
    "Berg", "Haddad", "Ruiz", "Weber", "Costa", "Novak", "Singh", "Moreau", "Okafor", "Lind", "Sato", "Keller",
    "Popov", "Diaz", "Brandt", "Meyer", "Rossi", "Jensen", "Kowalski", "Byrne", "Fischer", "Nguyen", "Silva",
    "Laurent", "Horvat", "Peters", "Baker", "Demir", "Olsen", "Schmidt", "Torres", "Walsh", "Ivanov", "Braun",
    "Marino", "Dubois", "Klein", "Larsen", "Farkas", "Quinn", "Delgado", "Evans", "Frank", "Garcia", "Hill",
)  # fmt: skip


class Team(NamedTuple):
    """A pool of agents with one queue of work. Hours are UTC; `load_minutes` is the mean handling time of one task."""

    key: str
    name: str
    source: str
    shift_starts: tuple[int, ...]
    work_days: tuple[frozenset[int], ...]
    minimum: int
    load_minutes: float
    occupancy: float
    has_lunch: bool


_ROUND_THE_CLOCK = (frozenset({0, 1, 2, 3}), frozenset({4, 5, 6}))
_SEVEN_DAYS = (frozenset({0, 1, 2, 3, 4}), frozenset({2, 3, 4, 5, 6}), frozenset({5, 6, 0, 1, 2}))
_SIX_DAYS = (frozenset({0, 1, 2, 3, 4}), frozenset({1, 2, 3, 4, 5}))

TEAMS = (
    Team("care", "Customer Care", "zendesk", (8, 12), _SEVEN_DAYS, 6, 7.5, 0.75, True),
    Team("social", "Social Media", "zendesk", (6, 14, 22), _ROUND_THE_CLOCK, 6, 1.6, 0.4, False),
    Team("complaints", "Complaints Desk", "zendesk", (8, 11), _SEVEN_DAYS, 3, 12.0, 0.7, True),
    Team("market", "Marketplace", "generic", (8, 12), _SEVEN_DAYS, 6, 6.0, 0.7, True),
    Team("messenger", "Messenger", "generic", (6, 14, 22), _ROUND_THE_CLOCK, 6, 2.0, 0.4, False),
    Team("de", "Hotline DE", "asterisk", (8, 12), _SIX_DAYS, 8, 5.5, 0.48, True),
    Team("en", "Hotline EN", "amazon_connect", (8, 12), _SIX_DAYS, 8, 6.5, 0.48, True),
    Team("supervisors", "Supervisors", "amazon_connect", (8, 12), _SIX_DAYS, 4, 8.0, 0.4, True),
    Team("hotline", "Shop Hotline", "generic", (8, 12), _SIX_DAYS, 8, 5.5, 0.48, True),
)


class Channel(NamedTuple):
    """A way in: its share of the base volume, the team that answers, seconds to write one answer."""

    key: str
    source: str
    team: str
    share: float
    reply_seconds: float
    forget_share: float
    customer_delay: float  # median seconds until the customer writes back


CHANNELS = (
    Channel("email", "zendesk", "care", 0.24, 450, 0.004, 18000),
    Channel("web", "zendesk", "care", 0.08, 420, 0.004, 18000),
    Channel("facebook", "zendesk", "social", 0.02, 150, 0.03, 5400),
    Channel("instagram", "zendesk", "social", 0.015, 150, 0.03, 5400),
    Channel("x", "zendesk", "social", 0.015, 150, 0.03, 5400),
    Channel("chat", "zendesk", "social", 0.04, 70, 0.01, 120),
    Channel("amazon", "generic", "market", 0.11, 360, 0.0, 14400),
    Channel("ebay", "generic", "market", 0.03, 360, 0.0, 14400),
    Channel("shop", "generic", "market", 0.04, 330, 0.0, 14400),
    Channel("facebook_messenger", "generic", "messenger", 0.07, 125, 0.02, 300),
    Channel("whatsapp", "generic", "messenger", 0.03, 140, 0.01, 600),
)
PHONE_SITES = (("de", 0.11), ("en", 0.11), ("hotline", 0.09))
PHONE_QUEUES = {
    "de": ("support_de", "orders_de"),
    "en": ("EN-Support", "EN-Orders", "EN-Returns"),
    "supervisors": ("EN-Supervisors",),
    "hotline": ("shop_hotline", "shop_returns"),
}
CHANNEL = {channel.key: channel for channel in CHANNELS}
TEAM = {team.key: team for team in TEAMS}


class Issue(NamedTuple):
    """What a contact is about: weight in the mix, chance that one answer settles it, chance of a tag being set."""

    key: str
    category: str
    weight: float
    settle: float


ISSUES = (
    Issue("where_is_my_order", "order_status", 22, 0.78),
    Issue("late_delivery", "delivery", 10, 0.66),
    Issue("damaged_item", "complaint", 4, 0.55),
    Issue("product_defect", "complaint", 3, 0.50),
    Issue("poor_service", "complaint", 2, 0.50),
    Issue("return_label", "return_request", 14, 0.78),
    Issue("refund_status", "billing", 10, 0.68),
    Issue("invoice_copy", "billing", 8, 0.85),
    Issue("login_problem", "account", 6, 0.75),
    Issue("setup_help", "technical", 7, 0.52),
    Issue("product_advice", "product_question", 12, 0.80),
)
ISSUE_NO = {issue.key: number for number, issue in enumerate(ISSUES)}

# product id, category, sector, price in cents
PRODUCTS = (
    ("kettle-k2", "kitchen", "home", 3990),
    ("toaster-t1", "kitchen", "home", 2990),
    ("lamp-l7", "lighting", "home", 4590),
    ("router-r5", "network", "electronics", 8990),
    ("headset-h3", "audio", "electronics", 6490),
    ("backpack-b1", "bags", "fashion", 5490),
    ("sneaker-s9", "shoes", "fashion", 7990),
    ("mat-m4", "fitness", "sport", 2490),
)
MARKETPLACES = (("amazon", 0.5), ("ebay", 0.15), ("shop", 0.35))


class Agent:
    """One employee: the same e-mail in every tool, and the spellings the vendors use."""

    __slots__ = ("absent", "days", "email", "leaves_at", "lunch", "name", "number", "start", "team", "username")

    def __init__(self, team_no: int, position: int, number: int) -> None:
        team = TEAMS[team_no]
        first, last = FIRST[position % 24], LAST[team_no * 5 + position % 5]
        suffix = "" if position < 120 else str(position // 120 + 1)
        self.name = f"{first} {last}{suffix}"
        self.username = self.name.lower().replace(" ", ".")
        self.email = f"{self.username}@{SITE}"
        self.team, self.number = team, number
        self.days = team.work_days[position % len(team.work_days)]
        patterns, starts = len(team.work_days), len(team.shift_starts)
        shift = position // patterns % starts
        self.start = team.shift_starts[shift] * 3600
        # Half an hour, one after the other: the early shift from 12:00 on, the late one from 14:00 on, so that each
        # eats while the other is there.
        turn = position // (patterns * starts) * patterns + position % patterns
        self.lunch = (12 + 2 * shift) * 3600 + turn % 4 * 1800 if team.has_lunch else None
        self.absent: frozenset[int] = frozenset()
        self.leaves_at: int | None = None


def customer_email(number: int) -> str:
    """E-mail address of a customer, never null."""
    name = f"{FIRST[number % 24]}.{LAST[number // 24 % 45]}{number}".lower()
    return f"{name}@example.{('com', 'net', 'org')[number % 3]}"


def customer_phone(number: int) -> str:
    """Phone number in E.164: a German or a fictitious American one."""
    return f"+4930{10000000 + number}" if number % 3 == 0 else f"+1555{1000000 + number}"
