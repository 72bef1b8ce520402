"""Money in fen: reading what somebody typed in yuan, showing it, and writing it in capital characters."""

import re
import unicodedata

MOST_FEN = 10**12
"""Ten thousand million yuan: more than a fund will ever hold, less than a column can."""
_PLAIN = re.compile(r"\d+(\.\d+)?")
_GROUPED = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")
_DIGITS, _PLACES, _GROUPS = "零壹贰叁肆伍陆柒捌玖", ("", "拾", "佰", "仟"), ("", "万", "亿", "万亿")


class MoneyWrong(Exception):
    """What was typed is no amount; `code` says why: missing, negative, unit, too_fine, not_a_number, zero, too_large."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def fen_of(typed: str, *, zero: bool = False) -> int:
    """Return what was typed in yuan as fen: `1,234.50`, `¥88`, full-width digits too. Raises MoneyWrong; guesses nothing."""
    text = unicodedata.normalize("NFKC", typed).replace(" ", "").strip()
    text = text.removeprefix("¥").removesuffix("元")
    if not text:
        raise MoneyWrong("missing")
    if text[0] in {"-", "\N{MINUS SIGN}", "\N{EN DASH}"}:
        raise MoneyWrong("negative")
    if any(unit in text for unit in "万千百亿"):
        raise MoneyWrong("unit")
    if not text.isascii() or not (_PLAIN.fullmatch(text) or _GROUPED.fullmatch(text)):
        raise MoneyWrong("not_a_number")
    yuan, _, part = text.replace(",", "").partition(".")
    if len(part) > 2:
        raise MoneyWrong("too_fine")
    if len(yuan) > 12:
        raise MoneyWrong("too_large")
    fen = int(yuan) * 100 + int(part.ljust(2, "0") or "0")
    if fen == 0 and not zero:
        raise MoneyWrong("zero")
    if fen > MOST_FEN:
        raise MoneyWrong("too_large")
    return fen


def yuan(fen: int) -> str:
    """Return an amount as it is read: ¥4,367,900.00; a minus sign stands before the ¥."""
    return f"{'-' if fen < 0 else ''}¥{plain(abs(fen))}"


def plain(fen: int) -> str:
    """Return an amount with its two decimals and without a sign of currency, as a bank's file wants it grouped."""
    return f"{fen // 100:,}.{fen % 100:02d}"


def capital(fen: int) -> str:
    """Return an amount in the capital characters that a Chinese paper of money needs (人民币大写)."""
    whole, jiao, part = fen // 100, fen // 10 % 10, fen % 10
    said = f"{_whole(whole)}元" if whole else ""
    if not jiao and not part:
        return f"人民币{said or '零元'}整"
    if jiao:
        # A zero is written where the yuan end in one: 壹佰元零伍角 is read more safely than 壹佰元伍角.
        said += ("零" if whole and whole % 10 == 0 else "") + f"{_DIGITS[jiao]}角"
    elif whole:
        said += "零"
    return f"人民币{said}" + (f"{_DIGITS[part]}分" if part else "整")


def _whole(number: int) -> str:
    parts: list[str] = []
    groups = [number // 10_000**place % 10_000 for place in range(len(_GROUPS))]
    for place in reversed(range(len(_GROUPS))):
        group = groups[place]
        if not group:
            continue
        # 零 once for any gap: a group that is not full, or an empty one in between.
        gap = parts and (group < 1000 or not groups[place + 1])
        parts.append(("零" if gap else "") + _group(group) + _GROUPS[place])
    return "".join(parts)


def _group(number: int) -> str:
    said, gap = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            said += ("零" if gap and said else "") + _DIGITS[digit] + _PLACES[place]
            gap = False
        else:
            gap = True
    return said
