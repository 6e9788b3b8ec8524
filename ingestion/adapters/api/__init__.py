"""All vendors whose APIs can be pulled, by source. A module describes; it does not ask."""

from __future__ import annotations

from importlib import import_module

from ingestion.pulls.api import Api

MODULES = (
    "zendesk",
    "zendesk_qa",
    "freshdesk",
    "intercom",
    "aircall",
    "shopify",
    "amazon_seller",
    "delighted",
)

APIS: dict[str, Api] = {api.source: api for name in MODULES for api in import_module(f"{__name__}.{name}").APIS}
