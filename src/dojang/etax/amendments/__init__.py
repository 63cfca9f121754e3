"""수정(세금)계산서: what a chain of documents stands at, what can be amended, and the documents that do it.

`Chain` is an original and everything issued on it, `options` says what is possible and which form it needs, `plan`
makes the documents for a request, `preview` says what a plan means.

Source: 부가가치세법 제32조제7항, 시행령 제70조 (six reasons of the form, nine grounds of the decree);
for 계산서 소득세법 시행령 제212조제2항 and 법인세법 시행령 제164조, which apply the same.
"""

from dojang.etax.amendments.chain import Balance, Chain, ChainDocument, Node, NodeState, Role, Status
from dojang.etax.amendments.errors import InvalidChain, InvalidRequest
from dojang.etax.amendments.messages import Message
from dojang.etax.amendments.options import Option, options
from dojang.etax.amendments.plan import Plan, plan
from dojang.etax.amendments.request import Request, request_from_data, request_from_json
from dojang.etax.amendments.sentences import Preview, Sentence, preview

__all__ = [
    "Balance",
    "Chain",
    "ChainDocument",
    "InvalidChain",
    "InvalidRequest",
    "Message",
    "Node",
    "NodeState",
    "Option",
    "Plan",
    "Preview",
    "Request",
    "Role",
    "Sentence",
    "Status",
    "options",
    "plan",
    "preview",
    "request_from_data",
    "request_from_json",
]
