"""What a stream's expressions read inside JSON documents, so that each document is parsed once for all of it.

`json_text(via, '$.channel')` of a raw field becomes the raw column `via $.channel`, which the readers fill: from text
by one extraction, or, where a file is nothing but plain records, as a STRUCT that DuckDB parses with the line itself.
Struct keys are found whatever their case. No types of the lake, no rules.
"""

from __future__ import annotations

import re

from ingestion.quoting import identifier, literal

#: A call of the macro that names a raw field and a path; others, of expressions, are left to the macro.
_CALL = re.compile(r"""json_text\((?:(\w+)|"(\w+)"), '([^']*)'\)""")
_PLAIN_PATH = re.compile(r"\$([.][A-Za-z_]\w*)+")

MACROS = """
CREATE OR REPLACE TEMP MACRO json_text(doc, path) AS
    CASE WHEN contains(doc, '{') AND json_valid(doc) THEN json_extract_string(doc::JSON, path) END;
"""


def column(document: str, path: str) -> str:
    """The raw column, quoted, of a path in a raw field."""
    return identifier(f"{document} {path}")


def paths_taken_out(expression: str) -> tuple[str, list[tuple[str, str]]]:
    """The expression over raw columns, and the (raw field, path) pairs it reads."""
    found: list[tuple[str, str]] = []

    def taken(call: re.Match) -> str:
        pair = (call[1] or call[2], call[3])
        found.append(pair)
        return column(*pair)

    return _CALL.sub(taken, expression), found


def mentions(expression: str, field: str) -> bool:
    """Whether an expression may read a raw field itself and not only paths in it."""
    return re.search(rf'(?<![\w"]){re.escape(field)}(?![\w"])|"{re.escape(field)}"', expression) is not None


def struct_of(paths: list[str]) -> str | None:
    """The STRUCT type that holds what stands at these paths as text; None where a struct cannot."""
    tree: dict = {}
    for path in paths:
        if not _PLAIN_PATH.fullmatch(path):
            return None
        *above, last = path[2:].split(".")
        node = tree
        for name in above:
            node = node.setdefault(name, {})
            if node is None:
                return None
        if node.setdefault(last, None) is not None:
            return None
    folded = [name.lower() for name in _names(tree)]
    return _type(tree) if len(set(folded)) == len(folded) else None


def in_struct(document: str, path: str) -> str:
    """SQL of what stands at a path of a STRUCT of `struct_of`."""
    return document + "".join(f'."{name}"' for name in path[2:].split("."))


def _names(tree: dict, above: str = "") -> list[str]:
    return [n for name, node in tree.items() for n in (f"{above}.{name}", *_names(node or {}, f"{above}.{name}"))]


def _type(tree: dict) -> str:
    parts = (f'"{name}" {"VARCHAR" if node is None else _type(node)}' for name, node in tree.items())
    return f"STRUCT({', '.join(parts)})"


def in_text(documents: dict[str, list[str]], relation: str) -> tuple[list[str], str]:
    """SQL of the paths' texts, and the relation to take them from: the raw fields', each document parsed once."""
    found = ", ".join(
        f"CASE WHEN contains({identifier(document)}, '{{') AND json_valid({identifier(document)}) THEN "
        f"json_extract_string({identifier(document)}::JSON, [{', '.join(literal(path) for path in paths)}]) END "
        f"AS {identifier(f'_in_{document}')}"
        for document, paths in documents.items()
    )
    texts = [f"{identifier(f'_in_{d}')}[{i}]" for d, paths in documents.items() for i in range(1, len(paths) + 1)]
    return texts, f"(SELECT *, {found} FROM {relation})" if found else relation
