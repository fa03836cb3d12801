"""The checks between a form and the queue, one small function each; `policy` has their order.

`case` what they look at; `senders` who sends; `words` and `links` what is said; `times` when.
"""
