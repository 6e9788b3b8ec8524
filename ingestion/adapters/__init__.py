"""All streams that can be loaded, by (source, stream). An adapter module declares; it does not read."""

from __future__ import annotations

from importlib import import_module

from ingestion.streams import Stream

ADAPTERS = (
    "generic",
    "generic_voice",
    "generic_workforce",
    "generic_sales",
    "zendesk",
    "zendesk_directory",
    "asterisk",
    "asterisk_cdr",
    "amazon_connect",
    "amazon_connect_agents",
    "amazon_seller",
    "shopify",
    "shopify_api",
    "qualtrics",
    "delighted",
    "zendesk_qa",
    "zendesk_talk",
    "aircall",
    "intercom",
    "freshdesk",
    "freshdesk_csv",
)

STREAMS: dict[tuple[str, str], Stream] = {
    stream.id: stream for name in ADAPTERS for stream in import_module(f"{__name__}.{name}").STREAMS
}
