"""Cantonese as clerks wrote it: Hong Kong, Macao, the loose English of Malaya, and Toisan overseas."""

from .rewrite import combine, cut, cutter, table

_HEADS = cutter("gw kw ng b p m f d t n l g k h w z c s j")

_HONGKONG_HEADS = table(
    "b=p p=p m=m f=f d=t t=t n=n,l l=l g=k k=k ng=ng,- h=h gw=kw kw=kw w=w z=ch,ts,j c=ch,ts s=s,sh j=y -=-"
)
_HONGKONG_TAILS = table(
    "aa=a,ah am=am,um an=an,un ap=ap,up at=at,ut au=au,ow ei=ei,ee,i,ay eoi=ui,oi,uy eon=un eot=ut"
    " oeng=eung,ong oek=euk eng=eng ou=o,ou,oe u=u,oo ui=ui un=un,oon ut=ut yun=uen,un yut=uet yu=u,ue"
    " iu=iu,ew in=in,een it=it o=o,or oi=oi,oy ang=ang aang=ang aai=ai aau=au aam=am aan=an aap=ap aat=at"
    " aak=ak uk=uk,ook i=i,ee ing=ing ik=ik ot=ot"
)
_HONGKONG_Y_TAILS = table("yu=u,ue,ee i=i,ee yun=uen,un yut=uet iu=iu,ew au=au,ow am=am,um")

_MACAO_HEADS = table(
    "b=p p=p m=m f=f d=t t=t n=n l=l g=k k=k ng=ng,- h=h gw=ku,k kw=ku,k w=w,v z=ch,ts c=ch,ts s=s j=i,- -=-"
)
_MACAO_TAILS = table(
    "aa=a aai=ai aau=ao,au aam=am aan=an aang=ang aap=ap aat=at aak=ak au=ao,au ei=ei,i eoi=oi,ui"
    " eon=on,un eot=ot,ut iu=io,iu ing=eng,ing ik=ek,ik ou=ou,o oeng=eong oek=eok ung=ong,ung uk=ok,uk"
    " yu=u,i yun=un yut=ut"
)
_MACAO_I_TAILS = table("yu=- i=- iu=o")

_LOOSE_HEADS = table(
    "b=p,b p=p,ph m=m f=f d=t,d t=t,th n=n l=l g=k,g k=k ng=ng,- h=h gw=kw,k,qu kw=kw,k w=w z=ch,j,tz"
    " c=ch,ts s=s,sh j=y,j -=-"
)
_LOOSE_TAILS = table(
    "aa=a,ah,ar aai=ai,ye aau=au,ow aam=am,um aan=an aang=ang aap=ap,app,arp aat=at,att aak=ak,ark ai=ai"
    " au=ow,au,aw am=am,um an=an,un,en ang=ang,ung ap=ap,up at=at,ut ak=ak,uck e=eh,ay,e,ea"
    " ei=ee,ei,i,ay,ie i=ee,i,y,ie iu=iew,iu,ew,io im=im,eem in=in,een,ean,ien ing=ing,eng ip=ip it=it,eet"
    " ik=ik,ick,ek o=o,or,aw,oh oi=oi,oy,oye ong=ong on=on ok=ok,ock ot=ot ou=o,ow,oh,oo,oe"
    " oeng=eong,eung,iong,ong oek=eok,euk eoi=ui,oi,uey,ooi eon=un,oon eot=ut u=u,oo ui=ui,ooi,oey"
    " un=oon,un,on ung=ung,oong,ong uk=uk,ook,oke,ock ut=ut,oot yu=u,ue,ee,oo,ew yun=un,uen,oon,een"
    " yut=uet,oot,it,ut"
)
_LOOSE_Y_TAILS = table(
    "i=ee,i,e yu=ue,u,ee iu=ew,iew,iu,io yun=uen,oon,een,un yut=uet,it am=am,um au=ow,au,ew,eow"
    " ung=ung,oong uk=uk,oke,ook,ock ik=ik,ick,ek in=in,een,ean"
)
_TOISAN_HEADS = table(
    "b=b,p p=p m=m f=f d=d,t,- t=t,h n=n l=l g=g,k k=k ng=ng,- h=h gw=gw,kw,k,qu kw=kw,qu w=w z=j,ch,g,d"
    " c=ch,t s=s,sh,hl j=y,ng -=-"
)
_TOISAN_TAILS = table(
    "aa=a,ah,ar aai=ai,y aau=au,ow aam=am,om aan=an aang=ang aap=ap aat=at aak=ak,ark ai=ai,i,y"
    " au=ew,ow,iu,au am=im,um,am,em an=in,un,an,en ang=ang,ung,ing ap=ip,up,ap at=it,ut,at ak=ak,uck"
    " e=eh,e,ar ei=ee,i,ei,ay i=ee,i iu=ew,iu,ow im=im,em,am in=in,een,en,ean ing=ing,en,eng,in ip=ip,ap"
    " it=it,eet ik=ick,ik,et,ek o=o,aw,or oi=oy,oi,ai ong=ong on=on,un ok=ock,ok ot=ot ou=o,oo,ow,oe"
    " oeng=ung,ang,ong,eong,eung,iang oek=eok,ak eoi=ui,oey,uey,ooey eon=un,in,oon eot=ut,it u=oo,u"
    " ui=oy,ooey,ui un=oon,un,on ung=ung,oong,ong uk=uk,ook,ock ut=ut,oot yu=ee,ue,ui,u yun=on,oon,uen,un"
    " yut=ut,ot,oot"
)

