from tests.portal.following import *
from django.db import connection, transaction
from qiaoqiao.casework.actions import grounds
from qiaoqiao.casework.models import Case as C
import pytest
def q(sql, *a):
    with connection.cursor() as c:
        c.execute(sql, a); return c.fetchall()
@pytest.mark.parametrize("what",["rating","not"])
def test_x(town, visitor, what, monkeypatch):
    case=filed(); refused(town, case); prove(visitor, case)
    real=C.save
    def save(self,*a,**k):
        print("TICKET", q("select current_setting('qiaoqiao.ticket'), qq_kind(), qq_cases(), clock_timestamp(), extract(epoch from clock_timestamp())"))
        print("SEEN", q("select count(*) from casework_case where id=%s", self.pk), q("select xmin,xmax,ctid,txid_current() from casework_case where id=%s", self.pk))
        try:
            with transaction.atomic():
                for r in q("explain analyze update casework_case set rating=2 where id=%s", self.pk): print(r[0])
                transaction.set_rollback(True)
        except Exception as e: print(e)
        return real(self,*a,**k)
    monkeypatch.setattr(C,"save",save)
    try:
        print(visitor.post(f"/cases/{case.reference}/"+("rating/" if what=="rating" else "not-solved/"), {"rating":"2","remark":"x","reason":"ff"}))
    except Exception as e: print(repr(e))
    assert 0
