"""Southern Min as it was written: British Malaya, the Dutch Indies and Indonesia, Teochew, Hainan."""

import re

from .rewrite import MOST, combine, cut, cutter, table

_HEADS = cutter("chh ch ph th kh ng p b m t n l k g h s j")

_BRITISH_HEADS = table(
    "p=p,b ph=ph,p m=m b=b t=t th=th,t n=n l=l k=k kh=kh,k ng=ng g=g h=h ch=ch,ts chh=ch,ts s=s j=j,y -=-"
)
_BRITISH_TAILS = table(
    "a=a,ah ai=ai,ye,ay au=au,ow i=i,ee e=e,ay,eh,ey o=o,oh,or oo=oh,o,oo,aw,or,ow u=u,oo"
    " oe=oe,oey,uay,oi,ue,ueh,wee ia=ia,iah,eah iau=iau,iew,eow,iow,iao io=io,eo,eoh iu=iu,iew,ew"
    " oa=ua,uah oai=uai,wai ui=ui,wee,uee,ooi,uey am=am an=an ang=ang im=im in=in eng=eng,ing,ieng"
    " iam=iam,eam ian=ian,ean,ien iang=iang,eang,eong iong=iong,eong,iang,eang ong=ong,oong un=un,oon"
    " oan=uan,wan oang=uang,uan,wang ap=ap at=at ak=ak,ark ip=ip it=it ek=ek,ik,eck,eik,aik iap=iap,eap"
    " iat=iat,eat,iet iok=iok,eok,iock ok=ok,ock ut=ut,oot oat=uat,wat,uatt ah=ah,a eh=eh,e oh=oh,o"
    " ih=i,ih,ee iah=iah,ia ioh=ioh,eo,io oah=uah,ua oeh=ueh,ue,oeh uh=uh,u auh=auh ann=ah,a,ann"
    " enn=eh,e,ay inn=ee,i,inn iann=iah,ia,ian iunn=eo,eoh,iu,iew oann=uah,ua,uan uinn=ui,ooi,uin"
    " oainn=uai ng=ng,eng m=m,um onn=oh"
)
_BRITISH_Y = table(
    "i=i,ee,yi ia=ya,ia,yah iau=yau,yeow,yew,yaw,iau io=yeo,io iu=yew,yu,eu,iew,iu iam=yam,iam"
    " ian=yan,yean,ian,yen iang=yang,yeang iong=yong,yeong,iong im=im,yim in=in,yin,een eng=eng,ing,yeng"
    " ek=ek,ik,yaik,yeik,aik,eik iap=yap,iap iat=yat,iat iok=yok,iok,yeok it=it,yit,eet iah=yah,ia"
    " iunn=yeo,yeoh,yew,iu inn=ee,yee,een iann=yah,ia u=oo,woo,u,wu oe=oei,wee,wei,ooi oa=wa,wah,ua"
    " ui=wee,ui,wei,ooi un=oon,woon,un oan=wan,uan,oan oat=wat,uat ut=oot,wut oann=uah,wah"
    " uinn=wee,ooi,ng,oei o=o,oh oo=oh,o,oo ong=ong,wong"
)

_DUTCH_HEADS = table(
    "p=p ph=ph,p m=m b=b t=t th=th,t n=n l=l k=k kh=kh,k ng=ng g=g h=h ch=tj chh=tj,tjh s=s j=dj,j -=-"
)
_DUTCH_TAILS = table(
    "a=a,ah ai=ai,ay au=auw,au,ouw i=ie,i e=e,ee,eh o=o,oo,oh oo=o,ouw,oo,ou u=oe oe=oe,oey,oei,wee"
    " ia=ia,ija iau=iauw,iao,ioe,iau,iouw io=io,ioh iu=ioe,io,ioew,ieuw,iu oa=oa,wa,ua oai=oai,oay,wai"
    " ui=oei,oey,ui,wie,oeij am=am an=an ang=ang im=iem,im in=ien,in eng=ing,eng iam=iam ian=ian,ien"
    " iang=iang iong=iong ong=ong un=oen oan=oan,wan oang=oang,wang ap=ap at=at ak=ak ip=iep,ip it=it,iet"
    " ek=ek,ik iap=iap iat=iat,iet iok=iok ok=ok ut=oet oat=oat,wat ah=ah,a eh=eh,e oh=oh,o ih=ie,i"
    " iah=iah,ia ioh=ioh,io oah=oa,oah oeh=oeh,oe ann=a,ah,an enn=e,ee inn=ie,ien iann=ia,iah"
    " iunn=io,ioe,iauw oann=oa,oea uinn=oei,oen ng=ng m=m onn=o"
)
_DUTCH_Y = table(
    "i=ie,i,jie ia=ja,ia iau=jauw,iauw,jao io=jo,io iu=joe,ioe,joew iam=jam,iam ian=jan,ian,jen"
    " iang=jang,iang iong=jong,iong im=iem,im,jim in=ien,in,jien eng=ing,eng,jing ek=ek,ik iap=jap,iap"
    " iat=jat,iat iok=jok,iok it=it,iet,jit iah=jah,ja iunn=jo,io inn=ie,jien iann=ja u=oe,woe"
    " oe=oei,oey,wee oa=wa,oa ui=oei,wie,oey un=oen,woen oan=wan,oan,oean oat=wat,oat ut=oet oann=oa,wa"
    " uinn=oei,oey,oeij oo=o,ouw,gouw ong=ong"
)

