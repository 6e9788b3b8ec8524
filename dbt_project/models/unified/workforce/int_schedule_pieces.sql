select
    agent,
    local_day,
    piece_starts_at as starts_at,
    piece_ends_at as ends_at,
    activity_class,
    team
from (
    {{ cut_at_midnight(ref('int_schedule_intervals')) }}
) as pieces
