import os, pytest
from tests.portal.following import *
from tests.portal.forms import photograph
from tests.portal.test_answering import both
from pathlib import Path
pytestmark = pytest.mark.browser
AXE = Path("node_modules/axe-core/axe.min.js").read_text()
OUT=Path("/tmp/shots2"); OUT.mkdir(exist_ok=True)
SMALL = """(least) => [...document.querySelectorAll('a[href],button,summary,input:not([type=hidden]),select,textarea')]
  .filter(e => e.offsetParent !== null && !e.closest('p,.govuk-details__text') && !e.matches('.govuk-skip-link'))
  .map(e => { const l = e.matches('input[type=checkbox],input[type=radio]') && e.closest('label'); return l || e; })
  .map(e => [e, e.getBoundingClientRect()])
  .filter(([e, b]) => b.height < least - 0.5 || b.width < 44 - 0.5)
  .map(([e, b]) => `${e.className || e.tagName} ${e.textContent.trim().slice(0, 12)} ${Math.round(b.width)}x${Math.round(b.height)}`)"""
@pytest.mark.parametrize("language", os.environ.get("LOOK_LANG","zh-hans,es").split(","))
@pytest.mark.parametrize("width", [int(w) for w in os.environ.get("LOOK_W","390,1280").split(",")])
@pytest.mark.parametrize("view", os.environ.get("LOOK_V","normal").split(","))
def test_look(open_page, served_town, settings, width, language, view):
    settings.DEMO=True
    town=served_town
    case=filed(days_ago=40)
    act(town.officer_chen, case, "one_time_notice", at=timezone.now()-timedelta(days=30), missing=["travel_record","stay_proof"], supplement_by="2027-03-20", note="请一次补齐，并附译文。")
    page=open_page("/track/?ref="+case.reference, width, language=language, view=view)
    n=[0]
    def shot(name):
        n[0]+=1
        page.screenshot(path=f"{OUT}/{language}-{width}-{view}-{n[0]:02d}-{name}.png", full_page=True)
        page.evaluate(AXE)
        found = page.evaluate("axe.run(document, {rules:{'target-size':{enabled:true},'color-contrast-enhanced':{enabled:true}}})")
        for one in found["violations"]:
            for node in one["nodes"]: print("AXE", language, width, name, one["id"], node["html"][:200])
        sw=page.evaluate("document.documentElement.scrollWidth")
        if sw>width: print("WIDE", name, sw)
        for s in page.evaluate(SMALL, 44): print("SMALL", name, s)
    shot("track")
    page.click("main form button"); page.wait_for_load_state(); shot("code")
    right=code_mailed(case)
    page.fill("#id_code","000001"); page.click("main form[action$='code/'] button"); page.wait_for_load_state(); shot("wrong")
    page.goto(page.url.split("/track")[0]+"/demo/mailbox/?ref="+case.reference); shot("mailbox")
    page.goto(page.url.split("/demo")[0]+"/track/code/?ref="+case.reference)
    page.fill("#id_code",right); page.click("main form[action$='code/'] button"); page.wait_for_load_state(); shot("case-waiting")
    base=page.url
    with acting(as_staff(town.officer_chen), epoch=now_epoch()):
        from qiaoqiao.casework.actions.talking import say
        say(case.pk, "请问您哪天回国？我们好安排核查。", language="zh-hans", actor=as_staff(town.officer_chen), at=timezone.now())
    page.goto(base+"notices/%s/"%papers(case,kind="one_time_notice")[0].pk); shot("notice")
    page.goto(base+"steps/supplement/"); shot("supplement")
    page.set_input_files("#file_travel_record", [{"name":"出入境记录.jpg","mimeType":"image/jpeg","buffer":photograph().read()}])
    page.set_input_files("#file_stay_proof", [{"name":"setup.pdf","mimeType":"application/pdf","buffer":b"MZ..."}])
    page.click("main form button >> nth=0"); page.wait_for_load_state(); shot("supplement-error")
    page.set_input_files("#file_stay_proof", [{"name":"居留.jpg","mimeType":"image/jpeg","buffer":photograph().read()}])
    page.click("main form button >> nth=0"); page.wait_for_load_state(); shot("case-supplemented")
    page.goto(base+"messages/"); page.fill("#id_body", "Llego el 3 de diciembre. 谢谢 𠮷"); page.click("main form button"); page.wait_for_load_state(); shot("messages")
    act(town.officer_chen, case, "ask_again", missing=["photo"], supplement_by="2027-03-20")
    page.goto(base); shot("case-fault")
    page.goto(base+"dates/correction/1/"); shot("dates")
    page.goto(base+"steps/withdraw/"); shot("withdraw")
    refused(town, case)
    page.goto(base); shot("case-done")
    page.goto(base+"rating/"); shot("rating")
    page.goto(base+"not-solved/"); page.fill("#id_reason","没有"); page.click("main form button"); page.wait_for_load_state(); shot("not-solved")
    page.goto(base.replace(case.reference,"QQ26-0000-000")); shot("not-yours")
