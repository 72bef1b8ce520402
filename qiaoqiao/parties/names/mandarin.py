"""Mandarin as it is written: pinyin, and the Wade-Giles that Taiwan and older papers keep."""

from .rewrite import combine, cut, cutter, table

_HEADS = cutter("zh ch sh b p m f d t n l g k h j q x r z c s")

_WADE_HEADS = table(
    "b=p p=p m=m f=f d=t t=t n=n l=l g=k k=k h=h j=ch q=ch x=hs,s,sh zh=ch,j ch=ch sh=sh r=j,r z=ts,tz"
    " c=ts,tz s=s -=-"
)
_WADE_TAILS = table(
    "ian=ien,ian ie=ieh,ie ve=ueh,uo,ue ue=ueh,ue uo=uo,o ong=ung,ong iong=iung,iong ui=ui,uei v=u"
    " van=uan,uen vn=un,uin iu=iu,iou ao=ao,au ua=ua,uah in=in,ing uan=uan en=en,eng"
)
_WADE_WHOLE = table(
    "zhi=chih,chi,jyh chi=chih,chi,chyh shi=shih,shi,shyh ri=jih,jyh zi=tzu,tsu,tze,tzyy ci=tzu,tsu,tsz"
    " si=ssu,szu,su,sy ge=ko,ke,ker ke=ko,ke he=ho,he,her e=o,e,eh,erh er=erh,er gui=kuei,kui kui=kuei,kui"
    " guo=kuo,ko duo=to luo=lo nuo=no tuo=to zuo=tso,tzuo cuo=tso suo=so ruo=jo,juo zhuo=cho,chuo"
    " chuo=cho,chuo shuo=shuo,sho kuo=kuo huo=huo,ho yi=i,yi,ih ye=yeh,ye yan=yen,yan you=yu,you,yeou"
    " yong=yung,yong yu=yu,yuh yue=yueh,yue yuan=yuan,yuen yun=yun ju=chu,jiu qu=chu,chiu xu=hsu,shiu"
    " jue=chueh,chue que=chueh,chue xue=hsueh,hsue,shiue juan=chuan,chiuan quan=chuan,chiuan"
    " xuan=hsuan,shiuan,suan jun=chun,jiun qun=chun,chiun xun=hsun,shiun xi=hsi,shi,shyi dong=tung,dong"
    " zhe=che,tse,je,jer,tseh che=che she=she re=je,jeh lv=lu,lyu,leu nv=nu,nyu lve=lueh,liao nve=nueh"
    " de=te,teh te=te ze=tse ce=tse se=se bo=po po=po mo=mo fo=fo o=o weng=weng,wong bai=pai,pei pei=pei"
)
_UMLAUT = {
    "lv": ("lu", "lyu", "lv", "lui"),
    "nv": ("nu", "nyu", "nv"),
    "lve": ("lue", "lve"),
    "nve": ("nue", "nve"),
}


def pinyin(syllable: str, mandarin: str = "") -> tuple[str, ...]:
    """Spell one syllable as passports of the mainland and Singapore do, for ü too."""
    del mandarin
    return _UMLAUT.get(syllable, (syllable,))


def wade(syllable: str, mandarin: str = "") -> tuple[str, ...]:
    """Spell one syllable by Wade-Giles without marks, with the slips that passports carry."""
    del mandarin
    if syllable in _WADE_WHOLE:
        return _WADE_WHOLE[syllable]
    head, tail = cut(_HEADS, syllable)
    return combine((_WADE_HEADS[head], _WADE_TAILS.get(tail, (tail,))))
