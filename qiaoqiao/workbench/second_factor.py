"""The second factor of a staff account: an authenticator app, a passkey, or a printed recovery code."""

import json
from base64 import b64decode, b64encode
from datetime import datetime, timedelta
from typing import Any

import segno
from allauth.mfa.adapter import DefaultMFAAdapter, get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, validate_totp_code
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn.internal import auth as passkeys
from django.core.exceptions import ValidationError
from django.utils.safestring import SafeString, mark_safe

from qiaoqiao.access.models import Account
from qiaoqiao.access.throttle import allowed
from qiaoqiao.gateways.vault import Place, seal, unseal

SEALED = Place("mfa_authenticator", "data", "secret")
USED_FOR = timedelta(minutes=2)  # a code with its neighbours in time is good for 90 seconds
KIND = Authenticator.Type


class SealedAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Keeps the secrets encrypted, and names this installation to apps and passkeys."""

    def encrypt(self, text: str) -> str:
        return b64encode(seal(text, SEALED)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(b64decode(encrypted_text), SEALED)

    def get_totp_issuer(self) -> str:
        return "QiaoQiao"

    def _get_site_name(self) -> str:
        return "QiaoQiao"

    def _get_user_identifier(self, user: Account) -> str:
        return user.username

    def get_public_key_credential_user_entity(self, user: Account) -> dict[str, Any]:
        return super().get_public_key_credential_user_entity(user) | {"display_name": user.name}  # type: ignore[no-any-return]


def kinds_of(account: Account) -> set[str]:
    """Which second factors an account has."""
    return set(Authenticator.objects.filter(user=account).values_list("type", flat=True))


def has_second_factor(account: Account) -> bool:
    return bool(kinds_of(account) - {KIND.RECOVERY_CODES})


def new_secret() -> str:
    secret: str = generate_totp_secret()
    return secret


def qr_of(account: Account, secret: str, *, words: str) -> SafeString:
    """Draw the picture that an authenticator app scans, as inline SVG."""
    url = get_adapter().build_totp_url(account, secret)
    drawn = segno.make(url, micro=False).svg_inline(
        scale=5, border=2, title=words, svgclass="qq-qr", lineclass=None
    )
    return mark_safe(drawn)


def enrol_app(account: Account, secret: str, code: str) -> bool:
    """Tie an authenticator app to the account; False when the code does not fit the secret."""
    if not validate_totp_code(secret, tidy_code(code)):
        return False
    TOTP.activate(account, secret)
    return True


def code_fits(account: Account, code: str, *, at: datetime) -> bool:
    """Say whether this is the app's present code, used for the first time, or an unused recovery code."""
    code = tidy_code(code)
    for held in Authenticator.objects.filter(user=account, type__in=[KIND.TOTP, KIND.RECOVERY_CODES]):
        if held.type == KIND.TOTP:
            fits = validate_totp_code(decrypt(held.data["secret"]), code) and allowed(
                f"totp:{account.pk}:{code}", most=1, within=USED_FOR, at=at
            )
        else:
            fits = RecoveryCodes(held).validate_code(code)
        if fits:
            held.record_usage()
            return True
    return False


def new_recovery_codes(account: Account) -> list[str]:
    """Make the account's printed codes, or return those still unused."""
    return list(RecoveryCodes.activate(account).get_unused_codes())


def begin_passkey(account: Account | None) -> str:
    """What a browser needs to ask for a passkey: of this account, or (None) of whoever holds one here."""
    return json.dumps(passkeys.begin_authentication(account))


def begin_passkey_enrolment(account: Account) -> str:
    return json.dumps(passkeys.begin_registration(account, True))


def passkey_fits(credential: str, account: Account | None) -> Account | None:
    """The account whose passkey answered, or None. An account given must be the one that answers."""
    try:
        response = json.loads(credential)
        owner = account or passkeys.extract_user_from_response(response)
        passkeys.parse_authentication_response(response)
        passkeys.complete_authentication(owner, response).record_usage()
    except (ValidationError, ValueError, KeyError, AttributeError, TypeError):
        return None
    return owner if isinstance(owner, Account) and owner.is_active else None


def enrol_passkey(account: Account, credential: str) -> bool:
    """Tie a passkey to the account; False when the browser's answer does not hold."""
    try:
        response = json.loads(credential)
        passkeys.parse_registration_response(response)
        passkeys.complete_registration(response)
        name = get_adapter().generate_authenticator_name(account, KIND.WEBAUTHN)
        passkeys.WebAuthn.add(account, name, response)
    except (ValidationError, ValueError, KeyError, AttributeError, TypeError):
        return False
    return True


def tidy_code(code: str) -> str:
    """Leave only the digits, full-width ones too."""
    return "".join(str(int(letter)) for letter in code if letter.isdecimal())
