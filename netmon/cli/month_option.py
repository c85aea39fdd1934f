"""A calendar month on the command line."""

import click

from netmon.analysis.calendar_months import Month


class MonthType(click.ParamType[Month]):
    """A calendar month."""

    name = "YYYY-MM"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Month:
        """Return the month that is written."""
        try:
            return value if isinstance(value, Month) else Month.parse(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)
