"""The histories of all workspaces, verified one after the other."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dojang.cli.language import say
from dojang.service.audit import chain
from dojang.service.audit.contradictions import contradictions
from dojang.service.audit.models import Event, Seal
from dojang.service.tenancy import crossing
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.models import Workspace

_MOST_TOLD = 100


@dataclass(frozen=True, slots=True)
class Verified:
    """One workspace: how many events it has, and where they do not hold."""

    workspace_id: int
    name: str
    events: int
    breaks: tuple[chain.Break, ...]

    def text(self) -> str:
        """For the terminal, in the person's language."""
        head = say(
            f"작업공간 {self.workspace_id} {self.name}: 기록 {self.events:,}건",
            f"workspace {self.workspace_id} {self.name}: {self.events:,} events",
        )
        if not self.breaks:
            return f"{head}, {say('이상 없음', 'all hold')}"
        told = [_line(found) for found in self.breaks[:_MOST_TOLD]]
        more = len(self.breaks) - len(told)
        if more:
            told.append(say(f"  … 그 밖에 {more:,}곳", f"  … and {more:,} more"))
        return "\n".join([f"{head}, {say('끊긴 곳', 'broken')} {len(self.breaks):,}", *told])


def verify_all() -> Iterator[Verified]:
    """Each workspace."""
    for workspace_id in crossing.workspaces():
        with in_workspace(workspace_id):
            found = Verified(
                workspace_id,
                Workspace.objects.get().name,
                Event.objects.count(),
                (*chain.verify(), *contradictions()),
            )
        yield found


def missing_seals(named: Iterable[tuple[int, int, str]]) -> Iterator[tuple[int, int]]:
    """Seals that were there once and are not, or not as they were: workspace and sequence of each.

    A chain whose newest seals were cut off together with what they name holds in itself; only who remembers the last
    one finds out.

    Args:
        named: workspace, sequence and hash of the newest seal, as a backup remembers it.
    """
    there = set(crossing.workspaces())
    for workspace_id, sequence, seal in named:
        if workspace_id not in there:
            yield workspace_id, sequence
            continue
        with in_workspace(workspace_id):
            holds = Seal.objects.filter(sequence=sequence, hash=seal).exists()
        if not holds:
            yield workspace_id, sequence


def _line(found: chain.Break) -> str:
    if found.invoice_id is None:
        where = say(f"봉인 {found.sequence}", f"seal {found.sequence}")
    else:
        where = say(
            f"문서 {found.invoice_id}의 {found.sequence}번째 기록",
            f"event {found.sequence} of document {found.invoice_id}",
        )
    return f"  {where}: {say(found.ko, found.en)}"