_TEOCHEW_HEADS = table(
    "p=p,b ph=ph,p m=m b=b,m t=t th=th,t n=n l=l k=k kh=kh,k ng=ng g=g,ng h=h ch=ch chh=ch s=s j=j,y,z -=-"
)
_TEOCHEW_TAILS = table(
    "un=ung,oon,un in=eng,in,ing an=ang,an ian=iang,ian,eang oan=uang,uan,wang iau=iau,iao,eow,ieow"
    " io=ieo,eo,io oe=oi,oey,ue,uay oo=ow,ou,oh,o,or u=u,er,oo ui=ui,uey,wee it=ek,ik,it at=ak,ak"
    " iat=iak,iat,eat,eak oat=uak,uat ut=uk,ook,ut iong=iong,iang,eong ong=ong,ang,uang iunn=eo,ieo,io"
    " eng=eng,ing ek=ek,eak ok=ok,ock iok=iok,eok,iak i=i,ee,ie e=oi,e,eh,ey au=au,ow,ao o=o,oh,or"
    " iu=iu,iew,ew oa=ua,uah ia=ia,iah ng=eng,ng a=a,ah ai=ai am=am ang=ang im=im ip=ip iam=iam iap=iap"
)

_HAINAN_HEADS = table(
    "p=p,b ph=ph,f,p m=m b=b,v,m t=t,d th=h,th,t n=n l=l k=k kh=kh,h,k ng=ng g=g,ng h=h ch=ch,t,j"
    " chh=s,ch,sh s=t,s j=j,y,z -=-"
)


_HAINAN_TAILS = table("eng=eng,en,ing ek=ek,eck,ik iong=iong,eong,iang un=un,oon,in ui=ui,wee,uey")

_COINED = (("tjh", "c"), ("tj", "c"), ("dj", "%"), ("j", "y"), ("%", "j"), ("oe", "u"))
"""The spelling reforms of 1947 and 1972; names followed them only in part."""


def hokkien(syllable: str, mandarin: str = "") -> tuple[str, ...]:
    """Spell one syllable of Church romanisation as registrars of British Malaya and Manila did.

    Where Mandarin has f, Hokkien h was also written f.
    """
    head, tail = cut(_HEADS, syllable)
    if not head and tail in _BRITISH_Y:
        return combine((("",), _BRITISH_Y[tail]))
    heads = ("h", "f") if head == "h" and mandarin.startswith("f") else _BRITISH_HEADS[head]
    return combine((heads, _BRITISH_TAILS.get(tail, (tail,))))


def dutch(syllable: str, mandarin: str = "") -> tuple[str, ...]:
    """Spell one syllable as the registrars of the Dutch Indies did, before 1947."""
    del mandarin
    head, tail = cut(_HEADS, syllable)
    if not head and tail in _DUTCH_Y:
        return combine((("",), _DUTCH_Y[tail]))
    return combine((_DUTCH_HEADS[head], _DUTCH_TAILS.get(tail, (tail,))))


def _coin(word: str) -> str:
    for old, new in _COINED:
        word = word.replace(old, new)
    return word


def indonesia(syllable: str, mandarin: str = "") -> tuple[str, ...]:
    """Spell one syllable by the reformed rules, wholly or, as many papers have it, by half."""
    words = dutch(syllable, mandarin)
    full = [re.sub("ie(?=[mnp]?$)", "i", _coin(word)).replace("uw", "u") for word in words]
    half = [_coin(word) for word in words]
    return tuple(dict.fromkeys(full + half))[:MOST]


def teochew(syllable: str, mandarin: str = "") -> tuple[str, ...]:
    """Spell one syllable with Teochew's endings, which turn -n and -t into -ng and -k."""
    del mandarin
    head, tail = cut(_HEADS, syllable)
    heads = _TEOCHEW_HEADS[head]
    if not head and tail == "iu":
        return ("yew", "yu", "eu", "iew", "iu")
    if not head and tail.startswith("i"):
        return combine((("",), tuple(_y(part) for part in _TEOCHEW_TAILS.get(tail, (tail,)))))
    return combine((heads, _TEOCHEW_TAILS.get(tail) or _BRITISH_TAILS.get(tail, (tail,))))


def hainan(syllable: str, mandarin: str = "") -> tuple[str, ...]:
    """Spell one syllable with Hainan's heads: t for s, s for tsh, h for th and kh."""
    del mandarin
    head, tail = cut(_HEADS, syllable)
    if not head and tail in _BRITISH_Y:
        return combine((("",), _BRITISH_Y[tail]))
    tails = _HAINAN_TAILS.get(tail) or _BRITISH_TAILS.get(tail, (tail,))
    return combine((_HAINAN_HEADS[head], tails))


def _y(tail: str) -> str:
    """Write the i before another vowel as y, when nothing stands before it."""
    return "y" + tail[1:] if tail[:1] in {"i", "e"} and tail[1:2] in set("aeou") else tail
