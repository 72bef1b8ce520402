"""Words of English, Spanish and Portuguese brought near their stems, and the words that say nothing."""

import re

_ENGLISH, _SPANISH, _PORTUGUESE = (
    """
    a an the i me my we our you your he she it its his her they them their is are was were be been am
    do does did have has had to of in on at by for from with and or not no but if so as that this
    these those what which who how when where why can could would should will want wants wanted need
    needs like get got please help about any some there here then than into out up down just very
    """,
    """
    el la los las un una unos unas yo mi mis me nos nuestro nuestra tu su sus usted ustedes ella ellos
    es son fue era ser estar esta este esto ese esa eso de del al en por para con sin y e o u no pero
    si que como cuando donde cual quien quiero quisiera necesito puedo hay he ha han muy mas se lo le
    les favor ayuda sobre tengo tiene ya comprar
    """,
    """
    os as um uma uns umas eu meu minha meus minhas nosso nossa seu sua seus suas voce ele ela eles
    elas sao foi do da dos das no na nos nas ao aos pelo pela com sem ou mas se nao quero queria
    preciso posso tem tenho ha muito mais isto isso esse essa favor ajuda sobre em
    """,
)
STOP_WORDS = frozenset(f"{_ENGLISH} {_SPANISH} {_PORTUGUESE}".split())

STOP_CHARACTERS = frozenset(
    "我你您他她它们的了在是有想要怎么样吗呢啊吧和与及就不也都很这那个一去来到把给请问能可以如何什为办没"
)

_ENDINGS = re.compile(
    r"(?:amientos?|imientos?|amentos?|imentos?|aciones|acion|icoes|acoes|acao|icao|ciones|cion|coes|cao|ations?|ments?|"
    r"ando|endo|iendo|indo|adas?|ados?|idas?|idos?|arse|erse|irse|ar|er|ir|ings?|ies|ers?|ed|es|as|os|ly|s|a|o|e|y)$"
)
_SHORTEST_STEM = 3


def stem(word: str) -> str:
    """Take the ending off a folded word, lightly: `houses`, `house` and `housing` meet."""
    cut = _ENDINGS.sub("", word, count=1)
    return cut if len(cut) >= _SHORTEST_STEM else word
