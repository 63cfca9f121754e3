"""Days in Korea, worked out by the database.

Both say the same whatever time zone the connection has, so that columns and indexes can be made of them.
"""

from django.db.models import DateField, Func


class DayInKorea(Func):
    """The day in Korea of an instant."""

    template = "(%(expressions)s AT TIME ZONE 'Asia/Seoul')::date"
    output_field = DateField()


class FirstOfMonth(Func):
    """The first day of a day's month. Without a time zone: Django's own `TruncMonth` goes by one and takes longer."""

    template = "DATE_TRUNC('month', %(expressions)s::timestamp)::date"
    output_field = DateField()
