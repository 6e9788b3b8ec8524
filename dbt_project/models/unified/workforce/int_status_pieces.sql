with

pieces as (
    {{ cut_at_midnight(ref('int_status_intervals')) }}
),

marked as (
    select
        *,
        max(piece_ends_at) over (
            partition by agent, local_day
            order by piece_starts_at, piece_ends_at
            rows between unbounded preceding and 1 preceding
        ) as latest_end_before
    from pieces
),

-- Most days have no overlap and stay as they are.
checked as (
    select
        *,
        bool_or(coalesce(latest_end_before > piece_starts_at, false)) over (partition by agent, local_day) as is_overlapping
    from marked
),

overlapping as (
    select * from checked where is_overlapping
),

edges as (
    select agent, local_day, piece_starts_at as edge_at from overlapping
    union
    select agent, local_day, piece_ends_at from overlapping
),

sections as (
    select
        agent,
        local_day,
        edge_at as section_starts_at,
        lead(edge_at) over (partition by agent, local_day order by edge_at) as section_ends_at
    from edges
),

resolved as (
    select
        sections.agent,
        sections.local_day,
        sections.section_starts_at,
        sections.section_ends_at,
        max_by(overlapping.status_class, overlapping.starts_at) as status_class
    from sections
    inner join overlapping
        on sections.agent = overlapping.agent
        and sections.local_day = overlapping.local_day
        and sections.section_starts_at >= overlapping.piece_starts_at
        and sections.section_starts_at < overlapping.piece_ends_at
    group by all
)

select
    agent,
    local_day,
    piece_starts_at as starts_at,
    piece_ends_at as ends_at,
    status_class
from checked
where not is_overlapping
union all
select
    agent,
    local_day,
    section_starts_at,
    section_ends_at,
    status_class
from resolved
