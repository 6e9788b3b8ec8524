"""Zendesk QA (Klaus) reviews: pages of conversations, each with its reviews, each review with ratings per category.

Belongs here: which raw field becomes which lake column; one lake row per version of a review. What reviewers wrote, of
which conversation, and the causes they named are never stored. Calibrations and AutoQA have exports of their own.
"""

from __future__ import annotations

from ingestion.streams import Column, Stream

#: What is kept of a rating, as text: ids are too long for numbers of JSON.
RATING = ("categoryId", "categoryName", "score", "weight", "critical")


def _ratings() -> str:
    ratings = "json_extract(child::JSON, '$.ratings')"
    return f"case when json_valid(child) and json_type({ratings}) = 'ARRAY' then to_json({_kept(ratings)}) end"


def _kept(ratings: str) -> str:
    """SQL of the ratings of a JSON array as structs of texts."""
    columns = ", ".join(f'"{name}": "VARCHAR"' for name in RATING)
    return f"from_json({ratings}, '[{{{columns}}}]')"


def _only_group() -> str:
    """SQL of the reviewee's group, named as text or as an object, where there is exactly one."""
    groups = "json_extract(child::JSON, '$.reviewee.groups')"
    is_one = f"json_valid(child) and json_type({groups}) = 'ARRAY' and json_array_length({groups}) = 1"
    name = "json_extract_string(child::JSON, '$.reviewee.groups[0].name')"
    text = "json_extract_string(child::JSON, '$.reviewee.groups[0]')"
    is_object = "json_type(child::JSON, '$.reviewee.groups[0]') = 'OBJECT'"
    return f"case when {is_one} then case when {is_object} then {name} else {text} end end"


def _any_rating(condition: str) -> str:
    """SQL over `ratings`: whether one of them meets a condition."""
    return f"len(list_filter({_kept('ratings')}, lambda rating: {condition})) > 0"


REVIEWS = Stream(
    "zendesk_qa",
    "reviews",
    "json",
    container="conversations",
    unnest="reviews",
    key=("review_id",),
    version="updated_at",
    columns=(
        Column("review_id", expr="json_text(child, '$.id')", required=True),
        Column("external_id", expr='"externalId"'),
        Column("source_type", expr='"sourceType"'),
        Column("created_at", "instant", expr="json_text(child, '$.createdISO')", required=True),
        Column(
            "updated_at",
            "instant",
            expr="coalesce(json_text(child, '$.updatedISO'), json_text(child, '$.createdISO'))",
            required=True,
        ),
        Column("agent_email", "email", expr="json_text(child, '$.reviewee.email')"),
        Column("team", expr=_only_group()),
        Column("checklist", expr="json_text(child, '$.scorecard.name')"),
        Column("ratings", "json", expr=_ratings()),
    ),
    fields=("externalId", "sourceType"),
    ignored=(
        "url",
        "externalUrl",
        "workspaceId",
        "workspaceName",
        "createdAtISO",
        "lastUpdatedISO",
        "createdAt",
        "lastUpdated",
        "externalFields",
    ),
    rules=(
        (
            _any_rating(
                "rating.score is not null and coalesce(try_cast(rating.score as double) not between 0 and 100, true)"
            ),
            "a rating's score outside 0 to 100",
        ),
        (
            _any_rating("coalesce(try_cast(rating.weight as double) not between 0 and 1000000, true)"),
            "a rating without weight, or with one that is none",
        ),
        (_any_rating("coalesce(rating.categoryName, rating.categoryId) is null"), "a rating without category"),
    ),
)

STREAMS = (REVIEWS,)
