"""What is a secret, by its name or by its shape."""

from __future__ import annotations

import re

from .unicode_text import BLANKS, utf16_tail

#: Parts of a name that say: what stands here opens something. Looked for in the name without its separators.
_SECRET_PARTS = re.compile(
    "authorization|cookie|passw|passphrase|passcode|secret|apikey|accesskey|privatekey|signingkey"
    r"|encryptionkey|credential|signature|bearer|sessionid|cardnumber|token\Z"
)
_SECRET_WORDS = frozenset(
    "auth csrf cvc cvv jwt otp pin pwd session sid ssn token totp xsrf".split()
)

_NAME_LENGTH_MAX = 60
_BOUNDARY = re.compile("[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])")

#: `name=value`, `name: value` and `"name":"value"` inside a text. The bounds keep the search linear.
_PAIRS = re.compile(rf"""([A-Za-z0-9_.-]{{1,60}})["']? {{0,2}}[=:] {{0,2}}["']?[^{BLANKS}"'&;,]""")

#: What keys and passwords look like, wherever in a text they stand.
_SHAPES = tuple(
    re.compile(shape, re.ASCII)
    for shape in (
        r"\beyJ[\w-]{5,}\.[\w-]{5}",  # a JSON Web Token
        r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY",
        rf"://[^{BLANKS}/?#@:]{{0,200}}:[^{BLANKS}/?#@]{{1,200}}@",  # a password in an address
        r"\b(?:sk|pk|rk|uf)[_-](?:live|test|prod|proj|ant|or)[_-][\w-]{8}",
        r"\b(?:whsec|npm|hf|gsk|r8|sbp|rpa|pul|gh[oprsu]|github_pat|shp(?:at|ca|ss)|do[op]_v1|lin_api"
        r"|sntry[su]|re_[A-Za-z0-9]{8})_[A-Za-z0-9]{16}",
        r"\b(?:sk|pplx|pypi|xkeysib)-[A-Za-z0-9]{16}|\b(?:glpat|gldt|nvapi|tskey)-[\w-]{16}",
        r"\bxox[a-z]-[\w-]{8}|\bxapp-[\w-]{8}|\bhv[bs]\.[\w-]{16}|\bdapi[0-9a-f]{32}",
        r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b",
        r"\bAIza[\w-]{30}|\bya29\.[\w-]{16}|\bGOCSPX-[\w-]{16}",
        r"\bSG\.[\w-]{16,}\.[\w-]{16}|\b(?:AC|SK)[0-9a-f]{32}\b|\bsq0[a-z]{3}-[\w-]{16}",
        r"\$(?:2[aby]|argon2(?:i|d|id)|scrypt|[156])\$[\w./=$-]{4}",  # a hashed password
    )
)

#: Of a login: its kind, and what stands behind it. A plan may be called "Basic", so that must look made up.
_LOGINS = re.compile(
    r"\b(?:bearer|basic|digest|negotiate) {1,3}([\w+/=.~-]{8,200})", re.ASCII | re.IGNORECASE
)
_MADE_UP = re.compile(r"[0-9]|[a-z][A-Z]|=\Z")

_LONG_RUN = re.compile("[A-Za-z0-9+_-]{32,}")
#: What Amazon calls a secret access key. With the slash, longer runs are paths.
_RUN_OF_40 = re.compile("(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/])")
_MIXED = (re.compile("[a-z]"), re.compile("[A-Z]"), re.compile("[0-9]"))


def is_secret_name(name: str) -> bool:
    """Whether what bears this name is a secret by it, like `Authorization`, `apiKey` or `db_password`."""
    words = [word.lower() for word in _BOUNDARY.split(utf16_tail(name, _NAME_LENGTH_MAX))]
    return bool(_SECRET_PARTS.search("".join(words))) or not _SECRET_WORDS.isdisjoint(words)


def holds_secret(text: str) -> bool:
    """
    Whether a secret stands in this text, by its shape: known kinds of keys, a password in an address, a
    value under a secret name, and any long run of capital and small letters and digits. Of digits from 0
    to f alone a key cannot be told from a hash: those need a name.
    """
    return (
        any(shape.search(text) for shape in _SHAPES)
        or any(_MADE_UP.search(login) for login in _LOGINS.findall(text))
        or any(is_secret_name(name) for name in _PAIRS.findall(text))
        or any(_is_mixed(run) for runs in (_LONG_RUN, _RUN_OF_40) for run in runs.findall(text))
    )


def _is_mixed(run: str) -> bool:
    return all(kind.search(run) for kind in _MIXED)
