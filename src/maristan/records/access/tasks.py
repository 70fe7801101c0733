"""Jobs of the worker."""

from procrastinate.contrib.django import app

from maristan.records.access import services


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="access.close_expired", pass_context=False)
def close_expired_break_glasses(timestamp: int) -> int:
    """Every minute: write down the end of break-glasses whose time is over."""
    return services.close_expired()
