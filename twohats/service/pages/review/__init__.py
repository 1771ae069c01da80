"""Reading clauses of comments: queues, a form of one stroke a label, second readers, and how well all agree."""
