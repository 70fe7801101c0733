"""Who may open the pages of accounts."""

from tests.permission_table import Row

from maristan.core.accounts.enums import DEFAULT_ROLES

EVERYONE = dict.fromkeys(DEFAULT_ROLES, 200)
REDIRECTED = dict.fromkeys(DEFAULT_ROLES, 302)

ROWS = [
    Row("account_login", roles=REDIRECTED, anonymous=200),
    Row("account_logout", roles=EVERYONE),
    Row("account_inactive", roles=EVERYONE, anonymous=200),
]
