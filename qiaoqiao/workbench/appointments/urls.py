"""Addresses of the office's appointments."""

from django.urls import URLPattern, path

from qiaoqiao.workbench.appointments import bookings, changing, daysheet, feeds, schedules

AREA = "appointments/"
urlpatterns: list[URLPattern] = [
    path(AREA, daysheet.day, name="staff_appointments"),
    path(f"{AREA}week/", daysheet.week, name="staff_appointments_week"),
    path(f"{AREA}close-day/", daysheet.close_day, name="staff_appointments_close_day"),
    path(f"{AREA}slots/<uuid:slot_id>/", daysheet.open_slot, name="staff_appointment_slot"),
    path(f"{AREA}slots/<uuid:slot_id>/book/", bookings.new, name="staff_appointment_book"),
    path(f"{AREA}list/", bookings.listed, name="staff_appointments_list"),
    path(f"{AREA}waiting/", bookings.waiting, name="staff_appointments_waiting"),
    path(f"{AREA}schedules/", schedules.listed, name="staff_schedules"),
    path(f"{AREA}schedules/new/", schedules.new, name="staff_schedule_new"),
    path(f"{AREA}schedules/<uuid:schedule_id>/", schedules.change, name="staff_schedule"),
    path(f"{AREA}schedules/<uuid:schedule_id>/publish/", schedules.put_up, name="staff_schedule_publish"),
    path(f"{AREA}calendar/", feeds.page, name="staff_appointments_feeds"),
    path(f"{AREA}calendar/<uuid:feed_id>/revoke/", feeds.stop, name="staff_appointments_feed_revoke"),
    path(f"{AREA}<uuid:booking_id>/", bookings.page, name="staff_booking"),
    path(f"{AREA}<uuid:booking_id>/mark/", changing.came, name="staff_booking_mark"),
    path(f"{AREA}<uuid:booking_id>/move/", changing.change, name="staff_booking_move"),
    path(f"{AREA}<uuid:booking_id>/cancel/", changing.drop, name="staff_booking_cancel"),
]
