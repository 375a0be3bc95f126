"""One order that touches three services, each with data of its own.

In reading order:

    world         one step after another, and a crash before any of them
    store         a service's own database: transactions, locks, what a crash leaves
    shop          what an order changes, and whether it all adds up
    transaction   the order in one database
    two_phase     several databases that decide together
    idempotency   a service that may be asked the same thing twice
    wire          a network that loses and repeats
    saga          one transaction after another, each with one that takes it back
    choreography  the same without anybody who leads it
    outbox        a row and an event that belong together
    between       what others see, and overwrite, in the meantime
    on_cluster    the saga as programs in pods
"""
