"""Hakka as it was written in Borneo, Malaya, the Indies and the Caribbean, from church romanisation."""

from .rewrite import combine, cut, cutter, table

_HEADS = cutter("chh ch ph th kh ng ny p m f v t n l k h s y")

_SPELT_HEADS = table(
    "p=p,b ph=ph,p m=m f=f v=v,w,b t=t,d th=th,t n=n l=l k=k,g kh=kh,k ng=ng ny=ny,ng,n,y h=h ch=ch,ts,j"
    " chh=ch,ts,tsh s=s,sh y=y,j -=-"
)
_SPELT_TAILS = table(
    "ii=ze,ee,u,i,oo ien=ien,ian,en,een iet=iet,iat,et eu=eu,ew,iew,eow iu=iu,iew,ew iau=iau,iew,eow,iaw"
    " au=au,ow u=u,oo i=i,ee,ie oi=oi,oy ui=ui,wui,oi,wee un=un,oon ung=ung,oong,ong iung=iung,iong,ung"
    " iong=iong,eong,ong uk=uk,ook,ok iuk=iuk,iook,uk o=o,oh,ow a=a,ah e=e,eh,ee ong=ong ok=ok,ock"
    " in=in,een iun=iun,un,ioon oa=wa,ua,wah oai=wai,uai oan=wan,uan oat=wat,uat oang=wang oen=wen,uen"
    " oet=wet,uet,et ia=ia,iah,ea im=im it=it,eet ip=ip iam=iam,eam iap=iap,eap et=et,eck,ek,eat ak=ak,ack"
    " m=ng,n ng=ng,n yun=yun,yoon at=at,att ap=ap,app"
)
_Y_TAILS = table(
    "i=ee,i,ie in=in,een en=en,ian,een an=an ong=ong,eong au=au,ow,ew ung=ung,ong,oong uk=uk,ook,ok"
    " u=u,ew,iew,oo im=im it=it,eet et=et,at iun=un,oon,in iu=ew,u,iu,iew iung=ung,oong iuk=uk,ook"
    " un=un,oon"
)


def hakka(syllable: str, mandarin: str = "") -> tuple[str, ...]:
    """Spell one Hakka syllable, aspirated or not, as the registrars heard it."""
    del mandarin
    if syllable in {"m", "ng"}:
        return ("ng", "eng", "um")
    head, tail = cut(_HEADS, syllable)
    if tail == "ii":
        return _apical(head)
    if head == "y":
        heads = ("y", "") if tail.startswith("i") else ("y", "j")
        return combine((heads, _Y_TAILS.get(tail, (tail,))))
    return combine((_SPELT_HEADS[head], _SPELT_TAILS.get(tail, (tail,))))


def _apical(head: str) -> tuple[str, ...]:
    if head == "s":
        return ("sze", "su", "see", "soo", "shi", "si", "sz")
    return ("chi", "chee", "tze", "tsu", "chu", "choo", "che", "tsz")
