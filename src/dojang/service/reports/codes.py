"""Codes of the standard as columns hold them."""

from dojang.etax.codes import AmendmentReason, DocumentType, Taxation

KINDS = {kind.value: kind for kind in DocumentType}
REASONS = {reason.value: reason for reason in AmendmentReason}
TAXATIONS = {taxation.value: taxation for taxation in Taxation}
