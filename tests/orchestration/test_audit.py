"""What `make audit` makes of pip-audit's answers; an index without data is not taken for a clean bill."""

import json
import sys

import pytest

from orchestration import audit

CLEAN = {"name": "good", "version": "1.0", "vulns": []}
BAD = {"name": "bad", "version": "2.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.1"], "aliases": ["CVE-1"]}]}
SKIPPED = {"name": "odd", "skip_reason": "Dependency not found on PyPI"}


@pytest.mark.parametrize(
    ("packages", "code", "said"),
    [
        ([CLEAN, CLEAN], audit.CLEAN, "no known vulnerability in 2 packages"),
        ([CLEAN, BAD], audit.VULNERABLE, "bad 2.0: PYSEC-1 CVE-1, mended in 2.1"),
        ([BAD, SKIPPED], audit.VULNERABLE, "not judged, as the index does not know them: odd"),
        ([CLEAN, SKIPPED], audit.UNKNOWN, "not judged, as the index does not know them: odd"),
        ([SKIPPED, SKIPPED], audit.UNKNOWN, "none of the 2 packages"),
    ],
)
def test_the_exit_code_and_the_words(packages, code, said, capsys):
    assert audit.report(packages, "requirements.lock") == code
    captured = capsys.readouterr()
    assert said in captured.out + captured.err


def executable(tmp_path, body):
    path = tmp_path / "pip-audit"
    path.write_text(f"#!{sys.executable}\nimport sys\n{body}\n")
    path.chmod(0o755)
    return str(path)


def test_the_lock_is_audited_as_it_stands(tmp_path, capsys):
    answer = json.dumps({"dependencies": [CLEAN]})
    body = f"assert '--disable-pip' in sys.argv and sys.argv[-1] == {str(audit.LOCK)!r}\nprint({answer!r})"
    assert audit.main(executable(tmp_path, body)) == audit.CLEAN


def test_no_answer_is_one_line(tmp_path, capsys):
    body = "print('ConnectionError:\\nno route', file=sys.stderr)\nsys.exit(1)"
    assert audit.main(executable(tmp_path, body)) == audit.UNKNOWN
    captured = capsys.readouterr()
    assert captured.out == "" and len(captured.err.splitlines()) == 1 and "no route" in captured.err
