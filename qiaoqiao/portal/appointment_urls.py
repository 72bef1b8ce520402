"""Addresses of appointments: choosing a time, one's own booking, the waiting list, calendars."""

from django.urls import URLPattern, path

from qiaoqiao.portal import appointment_form, appointments, case_appointments, own_appointment, own_waiting

urlpatterns: list[URLPattern] = [
    path("appointments/", appointments.choose, name="portal_appointments"),
    path("appointments/at/<uuid:schedule_id>/", appointments.times, name="portal_appointment_times"),
    path(
        "appointments/at/<uuid:schedule_id>/waiting/", appointment_form.wait, name="portal_appointment_wait"
    ),
    path(
        "appointments/at/<uuid:schedule_id>/<uuid:slot_id>/",
        appointment_form.details,
        name="portal_appointment_details",
    ),
    path("appointments/mine/<str:token>/", own_appointment.page, name="portal_appointment"),
    path("appointments/mine/<str:token>/move/", own_appointment.change, name="portal_appointment_move"),
    path("appointments/mine/<str:token>/cancel/", own_appointment.give_up, name="portal_appointment_cancel"),
    path(
        "appointments/mine/<str:token>/calendar.ics",
        own_appointment.calendar_file,
        name="portal_appointment_ics",
    ),
    path("appointments/waiting/<str:token>/", own_waiting.page, name="portal_waiting"),
    path("appointments/waiting/<str:token>/accept/", own_waiting.take, name="portal_waiting_accept"),
    path("appointments/waiting/<str:token>/leave/", own_waiting.go, name="portal_waiting_leave"),
    path("appointments/feeds/<str:token>/calendar.ics", own_waiting.feed, name="portal_appointment_feed"),
    path("cases/<str:reference>/appointments/", case_appointments.page, name="portal_case_appointments"),
    path(
        "cases/<str:reference>/appointments/feed/",
        case_appointments.subscribe,
        name="portal_case_appointments_feed",
    ),
]
