"""기한: business days of Korea, deadlines of issuing and returns, 과세기간, and the rules of ordinary issuing.

`Calendar` knows the days. The functions stand in `deadlines`, `periods` and `issuing`.
"""

from dojang.etax.calendar.business_days import Calendar

__all__ = ["Calendar"]
