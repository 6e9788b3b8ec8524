"""What Zendesk's records share: fields that nothing needs, and SQL for `via`, lists of text and custom fields.

Belongs here: spellings. Which column uses them is declared in `zendesk` and `zendesk_directory`.
"""

from __future__ import annotations

#: What nearly every Zendesk record has and nothing here needs.
LINKS = ("url", "external_id")

# Zendesk's via ids, which older exports and some integrations write instead of the name.
VIA_NAMES = {
    0: "web_form",
    4: "mail",
    5: "web_service",
    8: "rule",
    9: "linked_problem",
    10: "group_deletion",
    11: "user_change",
    12: "user_deletion",
    13: "group_change",
    14: "resource_push",
    15: "iphone",
    16: "get_satisfaction",
    17: "dropbox",
    19: "merge",
    20: "batch",
    21: "recovered_from_suspended_tickets",
    22: "automatic_solution_suggestions",
    23: "twitter_favorite",
    24: "topic",
    25: "user_merge",
    26: "twitter_dm",
    27: "closed_ticket",
    28: "logmein_rescue",
    29: "chat",
    30: "twitter",
    31: "ticket_sharing",
    32: "macro_reference",
    33: "voicemail",
    34: "phone_call_inbound",
    35: "phone_call_outbound",
    36: "blog",
    37: "text_message",
    38: "facebook_post",
    41: "facebook_message",
    44: "api_voicemail",
    45: "api_phone_call_inbound",
    46: "api_phone_call_outbound",
    48: "web_widget",
    49: "mobile_sdk",
    50: "helpcenter",
    54: "satisfaction_prediction",
    55: "any_channel",
    56: "mobile",
    57: "sms",
}


def via_sql(text: str) -> str:
    """SQL of the name of a via that `text` gives as id ("8"), name ("rule") or label ("Web form" -> web_form).

    An id that is not in the list stays as it is: it lands in channel `other` and a check reports it.
    """
    cases = " ".join(f"when '{number}' then '{name}'" for number, name in VIA_NAMES.items())
    name = f"replace(lower(trim({text})), ' ', '_')"
    # An id begins with a digit: most rows are saved the long list.
    return f"case when {text} between '0' and ':' then case {text} {cases} else {name} end else {name} end"


def channel_sql(*vias: str) -> str:
    """SQL of the channel that the first of `vias` tells: as an object's `channel`, or itself where it is no object.

    An object without a channel has none; it may hold the customer's address, which is no name of a channel.
    """
    told = (f"json_text({via}, '$.channel'), case when left({via}, 1) <> '{{' then {via} end" for via in vias)
    return via_sql(f"coalesce({', '.join(told)})")


def joined_list_sql(text: str) -> str:
    """SQL of a JSON list of texts as one text, ';' between its items; a text that is no list stands for itself."""
    return (
        f"case when left({text}, 1) = '[' and json_valid({text}) "
        f"then array_to_string(from_json(json({text}), '[\"VARCHAR\"]'), ';') else {text} end"
    )


def chosen_fields_sql(fields: str, field_ids: tuple[str, ...]) -> str:
    """SQL of a JSON object {id: value} with the custom fields in `field_ids` that have a value, NULL without any.

    `fields` is SQL of Zendesk's list [{"id": …, "value": …}]. The items of a multi-select value are joined with ';'.
    Other fields may hold anything, people's data included, and do not enter the lake.
    """
    if not field_ids:
        return "cast(null as varchar)"
    pairs = ", ".join(f"'{field_id}', {_field_value(fields, field_id)}" for field_id in field_ids)
    return f"nullif(cast(json_merge_patch('{{}}', json_object({pairs})) as varchar), '{{}}')"


def _field_value(fields: str, field_id: str) -> str:
    valid = f"case when left({fields}, 1) = '[' and json_valid({fields}) then json({fields}) end"
    entries = f"from_json({valid}, '[\"JSON\"]')"
    wanted = f"list_filter({entries}, lambda entry: json_extract_string(entry, '$.id') = '{field_id}')[1]"
    return joined_list_sql(f"json_extract_string({wanted}, '$.value')")
