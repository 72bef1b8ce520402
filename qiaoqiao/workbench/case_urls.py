"""Addresses of the case page, its moves and the intake."""

from django.urls import URLPattern, path

from qiaoqiao.workbench import casepage, dates, intake, messages, moving, papers, seats, tasks, texts

CASE = "cases/<str:reference>/"
urlpatterns: list[URLPattern] = [
    path(CASE, casepage.case, name="staff_case"),
    path(f"{CASE}moves/<str:move_id>/", moving.make_move, name="staff_move"),
    path(f"{CASE}dates/<str:limit>/<int:round_>/", dates.reached, name="staff_date"),
    path(f"{CASE}messages/", messages.message, name="staff_message"),
    path(f"{CASE}look/", messages.second_look, name="staff_look"),
    path(f"{CASE}seats/<str:seat>/accept/", seats.accept_seat, name="staff_seat_accept"),
    path(f"{CASE}seats/<str:seat>/decline/", seats.decline_seat, name="staff_seat_decline"),
    path(f"{CASE}seats/<str:seat>/hand/", seats.hand_over, name="staff_hand"),
    path(f"{CASE}tasks/", tasks.give, name="staff_task_give"),
    path(f"{CASE}tasks/<str:seat>/take/", tasks.take, name="staff_task_take"),
    path(f"{CASE}tasks/<str:seat>/answer/", tasks.answer, name="staff_task_answer"),
    path(f"{CASE}tasks/<str:seat>/decline/", tasks.decline, name="staff_task_decline"),
    path(f"{CASE}tasks/<str:seat>/withdraw/", tasks.withdraw, name="staff_task_withdraw"),
    path(f"{CASE}papers/<uuid:paper_id>/", papers.read_paper, name="staff_paper"),
    path(f"{CASE}papers/<uuid:paper_id>/verdict/", papers.judge_paper, name="staff_paper_judge"),
    path(f"{CASE}papers/<uuid:paper_id>/ways/<uuid:delivery_id>/", papers.serve_paper, name="staff_serve"),
    path("intake/", intake.intake, name="staff_intake"),
    path("intake/<str:reference>/done/", intake.taken, name="staff_taken"),
    path("intake/<str:reference>/papers/<uuid:paper_id>/", intake.taken_receipt, name="staff_taken_receipt"),
    path("texts/", texts.standard_texts, name="staff_texts"),
    path("texts/<int:text_id>/drop/", texts.drop_standard_text, name="staff_text_drop"),
]
