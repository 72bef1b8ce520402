"""Everything that changes schedules, slots, bookings and the waiting list."""
