"""The Littlest JupyterHub: /opt/tljh/config/jupyterhub_config.d/classroom.py, what YAML cannot say.

After a change: sudo tljh-config reload hub
"""

c = get_config()  # noqa: F821  (JupyterHub defines it)

c.JupyterHub.concurrent_spawn_limit = 10
c.JupyterHub.active_server_limit = 40  # as many as the machine's memory was bought for
c.Spawner.start_timeout = 120
c.Spawner.args = [
    "--MappingKernelManager.cull_idle_timeout=1800",
    "--MappingKernelManager.cull_interval=120",
    "--MappingKernelManager.cull_connected=True",
]
c.SystemdSpawner.isolate_tmp = True
c.SystemdSpawner.isolate_devices = True
c.SystemdSpawner.disable_user_sudo = True
