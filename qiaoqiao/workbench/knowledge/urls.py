"""Addresses of the answers an office keeps, and of citing one in a case."""

from django.urls import URLPattern, path

from qiaoqiao.workbench.knowledge import answers, citing

AREA, CASE = "questions/", "cases/<str:reference>/answers/"
urlpatterns: list[URLPattern] = [
    path(AREA, answers.listed, name="staff_questions"),
    path(f"{AREA}new/", answers.new, name="staff_question_new"),
    path(f"{AREA}<uuid:answer_id>/", answers.page, name="staff_question"),
    path(f"{AREA}<uuid:answer_id>/change/", answers.rewrite, name="staff_question_change"),
    path(f"{AREA}<uuid:answer_id>/<slug:step>/", answers.act, name="staff_question_step"),
    path(CASE, citing.choose, name="staff_case_answers"),
    path(f"{CASE}<uuid:answer_id>/", citing.send, name="staff_case_cite"),
    path(f"{CASE}from/<uuid:message_id>/", citing.from_message, name="staff_case_answer_from"),
]
