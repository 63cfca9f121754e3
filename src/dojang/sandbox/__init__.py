"""모의 국세청: an NTS to develop and test against. The wire is the real one and nothing is checked for show.

Every signature, certificate, R and rule is looked at as 국세청 would; what it accepts it keeps. Beside the wire
there is a page for people (`/`) and an API that scripts its register, its clock, its delays and its faults
(`/control/…`, or a file). Everything it says names itself a sandbox: nothing filed here is filed.

Source: KEC 표준전자세금계산서 v3.0, 전송; the result codes are those of `dojang.nts.codes`.
"""

from dojang.sandbox.errors import SandboxError
from dojang.sandbox.server import Running, Sandbox, running, serve

__all__ = ["Running", "Sandbox", "SandboxError", "running", "serve"]
