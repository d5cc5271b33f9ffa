"""Which operating-system user the embedded server runs as, and whether that user gets at the files it needs.

Postgres refuses to run as root. Started by root, the server runs as an unprivileged account: the owner of an existing
data directory, else ``postgres`` where the system has it, else ``nobody``. Permissions of directories that are not ours
are never opened; where the account cannot reach the installed programs they are copied into the home once.
"""

import os
import pwd
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

from recollect.errors import EmbeddedPostgresError

CANDIDATES = ("postgres", "nobody")


@dataclass(frozen=True, slots=True)
class Account:
    """The user the server runs as.

    Attributes:
        uid, gid: of that user.
        drop: whether processes must change to it because we are root.
    """

    uid: int
    gid: int
    drop: bool

    def reaches(self, path: Path) -> bool:
        """Whether the account may pass through every directory above ``path`` and read it."""
        return all(self._may(directory, 0o1) for directory in path.parents) and self._may(path, 0o5)

    def _may(self, path: Path, wanted: int) -> bool:
        if not self.drop:
            return True
        state = path.stat()
        shift = 6 if state.st_uid == self.uid else 3 if state.st_gid == self.gid else 0
        return stat.S_IMODE(state.st_mode) >> shift & wanted == wanted

    def own(self, path: Path) -> None:
        """Makes a directory of ours the account's alone."""
        path.chmod(0o700)
        if self.drop:
            os.chown(path, self.uid, self.gid)


def account_for(data: Path) -> Account:
    """The account for this data directory.

    Raises:
        EmbeddedPostgresError: we are root and the system has no unprivileged user to run as.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), drop=False)
    if data.exists() and data.stat().st_uid != 0:
        state = data.stat()
        return Account(state.st_uid, state.st_gid, drop=True)
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid, drop=True)
    raise EmbeddedPostgresError(
        "Postgres does not run as root, and there is no user 'postgres' or 'nobody' to run it as"
    )


def reachable_programs(installed: Path, home: Path, account: Account) -> Path:
    """The directory with the server's programs, copied into ``home`` if the account cannot reach the installed ones.

    Args:
        installed: the ``bin`` directory of the installation.
        home: a directory of ours that the account reaches.
        account: who must run the programs.
    """
    if account.reaches(installed / "postgres"):
        return installed
    root = installed.parent
    stamp = (installed / "postgres").stat()
    copied = home / f"programs-{stamp.st_size:x}-{int(stamp.st_mtime):x}"
    if not copied.exists():
        unfinished = home / "programs.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.copytree(root, unfinished, symlinks=True)
        unfinished.chmod(0o755)
        unfinished.rename(copied)
    return copied / "bin"
