"""The pools of people at the desk: figures, lists, a member, nominating, each step, rota, training, ending terms."""
