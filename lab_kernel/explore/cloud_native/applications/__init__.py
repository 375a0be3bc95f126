"""The explorables of the chapter on cloud-native applications, in the order of its page.

coupling      one service hangs, and how many others fail
chain         availability of services in a row
audit         which of the twelve factors an application fails
sessions      replicas of that application, and the carts they lose
delivery      a release train against independent delivery, with DORA's metrics
environments  one specification in three environments
"""
