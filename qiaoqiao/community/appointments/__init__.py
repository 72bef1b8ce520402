"""Appointments (预约): slots that offices publish, bookings, waiting lists, calendars."""
