"""Addresses of plans and activities."""

from django.urls import URLPattern, path

from qiaoqiao.workbench.activities import attending, files, listing, page, plans, steps

ACTIVITY = "activities/<uuid:activity_id>/"
PLAN = "activities/plans/<uuid:plan_id>/"
urlpatterns: list[URLPattern] = [
    path("activities/", listing.activities, name="staff_activities"),
    path("activities/new/", steps.new, name="staff_activity_new"),
    path("activities/plans/", plans.plans, name="staff_plans"),
    path(PLAN, plans.plan, name="staff_plan"),
    path(f"{PLAN}approve/", plans.approve, name="staff_plan_approve"),
    path(f"{PLAN}items/<uuid:item_id>/remove/", plans.remove, name="staff_plan_remove"),
    path("activities/check-in/<str:token>/", attending.check_in, name="staff_check_in"),
    path(ACTIVITY, page.page, name="staff_activity"),
    path(f"{ACTIVITY}attendance/", attending.attendance, name="staff_attendance"),
    path(f"{ACTIVITY}photos/<uuid:photo_id>/", files.photo, name="staff_photo"),
    path(f"{ACTIVITY}photos/<uuid:photo_id>/consent/", files.consent, name="staff_photo_consent"),
    path(f"{ACTIVITY}materials/<uuid:material_id>/", files.material, name="staff_material"),
    path(f"{ACTIVITY}add/photo/", files.add_photo, name="staff_photo_add"),
    path(f"{ACTIVITY}add/material/", files.add_material, name="staff_material_add"),
    path(f"{ACTIVITY}<slug:step_id>/", steps.step, name="staff_activity_step"),
]
