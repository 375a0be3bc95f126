"""Cloud native: a fleet of machines that is kept as it was declared.

In reading order:

    objects         what can be declared: deployments, pods, services ... and their fields
    documents       YAML as Kubernetes reads it, with line numbers
    manifest        from a file to objects, or to one line that says what is wrong
    rules, beyond   what must hold between fields; fields that are not simulated
    behaviour       what the program in a pod does, from annotations
    store           the one place where the state is written down
    controller      the loop: observe, compare, act
    controllers     one file each: deployments, replica sets, scheduler, nodes ...
    kubelet         the loop on each node, and below it:
    pod_worker        a pod, its probes, its end
    container         one container, again and again
    probes            has it started, is it ready, is it alive?
    host              the machine of the kernel under it, with control groups and namespaces
    program           the program that serves, and its shim
    listener          the socket it reads requests from
    caller            and the ones through which it asks others
    proxy           service discovery on each node
    network         the way of a request to a pod, and back
    record          all of it in one Trace
    cluster         the front door: core, kubectl (what a person does), faults (what goes wrong)
    scenarios       faults with a name
    placement       which node gets a pod
    autoscale       how many pods a load asks for
"""
