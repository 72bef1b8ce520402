"""Plans and activities at the desk: planned against done, sign-ups, who came, minutes, photos, materials."""
