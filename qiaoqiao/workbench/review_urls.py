"""Addresses of the review of pairs; they stand before the numbers of files."""

from django.urls import URLPattern, path

from qiaoqiao.workbench import review, reviewweights

urlpatterns: list[URLPattern] = [
    path("people/review/", review.pairs, name="staff_review"),
    path("people/review/weights/", reviewweights.weights, name="staff_review_weights"),
    path("people/review/<uuid:proposal_id>/", review.pair, name="staff_review_pair"),
    path("people/<str:number>/merges/<uuid:merge_id>/undo/", review.undo, name="staff_merge_undo"),
]