_SYLLABIC = ("ng", "eng", "m", "ung")

_SIBILANT = {
    "zi": ("chi", "tsz", "chee", "che", "tze"),
    "ci": ("chi", "tsz", "chee", "tze"),
    "si": ("sze", "shi", "see", "si", "sz"),
}
_NUMB = {
    "zi": ("tsz", "tze", "chi", "chee", "tse"),
    "ci": ("tsz", "tze", "chi", "chee"),
    "si": ("sze", "si", "see", "sz", "tse"),
}

_LOOSE_SIBILANT = {
    "zi": ("chee", "chi", "gee", "tze", "che", "jee"),
    "ci": ("chee", "chi", "tze", "che"),
    "si": ("see", "sze", "si", "shi", "sy"),
}


def _retroflex(mandarin: str) -> bool:
    return mandarin.startswith(("zh", "ch", "sh", "r"))


def _is_bare_yu(head: str, tail: str) -> bool:
    return head == "j" and tail.startswith("y")


def hongkong(syllable: str, mandarin: str = "") -> tuple[str, ...]:
    """Spell one Jyutping syllable as Hong Kong's registry does; Mandarin tells s from sh."""
    if syllable in {"m", "ng"}:
        return _SYLLABIC
    if syllable in _SIBILANT:
        return (_SIBILANT if _retroflex(mandarin) else _NUMB)[syllable]
    head, tail = cut(_HEADS, syllable)
    heads = _HONGKONG_HEADS.get(head, (head,))
    if head == "s" and _retroflex(mandarin):
        heads = ("sh", "s")
    if head in {"z", "c", "s"} and tail in {"an", "am", "at", "ap"}:
        return combine((heads, tuple(reversed(_HONGKONG_TAILS[tail]))))
    if head == "j" and tail in _HONGKONG_Y_TAILS:
        return combine((("y",), _HONGKONG_Y_TAILS[tail]))
    if head == "k" and tail.startswith("ei"):
        return ("kei", "ki", "kee")
    if head in {"g", "l"} and tail == "ei":
        return combine(((_HONGKONG_HEADS[head][0],), ("ei", "i", "ee")))
    if not head:
        heads = ("", "ng")
    return combine((heads, _HONGKONG_TAILS.get(tail, (tail,))))


def macao(syllable: str, mandarin: str = "") -> tuple[str, ...]:
    """Spell one Jyutping syllable in the Portuguese manner of Macao."""
    del mandarin
    if syllable in {"m", "ng"}:
        return _SYLLABIC
    head, tail = cut(_HEADS, syllable)
    heads, tails = _MACAO_HEADS.get(head, (head,)), _MACAO_TAILS.get(tail, (tail,))
    if _is_bare_yu(head, tail):
        return combine((("", "i"), tails))
    if head == "j" and tail.startswith("i"):
        stem = tuple(part for part in tails if part.startswith("i"))
        return combine((("i",), _MACAO_I_TAILS.get(tail, tuple(t for t in tails if t[0] != "i")))) + stem
    if head == "j":
        heads = ("i",)
    if head in {"gw", "kw"} and tail.startswith("o"):
        heads = ("ku", "k")
    return combine((heads, tails))


def loose(syllable: str, mandarin: str = "") -> tuple[str, ...]:
    """Spell one Jyutping syllable as registrars in Malaya and the Americas heard it."""
    if syllable in {"m", "ng"}:
        return _SYLLABIC
    if syllable in _SIBILANT:
        return _LOOSE_SIBILANT[syllable]
    head, tail = cut(_HEADS, syllable)
    tails = _LOOSE_TAILS.get(tail, (tail,))
    heads = _LOOSE_HEADS.get(head, (head,))
    if head == "j":
        return combine((("y",), _LOOSE_Y_TAILS.get(tail, tails)))
    if head == "s" and _retroflex(mandarin):
        heads = ("sh", "s")
    return combine((heads, tails))


def toisan(syllable: str, mandarin: str = "") -> tuple[str, ...]:
    """Spell one Jyutping syllable with the sounds of Siyi, as in the Americas' old papers."""
    del mandarin
    if syllable in {"m", "ng"}:
        return _SYLLABIC
    head, tail = cut(_HEADS, syllable)
    heads, tails = _TOISAN_HEADS.get(head, (head,)), _TOISAN_TAILS.get(tail, (tail,))
    return combine((heads, tails))
