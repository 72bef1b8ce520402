import pytest
from django.test import Client
from tests.cast import Town
pytestmark=pytest.mark.django_db

def test_pages(town, visitor):
    for url in ["/","/find/?q=我想回老家落户","/find/?q=zzzz","/services/","/services/settlement/","/services/settlement/?nationality=foreign","/services/settlement/?nationality=chinese&if_settle_kind=spouse","/services/settlement/dates/correction/","/services/settlement/picture/","/services/settlement/picture.svg","/offices/","/offices/?place=440781","/about/"]:
        r = visitor.get(url)
        print(r.status_code, url, len(r.content))
        assert r.status_code==200
    r=visitor.post("/services/settlement/apply/")
    print(r.status_code, r.headers.get("Location"), r.cookies)
    r=visitor.get(r.headers["Location"]); print(r.status_code, len(r.content))
    r=visitor.get("/"); assert "继续填写" in r.content.decode()
