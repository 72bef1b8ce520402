"""Files are kept whole or not at all, under keys that nobody can guess or steer."""

import hashlib
import os
import subprocess
import sys
import textwrap
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest

from qiaoqiao.gateways.storage import LocalStorage, NotKept, StorageFailed

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


@pytest.fixture
def local(tmp_path: Path) -> LocalStorage:
    return LocalStorage(tmp_path / "files")


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


class Torn(BytesIO):
    """A stream whose sender goes away after the first piece."""

    def read(self, size: int | None = -1) -> bytes:
        if self.tell():
            raise OSError("gone")
        return super().read(10)


def test_a_kept_file_comes_back_byte_for_byte(local: LocalStorage) -> None:
    content = b"%PDF-1.7\n" + os.urandom(3 * 1024 * 1024)
    kept = local.keep(BytesIO(content), declared_name="../护照.pdf", now=NOW)
    assert kept.sha256 == hashlib.sha256(content).hexdigest()
    assert (kept.size, kept.mime, kept.name, kept.kept_at) == (
        len(content),
        "application/pdf",
        "护照.pdf",
        NOW,
    )
    with local.open_kept(kept.key) as file:
        assert file.read() == content


def test_two_files_of_one_name_do_not_meet(local: LocalStorage) -> None:
    first, second = (local.keep(BytesIO(b"x"), declared_name="a.pdf", now=NOW) for _ in range(2))
    assert first.key != second.key


def test_the_persons_name_for_a_file_is_nowhere_on_the_disk(local: LocalStorage) -> None:
    kept = local.keep(BytesIO(b"x"), declared_name="李某护照.pdf", now=NOW)
    assert [path.name for path in files_in(local.folder)] == [kept.key]


def test_nobody_else_on_the_machine_may_read_it(local: LocalStorage) -> None:
    local.keep(BytesIO(b"x"), declared_name="a", now=NOW)
    (path,) = files_in(local.folder)
    assert path.stat().st_mode & 0o077 == 0


def test_a_sender_who_goes_away_leaves_nothing(local: LocalStorage) -> None:
    with pytest.raises(StorageFailed):
        local.keep(Torn(b"0123456789012345"), declared_name="a.pdf", now=NOW)
    assert files_in(local.folder) == []


def test_a_worker_killed_midway_leaves_no_file_under_a_key_and_its_scrap_is_swept(tmp_path: Path) -> None:
    program = textwrap.dedent("""
        import os, signal, sys
        from datetime import UTC, datetime
        from io import RawIOBase
        from pathlib import Path
        from qiaoqiao.gateways.storage import LocalStorage

        class Deadly(RawIOBase):
            pieces = 0
            def read(self, size=-1):
                self.pieces += 1
                if self.pieces == 3:
                    os.kill(os.getpid(), signal.SIGKILL)
                return b"x" * 100_000

        LocalStorage(Path(sys.argv[1])).keep(Deadly(), declared_name="a", now=datetime.now(UTC))
    """)
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "qiaoqiao.settings"}
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path)], env=environment, check=False)
    assert done.returncode == -9
    local = LocalStorage(tmp_path)
    (scrap,) = files_in(tmp_path)
    assert scrap.parent == local.incoming
    written = datetime.fromtimestamp(scrap.stat().st_mtime, UTC)
    assert local.sweep(written - timedelta(hours=1)) == 0
    assert local.sweep(written + timedelta(seconds=1)) == 1
    assert files_in(tmp_path) == []


@pytest.mark.parametrize(
    "key", ["../../etc/passwd", "", "a" * 32 + "/..", "A" * 32, "0" * 32, "0" * 31 + "\n"]
)
def test_a_key_that_we_did_not_give_opens_nothing(local: LocalStorage, key: str) -> None:
    with pytest.raises(NotKept):
        local.open_kept(key)


def test_removing_twice_is_removing_once(local: LocalStorage) -> None:
    kept = local.keep(BytesIO(b"x"), declared_name="a", now=NOW)
    local.remove(kept.key)
    local.remove(kept.key)
    with pytest.raises(NotKept):
        local.open_kept(kept.key)


def test_storage_says_when_it_cannot_write(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("a file where the folder should be")
    trouble = LocalStorage(tmp_path / "files").check()
    assert trouble is not None
    assert LocalStorage(tmp_path / "other").check() is None
