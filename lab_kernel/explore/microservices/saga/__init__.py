"""The explorables of the chapter on sagas, in the order of its page.

crash       one order by four methods, and a crash before any of its steps
between     what others read while it is under way
duplicates  a charge that is asked for twice, with and without a key
outbox      a row and an event, and a crash between them
wording     what their sentences and pictures share
"""
