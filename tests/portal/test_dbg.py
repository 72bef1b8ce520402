from tests.portal.following import *
from tests.cast import Town
from qiaoqiao.access.tickets import person, PUBLIC
from django.db import connection, connections, transaction
import pytest, psycopg
def upd(name, case, who, lock=None, sp=False):
    with acting(who, epoch=now_epoch()):
        with transaction.atomic():
            with connection.cursor() as c:
                if lock:
                    if sp: c.execute("savepoint a")
                    c.execute(f"select id, ctid, xmax from casework_case where id=%s for {lock}", [case.pk]); r=c.fetchall()
                    if sp: c.execute("release savepoint a")
                c.execute("update casework_case set rating=1 where id=%s", [case.pk]); print(name, lock, sp, c.rowcount)
                transaction.set_rollback(True)
def test_real(transactional_db, visitor, monkeypatch, databases):
    town=Town(); case=filed(); refused(town, case); prove(visitor, case)
    try: print(visitor.post(f"/cases/{case.reference}/rating/", {"rating":"2","remark":"x","reason":"ff"}).status_code)
    except BaseException as e: print("FAILED", repr(e))
    for who in (person(case.pk), SYSTEM, as_staff(town.officer_chen)):
        for lock in (None,"update","key share"):
            for sp in (False,True): upd(who.kind, case, who, lock, sp)
    assert 0
