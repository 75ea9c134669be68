"""Settings that are secrets: passwords, keys, and addresses that let whoever knows them in."""

from typing import Annotated

from pydantic import AfterValidator, SecretStr


def _unless_blank(secret: SecretStr | None) -> SecretStr | None:
    return secret if secret is not None and secret.get_secret_value().strip() else None


def drop_blanks(secrets: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
    """Return the secrets without those that are not set."""
    return tuple(secret for secret in secrets if _unless_blank(secret) is not None)


# A password or key. What is empty or white space alone comes from a variable that nobody filled in:
# it is not set.
OptionalSecret = Annotated[SecretStr | None, AfterValidator(_unless_blank)]
