"""What loading leaves of words: the pattern of issue_types.csv that met them, in tickets, messages and comments.

Kept apart from the streams: no export has such a column.
"""

from dataclasses import replace
from random import Random

from tests.reference.world import World
from tests.worlds.configuring import PATTERNS

STREAMS = ("tickets", "messages", "survey_responses")


def with_words(pick: Random, world: World) -> World:
    met = {
        stream: [row | {"text_match": pick.choice([None, None, None, *PATTERNS])} for row in world.rows(stream)]
        for stream in STREAMS
    }
    return replace(world, streams=world.streams | met)
