"""Knowledge (问答库): questions and answers with sources, owners and dates they hold."""
