"""Addresses of activities."""

from django.urls import URLPattern, path

from qiaoqiao.portal import activities, own_signup

ONE = "activities/<uuid:activity_id>/"
OWN = "activities/signup/<str:token>/"
urlpatterns: list[URLPattern] = [
    path("activities/", activities.activities, name="portal_activities"),
    path(OWN, own_signup.own_signup, name="portal_own_signup"),
    path(f"{OWN}cancel/", own_signup.cancel, name="portal_own_signup_cancel"),
    path(ONE, activities.activity, name="portal_activity"),
    path(f"{ONE}received/", activities.received, name="portal_activity_received"),
    path(f"{ONE}poster/", activities.poster, name="portal_activity_poster"),
    path(f"{ONE}calendar.ics", activities.calendar_file, name="portal_activity_calendar"),
    path(f"{ONE}photos/<uuid:photo_id>/", activities.public_photo, name="portal_activity_photo"),
    path(f"{ONE}materials/<uuid:material_id>/", activities.public_material, name="portal_activity_material"),
]
