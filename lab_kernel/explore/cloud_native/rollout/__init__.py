"""The explorables of the chapter on rolling updates, in the order of its page.

surge       old and new pods during an update, the ready ones against floor and ceiling
probes      a program that starts slowly, and the probes that wait for it or kill it
shutdown    the race at the end of a pod: SIGTERM against the news for the gateway
update      requests during an update, with a node lost in its middle
spike       a rush of requests, and what a liveness probe makes of it
wording     what their sentences and pictures share
"""
