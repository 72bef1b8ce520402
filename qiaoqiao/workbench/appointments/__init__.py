"""Appointments at the office's own desk: day sheet, week, bookings, waiting list, schedules, calendars."""
