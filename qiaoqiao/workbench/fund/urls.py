"""Addresses of the relief fund."""

from django.urls import URLPattern, path

from qiaoqiao.workbench.fund import books, givingback, governing, grants, overview, payments, rounds

urlpatterns: list[URLPattern] = [
    path("fund/", overview.overview, name="staff_fund"),
    path("fund/new/", overview.new, name="staff_fund_new"),
    path("fund/settings/", overview.settings, name="staff_fund_settings"),
    path("fund/grants/", grants.grants, name="staff_fund_grants"),
    path("fund/grants/new/", grants.new, name="staff_fund_grant_new"),
    path("fund/grants/<uuid:grant_id>/", grants.page, name="staff_fund_grant"),
    path("fund/grants/<uuid:grant_id>/<slug:step_id>/", grants.step, name="staff_fund_grant_step"),
    path("fund/cases/<str:reference>/", governing.of_case, name="staff_fund_case"),
    path("fund/payees/", payments.to_call, name="staff_fund_payees"),
    path("fund/payees/<uuid:payee_id>/call/", payments.call, name="staff_fund_call"),
    path("fund/lists/", payments.lists, name="staff_fund_lists"),
    path("fund/lists/<uuid:list_id>/", payments.list_page, name="staff_fund_list"),
    path("fund/lists/<uuid:list_id>/bank.csv", payments.export, name="staff_fund_export"),
    path("fund/lists/<uuid:list_id>/list.pdf", payments.list_paper, name="staff_fund_list_paper"),
    path("fund/lists/<uuid:list_id>/<slug:step_id>/", payments.list_step, name="staff_fund_list_step"),
    path("fund/payments/<uuid:payment_id>/receipt.bin", payments.receipt, name="staff_fund_receipt"),
    path("fund/payments/<uuid:payment_id>/<slug:step_id>/", payments.payment, name="staff_fund_payment"),
    path("fund/vouchers/<uuid:entry_id>/reverse/", books.reverse_entry, name="staff_fund_reverse"),
    path("fund/sources/<uuid:source_id>/back/", givingback.ask, name="staff_fund_give_back"),
    path("fund/backs/<uuid:back_id>/<slug:step_id>/", givingback.decide, name="staff_fund_back"),
    path("fund/rounds/", rounds.rounds, name="staff_fund_rounds"),
    path("fund/rounds/<uuid:round_id>/", rounds.page, name="staff_fund_round"),
    path("fund/rounds/<uuid:round_id>/route.pdf", rounds.route, name="staff_fund_route"),
    path("fund/rounds/<uuid:round_id>/<slug:step_id>/", rounds.step, name="staff_fund_round_step"),
    path("fund/of/<slug:fund_code>/books/", books.books, name="staff_fund_books"),
    path("fund/of/<slug:fund_code>/books.csv", books.books_csv, name="staff_fund_books_csv"),
    path("fund/of/<slug:fund_code>/sources/", books.sources, name="staff_fund_sources"),
    path("fund/of/<slug:fund_code>/receive/<slug:what>/", books.receive, name="staff_fund_receive"),
    path("fund/of/<slug:fund_code>/lists/new/", payments.new_list, name="staff_fund_list_new"),
    path("fund/of/<slug:fund_code>/rounds/new/", rounds.new, name="staff_fund_round_new"),
]
