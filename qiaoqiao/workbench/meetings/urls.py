"""Addresses of joint meetings and of the green channel's audit."""

from django.urls import URLPattern, path

from qiaoqiao.workbench import green
from qiaoqiao.workbench.meetings import agenda, deciding, listing, meeting, minuting, papers, planning

ONE = "meetings/<uuid:meeting_id>/"
urlpatterns: list[URLPattern] = [
    path("meetings/", listing.meetings, name="staff_meetings"),
    path("meetings/new/", planning.new, name="staff_meeting_new"),
    path("meetings/follow-up/", listing.follow_up, name="staff_follow_up"),
    path(ONE, meeting.meeting, name="staff_meeting"),
    path(f"{ONE}change/", planning.edit, name="staff_meeting_change"),
    path(f"{ONE}invite/", planning.invite_more, name="staff_meeting_invite"),
    path(f"{ONE}cancel/", planning.call_off, name="staff_meeting_cancel"),
    path(f"{ONE}answer/", planning.reply, name="staff_meeting_answer"),
    path(f"{ONE}agenda/", agenda.agenda, name="staff_agenda"),
    path(f"{ONE}agenda/<uuid:item_id>/off/", agenda.off, name="staff_agenda_off"),
    path(f"{ONE}agenda/<uuid:item_id>/resolve/", deciding.resolve, name="staff_resolve"),
    path(f"{ONE}attendance/", minuting.attendance, name="staff_meeting_attendance"),
    path(f"{ONE}minutes/", minuting.minutes, name="staff_minutes"),
    path(f"{ONE}minutes/approve/", minuting.approved, name="staff_minutes_approve"),
    path(f"{ONE}minutes.pdf", papers.minutes_paper, name="staff_minutes_paper"),
    path(f"{ONE}meeting.ics", papers.hour, name="staff_meeting_hour"),
    path("resolutions/<uuid:resolution_id>/withdraw/", deciding.take_back, name="staff_resolution_withdraw"),
    path("resolutions/<uuid:resolution_id>/report/", deciding.report, name="staff_resolution_report"),
    path("green-channel/", green.green_channel, name="staff_green_channel"),
    path("cases/<str:reference>/meetings/", agenda.bring, name="staff_case_meetings"),
]
